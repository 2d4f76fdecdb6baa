import { formatMicros } from '../core/time.ts'
import type { UnixMicros } from '../core/time.ts'

/** A moment as ClickHouse reads a DateTime64(6, 'UTC'): `2026-01-31 23:59:59.123456`. */
export function toDateTime64(at: UnixMicros): string {
  return formatMicros(at).slice(0, -1).replace('T', ' ')
}

const WEEK_MICROS = 7 * 86_400 * 1e6
/** The epoch was a Thursday; weeks start on Monday. */
const MONDAY_SHIFT = 3 * 86_400 * 1e6

/** The same number for every moment of one week (Monday to Sunday, UTC), as `toMonday` partitions the launches. */
export function weekOf(at: UnixMicros): number {
  return Math.floor((at + MONDAY_SHIFT) / WEEK_MICROS)
}
