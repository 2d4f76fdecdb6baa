import type { Launch } from '../../src/core/launch.ts'
import type { UnixMicros } from '../../src/core/time.ts'
import { secondsBetween } from '../../src/core/time.ts'

/**
 * A launch in progress as it stands at a moment: its open phase has lasted until then. What is stored ends with the last
 * thing known, so that it depends on facts alone.
 */
export function asOfMoment<Row extends Pick<Launch, 'open' | 'phases'>>(launch: Row, at: UnixMicros | undefined): Row {
  const { open, phases } = launch
  if (open === undefined || at === undefined || at <= open.since) return launch
  return { ...launch, phases: { ...phases, [open.phase]: secondsBetween(open.since, at) } }
}
