/** Something about an input that the person who gave it should know. */
export interface SourceProblem {
  /** `error`: nothing of it was read; `warning`: a part is missing; `note`: nothing is wrong, nothing was there. */
  readonly severity: 'error' | 'warning' | 'note'
  readonly path: string
  /** What is wrong, without a full stop. */
  readonly what: string
  /** What to do about it, as a sentence. */
  readonly advice: string
}

/** One line for a person: the path, what is wrong, what to do. */
export function formatProblem(problem: SourceProblem): string {
  return `${problem.path}: ${problem.what}. ${problem.advice}`
}

const BY_CODE = new Map<string, readonly [what: string, advice: string]>([
  ['ENOENT', ['there is no such file or folder', 'Check the path.']],
  ['EACCES', ['reading it is not permitted', 'Run as a user who may read it, or copy it first.']],
  ['EPERM', ['reading it is not permitted', 'Run as a user who may read it, or copy it first.']],
  ['ENOTDIR', ['a part of the path is no folder', 'Check the path.']],
  ['ELOOP', ['its symbolic links lead in a circle', 'Name the file that is meant.']],
  ['EMFILE', ['too many files are open', 'Raise the limit of open files (ulimit -n).']],
  ['EIO', ['the disk could not read it', 'Copy it from another place.']],
  ['Z_DATA_ERROR', ['its compressed data is damaged', 'What stood before the damage was read; fetch the file again.']],
  ['Z_BUF_ERROR', ['it ends in the middle of its compressed data', 'What is there was read; fetch the whole file.']],
])

function codeOf(cause: unknown): string {
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? cause.code : ''
  return typeof code === 'string' ? code : ''
}

/** The problem that an exception of the file system or of a decompressor stands for. */
export function problemOf(path: string, cause: unknown, severity: SourceProblem['severity'] = 'error'): SourceProblem {
  const known = BY_CODE.get(codeOf(cause))
  if (known !== undefined) return { severity, path, what: known[0], advice: known[1] }
  const message = cause instanceof Error ? cause.message : String(cause)
  return { severity, path, what: `it cannot be read (${message})`, advice: 'Check the file.' }
}
