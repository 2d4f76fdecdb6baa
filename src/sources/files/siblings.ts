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

/** Files in a folder that fit and are not compressed. Those that vanish meanwhile are left out; so is a folder that has. */
function filesIn(folder: string, fits: (name: string) => boolean): readonly Sibling[] {
  const found: Sibling[] = []
  try {
    for (const name of readdirSync(folder)) {
      if (isPackedName(name) || !fits(name)) continue
      const path = join(folder, name)
      const stat = statSync(path, { bigint: true, throwIfNoEntry: false })
      if (stat?.isFile() === true) found.push({ identity: identityOf(stat), path, modifiedMs: Number(stat.mtimeMs) })
    }
  } catch {
    // Then nothing more can be found in it.
  }
  return found
}

/** The files beside a log, the log itself among them, that rotation made of it; oldest first. */
export function siblingsOf(realPath: string): readonly Sibling[] {
  const { group } = rotationOf(basename(realPath))
  return filesIn(dirname(realPath), name => rotationOf(name).group === group).toSorted(byRotation)
}

/** Notices what comes into folders and what is renamed in them. */
export interface FolderWatch {
  /** The files that may be parts of logs, of the folders in which something has changed since it was asked last. */
  changed(folders: Iterable<string>, isPart: (path: string) => boolean): readonly Sibling[]
}

function changeOf(folder: string): string {
  try {
    const { dev, ino, mtimeNs } = statSync(folder, { bigint: true })
    return `${dev}:${ino}:${mtimeNs}`
  } catch {
    return ''
  }
}

export function createFolderWatch(): FolderWatch {
  let known = new Map<string, string>()
  return {
    changed: (folders, isPart) => {
      const now = new Map([...folders].map(folder => [folder, changeOf(folder)]))
      const before = known
      known = now
      return [...now]
        .filter(([folder, change]) => change !== before.get(folder))
        .flatMap(([folder]) => filesIn(folder, name => isPart(join(folder, name))))
    },
  }
}
