import { readdirSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { rotationOf } from '../place.ts'
import { identityOf } from './regular-file.ts'
import { isPackedName } from './search.ts'

/** A file that rotation may have made of a log. */
export interface Sibling {
  readonly identity: string
  readonly path: string
  readonly modifiedMs: number
}

/** Names one log with all that rotation makes of it: its folder and its name without numbers and dates. */
export function rotationGroupOf(realPath: string): string {
  return join(dirname(realPath), rotationOf(basename(realPath)).group)
}

/** The older of two files of one log comes first. */
export function byRotation(one: { readonly path: string }, other: { readonly path: string }): number {
  return rotationOf(basename(one.path)).order - rotationOf(basename(other.path)).order
}

/** The files beside a log, the log itself among them, that rotation made of it and that are not compressed; oldest first. */
export function siblingsOf(realPath: string): readonly Sibling[] {
  const folder = dirname(realPath)
  const { group } = rotationOf(basename(realPath))
  const found: Sibling[] = []
  try {
    for (const name of readdirSync(folder)) {
      if (isPackedName(name) || rotationOf(name).group !== group) continue
      const path = join(folder, name)
      const stat = statSync(path, { bigint: true, throwIfNoEntry: false })
      if (stat?.isFile() === true) found.push({ identity: identityOf(stat), path, modifiedMs: Number(stat.mtimeMs) })
    }
  } catch {
    // The folder is gone, or cannot be looked into: then nothing can be found in it.
  }
  return found.sort(byRotation)
}
