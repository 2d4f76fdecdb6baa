import { mkdirSync, readFileSync, renameSync } from 'node:fs'
import { open, rename, type FileHandle } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { ClockMemory } from '../../parse/clock.ts'
import { isJsonObject } from '../../parse/oslo-json.ts'
import type { Fingerprint } from './fingerprint.ts'
import type { Resume } from './trail.ts'

/** What is remembered of a file. */
export interface Remembered {
  /** Device and inode. */
  readonly identity: string
  /** Where it was. */
  readonly path: string
  /** As the patterns found it last, or the log of which it is a part: says what host and service it is of. */
  readonly logPath: string
  readonly fingerprint: Fingerprint
  readonly resume: Resume
}

/** Everything that is remembered. */
export interface Checkpoint {
  /** When it was true, in milliseconds since the epoch. */
  readonly savedAtMs: number
  readonly files: readonly Remembered[]
}

/** What was found in the state directory. */
export type Loaded =
  | { readonly kind: 'found'; readonly checkpoint: Checkpoint }
  | { readonly kind: 'none' }
  /** It could not be read, and was set aside under another name if that was possible. */
  | { readonly kind: 'damaged'; readonly cause: unknown }

const NAME = 'files.json'
const VERSION = 1

type Json = Readonly<Record<string, unknown>>

function objectIn(value: unknown): Json {
  if (!isJsonObject(value)) throw new TypeError('it has no object where one must be')
  return value
}

function textIn(object: Json, name: string): string {
  const value = object[name]
  if (typeof value !== 'string') throw new TypeError(`its ${name} is no text`)
  return value
}

function countIn(object: Json, name: string): number {
  const value = object[name]
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0)
    throw new TypeError(`its ${name} is no count`)
  return value
}

function decodeClock(value: unknown): ClockMemory | undefined {
  if (value === undefined) return undefined
  const clock = objectIn(value)
  const isSecondPass = clock['isSecondPass'] === true
  return { foldDay: countIn(clock, 'foldDay'), highest: countIn(clock, 'highest'), isSecondPass }
}

function decodeFile(value: unknown): Remembered {
  const file = objectIn(value)
  const [path, resume, fingerprint] = [textIn(file, 'path'), objectIn(file['resume']), objectIn(file['fingerprint'])]
  const [offset, from] = [countIn(resume, 'offset'), countIn(resume, 'from')]
  if (from > offset) throw new TypeError(`its place in ${path} lies before itself`)
  return {
    identity: textIn(file, 'identity'),
    path,
    logPath: file['logPath'] === undefined ? path : textIn(file, 'logPath'),
    fingerprint: { length: countIn(fingerprint, 'length'), hash: textIn(fingerprint, 'hash') },
    resume: { offset, from, clock: decodeClock(resume['clock']) },
  }
}

function decode(text: string): Checkpoint {
  const whole = objectIn(JSON.parse(text))
  if (whole['version'] !== VERSION) throw new TypeError(`its version is not ${VERSION}`)
  const files = whole['files']
  if (!Array.isArray(files)) throw new TypeError('its files are no list')
  return { savedAtMs: countIn(whole, 'savedAtMs'), files: files.map(decodeFile) }
}

function encode({ savedAtMs, files }: Checkpoint): string {
  const compact = files.map(file => ({
    ...file,
    logPath: file.logPath === file.path ? undefined : file.logPath,
  }))
  return `${JSON.stringify({ version: VERSION, savedAtMs, files: compact })}\n`
}

function isAbsent(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && (cause.code === 'ENOENT' || cause.code === 'ENOTDIR')
}

/** Reads what an earlier process remembered. Never throws. */
export function loadCheckpoint(directory: string): Loaded {
  const path = join(directory, NAME)
  try {
    return { kind: 'found', checkpoint: decode(readFileSync(path, 'utf8')) }
  } catch (cause) {
    if (isAbsent(cause)) return { kind: 'none' }
    try {
      renameSync(path, `${path}.damaged-${Date.now()}`)
    } catch {
      // The next save replaces it.
    }
    return { kind: 'damaged', cause }
  }
}

async function closing(handle: FileHandle, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } finally {
    await handle.close()
  }
}

/**
 * Writes so that a crash of the machine leaves either the old or the new one, whole.
 * @throws what the system says; the old one is still there
 */
export async function saveCheckpoint(directory: string, checkpoint: Checkpoint): Promise<void> {
  mkdirSync(directory, { recursive: true, mode: 0o750 })
  const path = join(directory, NAME)
  const temporary = `${path}.new`
  const file = await open(temporary, 'w', 0o640)
  await closing(file, async () => {
    await file.writeFile(encode(checkpoint))
    await file.sync()
  })
  await rename(temporary, path)
  const folder = await open(dirname(path), 'r')
  await closing(folder, () => folder.sync())
}
