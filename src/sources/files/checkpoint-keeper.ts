import type { Telemetry } from '../../telemetry/telemetry.ts'
import { loadCheckpoint, saveCheckpoint, type Checkpoint, type Loaded } from './checkpoint.ts'

export interface CheckpointKeeperOptions {
  readonly source: string
  readonly directory: string
  readonly telemetry: Telemetry
  readonly checkpoint: () => Checkpoint
}

/** Keeps what is remembered on the disk. A failure is told and tried again; reading goes on meanwhile. */
export interface CheckpointKeeper {
  /** Begins to save what has changed, unless a save is under way. */
  begin(): void
  /** Saves what has changed and waits for it. */
  finish(): Promise<void>
}

/** Reads what an earlier process left. What is damaged is set aside, counted and told. */
export function recallCheckpoint({
  source,
  directory,
  telemetry,
}: Omit<CheckpointKeeperOptions, 'checkpoint'>): Loaded {
  const loaded = loadCheckpoint(directory)
  if (loaded.kind === 'damaged') {
    telemetry.count('launchtrace_source_errors_total', { source, reason: 'checkpoint_damaged' })
    const cause = loaded.cause instanceof Error ? loaded.cause.message : ''
    telemetry.warn('What was remembered of log files is damaged and set aside; they are read from their beginning.', {
      source,
      directory,
      cause,
    })
  }
  return loaded
}

interface SaveReport {
  failed(cause: unknown): void
  succeeded(): void
}

/** Counts every failure, and tells the first of several and their end. */
function createSaveReport({ source, directory, telemetry }: CheckpointKeeperOptions): SaveReport {
  let isFailing = false
  return {
    failed: cause => {
      telemetry.count('launchtrace_source_errors_total', { source, reason: 'checkpoint_unwritable' })
      if (isFailing) return
      isFailing = true
      const error = cause instanceof Error ? cause.message : String(cause)
      const message = 'What was read of log files cannot be remembered on the disk; it is tried again.'
      telemetry.warn(message, { source, directory, error })
    },
    succeeded: () => {
      if (!isFailing) return
      isFailing = false
      telemetry.info('What was read of log files is remembered on the disk again.', { source, directory })
    },
  }
}

export function createCheckpointKeeper(options: CheckpointKeeperOptions): CheckpointKeeper {
  const report = createSaveReport(options)
  let saved = ''
  let saving: Promise<void> | undefined
  const save = async (): Promise<void> => {
    const checkpoint = options.checkpoint()
    const files = JSON.stringify(checkpoint.files)
    if (files === saved) return
    try {
      await saveCheckpoint(options.directory, checkpoint)
      saved = files
      report.succeeded()
    } catch (cause) {
      report.failed(cause)
    }
  }
  return {
    begin: () => {
      saving ??= save().finally(() => {
        saving = undefined
      })
    },
    finish: async () => {
      await saving
      await save()
    },
  }
}
