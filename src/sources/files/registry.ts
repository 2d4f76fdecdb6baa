import { realpathSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Remembered } from './checkpoint.ts'
import { fingerprintOf } from './fingerprint.ts'
import { rotationGroupOf } from './siblings.ts'
import type { Tail } from './tail.ts'
import type { Resume } from './trail.ts'

const NOTHING_READ = fingerprintOf(Buffer.alloc(0))
const BEGINNING: Resume = { offset: 0, from: 0 }

/** Every file that is known, by what it is and by the log that it is a part of. */
export class Registry {
  readonly #tails = new Map<string, Tail>()
  /** By the folder and the name that rotation leaves alone. */
  readonly #logs = new Map<string, Set<Tail>>()
  readonly #logOf = new Map<Tail, string>()

  get size(): number {
    return this.#tails.size
  }

  [Symbol.iterator](): Iterator<Tail> {
    return this.#tails.values()
  }

  find(identity: string): Tail | undefined {
    return this.#tails.get(identity)
  }

  /** Takes in a file; what was known under its identity is another content, and is forgotten. */
  add(tail: Tail): void {
    const before = this.#tails.get(tail.identity)
    if (before !== undefined) this.remove(before)
    this.#tails.set(tail.identity, tail)
    const log = rotationGroupOf(realPathOf(tail.path))
    const tails = this.#logs.get(log) ?? new Set()
    this.#logs.set(log, tails.add(tail))
    this.#logOf.set(tail, log)
  }

  remove(tail: Tail): void {
    const log = this.#logOf.get(tail)
    if (log === undefined) return
    this.#tails.delete(tail.identity)
    this.#logOf.delete(tail)
    const tails = this.#logs.get(log)
    tails?.delete(tail)
    if (tails?.size === 0) this.#logs.delete(log)
  }

  /** The folders in which there are logs. */
  folders(): ReadonlySet<string> {
    return new Set([...this.#logs.keys()].map(log => dirname(log)))
  }

  /** What is known of the log that a file would be a part of. */
  partsOf(realPath: string): readonly Tail[] {
    return [...(this.#logs.get(rotationGroupOf(realPath)) ?? [])]
  }

  /** The other files that rotation may have made of the same log. */
  relativesOf(tail: Tail): readonly Tail[] {
    const log = this.#logOf.get(tail) ?? ''
    return [...(this.#logs.get(log) ?? [])].filter(other => other !== tail)
  }

  /** What is to be remembered; of a file that was only seen, that it is known. */
  remembered(): readonly Remembered[] {
    return [...this.#tails.values()].map(tail => {
      const { identity, path, logPath, progress, fingerprint = NOTHING_READ } = tail
      return { identity, path, logPath, fingerprint, resume: progress?.durable ?? BEGINNING }
    })
  }
}

/** A path without symbolic links: rotation happens where a file really is. The path itself when nothing is there. */
export function realPathOf(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return path
  }
}
