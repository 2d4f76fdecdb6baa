import type { Intake, Reading } from '../pipeline/stage.ts'

/** UTF-16 units of what is under way, from which on nothing more is read: some twice as many bytes of memory. */
const MAX_UNDER_WAY = 4_194_304
/** What a record weighs besides its message, and a reading besides its records. */
const RECORD_WEIGHT = 512

/** The writes of a source that are under way: their number is what bounds its memory. */
export interface Writes {
  /** Hands over a reading; `onDurable` is called once it is durable, and never when the intake stops before. */
  begin(reading: Reading, onDurable: () => void): void
  /** Whether more may be read. */
  readonly hasRoom: boolean
  /** Whether the intake takes nothing any more. */
  readonly isRefused: boolean
  /** Resolves when every write has settled. */
  settled(): Promise<void>
}

function weightOf({ records, deliveries }: Reading): number {
  const inRecords = records.reduce((sum, { message }) => sum + message.length + RECORD_WEIGHT, RECORD_WEIGHT)
  return deliveries.reduce((sum, delivery) => sum + delivery.length, inRecords)
}

/** @param onSettled - called when a write has settled, whatever the outcome */
export function createWrites(intake: Intake, onSettled: () => void): Writes {
  const underWay = new Set<Promise<void>>()
  let weight = 0
  let isRefused = false
  const write = async (reading: Reading, onDurable: () => void): Promise<void> => {
    const own = weightOf(reading)
    weight += own
    try {
      await intake.write(reading)
      onDurable()
    } catch {
      // The process stops: what is not acknowledged is read again after the next start.
      isRefused = true
    }
    weight -= own
    onSettled()
  }
  return {
    begin: (reading, onDurable) => {
      const writing = write(reading, onDurable)
      underWay.add(writing)
      void writing.then(() => underWay.delete(writing))
    },
    get hasRoom() {
      return weight < MAX_UNDER_WAY
    },
    get isRefused() {
      return isRefused
    },
    settled: async () => {
      await Promise.all(underWay)
    },
  }
}
