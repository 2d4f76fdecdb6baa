import { readdir, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve, sep } from 'node:path'
import { isNamedOtherwise } from './file-kind.ts'
import { problemOf, type SourceProblem } from './problem.ts'

/** A file that may hold logs or notifications. */
export interface FoundFile {
  readonly path: string
  /** Folders of the path as it was named. */
  readonly given: readonly string[]
  /** Folders below, and the file's name. */
  readonly below: readonly string[]
  readonly size: number
  readonly modifiedMs: number
  /** Whether it was named itself: then it is read whatever it is called. */
  readonly isNamed: boolean
}

/** A file that is not read, and why. */
export interface SkippedFile {
  readonly path: string
  readonly reason: string
}

export interface Found {
  readonly files: readonly FoundFile[]
  readonly skipped: readonly SkippedFile[]
  readonly problems: readonly SourceProblem[]
}

/** Deeper than any layout; ends circles of symbolic links. */
const MAX_DEPTH = 40

interface Walk {
  readonly files: FoundFile[]
  readonly skipped: SkippedFile[]
  readonly problems: SourceProblem[]
  /** Device and inode of what was found: one file under two names, or named twice, is read once. */
  readonly seen: Set<string>
}

interface Step {
  readonly path: string
  readonly given: readonly string[]
  readonly below: readonly string[]
  readonly isNamed: boolean
}

async function visitFolder(walk: Walk, step: Step): Promise<void> {
  const names = await readdir(step.path)
  for (const name of names.sort()) {
    if (name.startsWith('.')) continue
    await visit(walk, { ...step, path: join(step.path, name), below: [...step.below, name], isNamed: false })
  }
}

function addFile(walk: Walk, step: Step, found: { readonly size: number; readonly mtimeMs: number }): void {
  const name = basename(step.path)
  if (!step.isNamed && isNamedOtherwise(name)) {
    walk.skipped.push({ path: step.path, reason: 'its name is not one of a log' })
  } else if (found.size === 0) {
    const problem = { path: step.path, what: 'it is empty', advice: 'Nothing is to be read of it.' }
    walk.problems.push({ severity: step.isNamed ? 'error' : 'note', ...problem })
  } else {
    const { path, given, isNamed } = step
    const below = step.below.length === 0 ? [name] : step.below
    walk.files.push({ path, given, below, size: found.size, modifiedMs: found.mtimeMs, isNamed })
  }
}

async function visit(walk: Walk, step: Step): Promise<void> {
  try {
    const found = await stat(step.path)
    const identity = `${found.dev}:${found.ino}`
    if (walk.seen.has(identity)) return
    walk.seen.add(identity)
    if (found.isDirectory() && step.below.length < MAX_DEPTH) await visitFolder(walk, step)
    else if (found.isFile()) addFile(walk, step, found)
    else walk.skipped.push({ path: step.path, reason: 'it is neither a file nor a folder' })
  } catch (cause) {
    walk.problems.push(problemOf(step.path, cause))
  }
}

function foldersOf(path: string): readonly string[] {
  return resolve(path)
    .split(sep)
    .filter(folder => folder !== '')
}

/** Finds every file in some files and folders, in the same order whatever the order they were named in. */
export async function findFiles(paths: readonly string[]): Promise<Found> {
  const walk: Walk = { files: [], skipped: [], problems: [], seen: new Set() }
  for (const path of [...paths].sort()) {
    const before = walk.files.length + walk.skipped.length + walk.problems.length
    const isFolder = await stat(path)
      .then(found => found.isDirectory())
      .catch(() => false)
    await visit(walk, { path, given: foldersOf(isFolder ? path : dirname(path)), below: [], isNamed: true })
    if (isFolder && walk.files.length + walk.skipped.length + walk.problems.length === before) {
      const problem = { path, what: 'there is nothing to read in it', advice: 'Check the path.' }
      walk.problems.push({ severity: 'warning', ...problem })
    }
  }
  return walk
}
