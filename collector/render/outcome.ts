import type { Outcome } from '../../src/core/launch.ts'
import type { Paint } from './paint.ts'

export const OUTCOME_STYLES = {
  active: 'green',
  error: 'red',
  deleted: 'yellow',
  in_progress: 'cyan',
  lost: 'magenta',
} as const satisfies Readonly<Record<Outcome, Parameters<Paint>[0]>>
