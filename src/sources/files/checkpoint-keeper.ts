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

export function createCheckpointKeeper(options: CheckpointKeeperOptions): CheckpointKeeper {
  const { source, directory, telemetry, checkpoint } = options
  let saved = ''
  let saving: Promise<void> | undefined
  let isFailing = false
  const failed = (cause: unknown): void => {
    telemetry.count('launchtrace_source_errors_total', { source, reason: 'checkpoint_unwritable' })
    if (isFailing) return
    isFailing = true
    const error = cause instanceof Error ? cause.message : String(cause)
    telemetry.warn('What was read of log files cannot be remembered on the disk; it is tried again.', {
      source,
      directory,
      error,
    })
  }
  const save = async (): Promise<void> => {
    const now = checkpoint()
    const state = JSON.stringify(now.files)
    if (state === saved) return
    try {
      await saveCheckpoint(directory, now)
      saved = state
      if (isFailing)
        telemetry.info('What was read of log files is remembered on the disk again.', { source, directory })
      isFailing = false
    } catch (cause) {
      failed(cause)
    }
  }
  const begin = (): void => {
    saving ??= save().finally(() => {
      saving = undefined
    })
  }
  return {
    begin,
    finish: async () => {
      await saving
      await save()
    },
  }
}
