import { accessSync, constants, mkdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { asStoreError, StoreBusyError } from './errors.ts'

/** ClickHouse locks this file for as long as it runs and writes its process id into it. */
const LOCK_FILE = 'status'

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

/** The holder as the engine noted it. The file stays behind after a crash, so this alone proves nothing. */
function readNotedHolder(directory: string): number | undefined {
  const noted = /^PID: (\d+)/m.exec(readText(join(directory, LOCK_FILE)) ?? '')
  return noted === null ? undefined : Number(noted[1])
}

/** Whether the kernel knows a lock on the lock file (Linux; elsewhere `undefined`: nobody can tell without trying). */
function isLocked(directory: string): boolean | undefined {
  const locks = readText('/proc/locks')
  if (locks === undefined) return undefined
  const inode = statSync(join(directory, LOCK_FILE), { throwIfNoEntry: false })?.ino
  return inode !== undefined && locks.split('\n').some(line => line.includes(`:${String(inode)} `))
}

/** Node's own recursive way never ends where a folder exists and none can be made in it, as in /proc. */
function makeFolders(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) return
  const above = dirname(path)
  if (above !== path) makeFolders(above)
  try {
    // What lies in it tells of a cloud's projects, users and addresses.
    mkdirSync(path, { mode: 0o700 })
  } catch (error) {
    // Another process may have made it since.
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) throw error
  }
}

/**
 * Makes the directory, and proves that this process may use it.
 * @throws StoreBusyError when another process holds it, StoreUnavailableError when it cannot be made or written.
 */
export function prepareDataDirectory(path: string): string {
  const directory = resolve(path)
  try {
    makeFolders(directory)
    accessSync(directory, constants.W_OK | constants.X_OK)
  } catch (error) {
    throw asStoreError(directory, error)
  }
  const holder = readNotedHolder(directory)
  if (holder !== process.pid && isLocked(directory) === true) throw new StoreBusyError(directory, holder)
  return directory
}

/** What a refusal of the engine to open the directory means. */
export function explainRefusal(directory: string, error: unknown): Error {
  const holder = readNotedHolder(directory)
  if (holder !== undefined && holder !== process.pid && isLocked(directory) !== false)
    return new StoreBusyError(directory, holder)
  return asStoreError(directory, error)
}
