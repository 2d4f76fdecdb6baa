import { mkdir, open, readFile, rename } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** Remembers how far a journal has been read. */
export interface CursorFile {
  /** Undefined when nothing was remembered, or was for another journal, or cannot be understood. */
  load(): Promise<string | undefined>
  /** Resolves when a crash of the machine would not lose it. */
  save(cursor: string): Promise<void>
}

interface Remembered {
  readonly journal: string
  readonly cursor: string
}

/** Cursors have about 130 characters (systemd: sd_journal_get_cursor). */
const CURSOR = /^[\x21-\x7e]{1,500}$/

function isRemembered(value: unknown): value is Remembered {
  if (typeof value !== 'object' || value === null || !('journal' in value) || !('cursor' in value)) return false
  return typeof value.journal === 'string' && typeof value.cursor === 'string' && CURSOR.test(value.cursor)
}

function parse(text: string): Remembered | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isRemembered(value) ? value : undefined
  } catch {
    return undefined
  }
}

async function sync(path: string, text?: string): Promise<void> {
  const handle = await open(path, text === undefined ? 'r' : 'w', 0o600)
  try {
    if (text !== undefined) await handle.writeFile(text)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** The file `journald.json` in `directory`; `journal` names the journal that is read. */
export function createCursorFile(directory: string, journal: string): CursorFile {
  const path = join(directory, 'journald.json')
  return {
    load: async () => {
      const remembered = parse(await readFile(path, 'utf8').catch(() => ''))
      return remembered?.journal === journal ? remembered.cursor : undefined
    },
    save: async cursor => {
      await mkdir(directory, { recursive: true })
      await sync(`${path}.new`, JSON.stringify({ journal, cursor } satisfies Remembered))
      await rename(`${path}.new`, path)
      await sync(dirname(path))
    },
  }
}
