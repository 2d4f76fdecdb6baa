import type { Resume } from './trail.ts'

/** How far a file is durable, while several writes of it are under way. */
export interface Progress {
  /** From where reading may go on after any end of the process. */
  readonly durable: Resume
  /** Writes that have not settled. */
  readonly waiting: number
  /** Notes that reading may go on at `resume` once what was written before is durable. */
  move(resume: Resume): void
  /** Notes a write; reading may go on at `resume` once the function is called, and those of the writes before it. */
  write(resume: Resume): () => void
}

interface Write {
  resume: Resume
  isDurable: boolean
}

export function createProgress(start: Resume): Progress {
  let durable = start
  const writes: Write[] = []
  const settle = (): void => {
    for (let first = writes[0]; first?.isDurable === true; first = writes[0]) {
      durable = first.resume
      writes.shift()
    }
  }
  return {
    get durable() {
      return durable
    },
    get waiting() {
      return writes.length
    },
    move: resume => {
      const last = writes.at(-1)
      if (last === undefined) durable = resume
      else last.resume = resume
    },
    write: resume => {
      const write: Write = { resume, isDurable: false }
      writes.push(write)
      return () => {
        write.isDurable = true
        settle()
      }
    },
  }
}
