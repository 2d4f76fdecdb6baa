import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { runCommand } from './server-process.ts'

/** A file system of a few megabytes, which a test can fill to its last byte. */
export interface SmallDisk {
  readonly path: string
  /** Takes all the room that is left. */
  fill(): void
  /** Gives it back. */
  free(): void
  remove(): Promise<void>
}

const HINT = 'A small file system is mounted to be filled: run the tests as root on Linux.'
const FILLER = Buffer.alloc(65_536)

function fillWith(path: string): void {
  const file = openSync(path, 'a')
  try {
    for (let size = FILLER.length; size >= 1;) {
      try {
        writeSync(file, FILLER, 0, size)
      } catch {
        size = Math.floor(size / 16)
      }
    }
  } finally {
    closeSync(file)
  }
}

/** Mounts one at `path`. Rejects with what is missing where that is not allowed. */
export async function mountSmallDisk(path: string, mebibytes: number): Promise<SmallDisk> {
  mkdirSync(path, { recursive: true })
  await runCommand({ command: 'mount', words: ['-t', 'tmpfs', '-o', `size=${mebibytes}m`, 'small', path] }, HINT).catch(
    (cause: unknown) => {
      throw new Error(`No file system can be mounted at ${path}. ${HINT}`, { cause })
    },
  )
  const filler = join(path, 'filler')
  return {
    path,
    fill: () => {
      fillWith(filler)
    },
    free: () => {
      rmSync(filler, { force: true })
    },
    remove: async () => {
      await runCommand({ command: 'umount', words: ['--lazy', path] }, HINT)
    },
  }
}
