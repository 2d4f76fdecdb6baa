import type { Mistake, Path } from './problem.ts'

/** A value that goes before what the file says. */
export interface ConfigOverride {
  readonly path: Path
  /** As it would stand in the file. Lists and mappings are replaced whole. */
  readonly value: unknown
  /** What people know it by: the option or the variable that states it. */
  readonly origin: string
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

class GapError extends Error {}

function put(tree: unknown, [key, ...below]: Path, value: unknown): unknown {
  if (key === undefined) return value
  if (typeof key === 'string') {
    const before = isMapping(tree) ? tree : {}
    return Object.fromEntries([...Object.entries(before), [key, put(before[key], below, value)]])
  }
  const before: readonly unknown[] = Array.isArray(tree) ? tree : []
  if (key > before.length) throw new GapError(`there are ${String(before.length)} before it`)
  return [...before.slice(0, key), put(before[key], below, value), ...before.slice(key + 1)]
}

/** What is left of a tree after overrides, the later ones over the earlier, and those that do not fit. */
export function applyOverrides(
  tree: unknown,
  overrides: readonly ConfigOverride[],
): { readonly tree: unknown; readonly mistakes: readonly Mistake[] } {
  const mistakes: Mistake[] = []
  let result = tree
  for (const { path, value, origin } of overrides) {
    try {
      result = put(result, path, value)
    } catch (error) {
      if (!(error instanceof GapError)) throw error
      const message = `It names an item of a list, and ${error.message}.`
      mistakes.push({ path, message, advice: 'Number items from 0 without a gap.', origin })
    }
  }
  return { tree: result, mistakes }
}
