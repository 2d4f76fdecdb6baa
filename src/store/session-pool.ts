import type { Session } from 'chdb'

/** Sessions of the embedded engine on one directory. One session runs one statement at a time. */
export interface SessionPool {
  /** Waits while all are in use. */
  acquire(): Promise<Session>
  /** `reusable` only when the session's last answer was read to its end. */
  release(session: Session, reusable: boolean): void
  close(): void
}

/** @param most how many sessions may be open at once, each with its own bound on memory. */
export function createSessionPool(open: () => Session, most: number): SessionPool {
  const idle: Session[] = []
  const waiting: (() => void)[] = []
  let inUse = 0
  return {
    acquire: async () => {
      while (inUse >= most) await new Promise<void>(resolve => waiting.push(resolve))
      inUse += 1
      try {
        return idle.pop() ?? open()
      } catch (error) {
        inUse -= 1
        throw error
      }
    },
    release: (session, reusable) => {
      if (reusable) idle.push(session)
      else session.close()
      inUse -= 1
      waiting.shift()?.()
    },
    close: () => {
      for (const session of idle.splice(0)) session.close()
    },
  }
}
