import { readdirSync, type Dirent } from 'node:fs'
import { join, resolve } from 'node:path'
import { createPathMatcher, expandBraces, isMagic, segmentSource } from './glob-pattern.ts'

/** A path that fits a pattern, split where the pattern stops being plain text. */
export interface GlobMatch {
  readonly path: string
  /** Folders that the pattern names. */
  readonly given: readonly string[]
  /** Folders below them, and the file's name. */
  readonly below: readonly string[]
  /** Whether the pattern names the file itself, and not only what it is called like. */
  readonly isNamed: boolean
}

/** Gets folders that cannot be read. */
type OnError = (folder: string, cause: unknown) => void

/** A pattern of paths. */
export interface Glob {
  /** Paths that fit now, each once; what they are, and whether a path without wildcards exists, is not looked at. */
  find(onError: OnError): readonly GlobMatch[]
  /** Splits a path that the pattern fits, whether it exists or not; undefined when it does not fit. */
  match(path: string): GlobMatch | undefined
}

/** Folders below one another that `**` goes into. */
const MAX_DEPTH = 40

type Segment =
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'any'; readonly fits: (name: string) => boolean }
  | { readonly kind: 'deep' }

function compileSegment(text: string): Segment {
  if (text === '**') return { kind: 'deep' }
  if (!isMagic(text)) return { kind: 'name', name: text }
  const expression = new RegExp(`^${segmentSource(text)}$`, 's')
  const showsHidden = text.startsWith('.')
  return { kind: 'any', fits: name => (showsHidden || !name.startsWith('.')) && expression.test(name) }
}

interface Search {
  readonly segments: readonly Segment[]
  readonly onError: OnError
  readonly found: Set<string>
}

/** Where a search stands: a folder, and which piece of the pattern its entries are to fit. */
interface Place {
  readonly folder: string
  readonly index: number
  readonly depth: number
}

/** A folder that is not there is none that cannot be read: it may come. */
function isAbsent(cause: unknown): boolean {
  const code = cause instanceof Error && 'code' in cause ? cause.code : ''
  return code === 'ENOENT' || code === 'ENOTDIR'
}

function entriesOf(folder: string, onError: OnError): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
  } catch (cause) {
    if (!isAbsent(cause)) onError(folder, cause)
    return []
  }
}

function visit(search: Search, { folder, index, depth }: Place): void {
  const segment = search.segments[index]
  const isLast = index === search.segments.length - 1
  if (segment === undefined || depth > MAX_DEPTH) return
  if (segment.kind === 'name') {
    const path = join(folder, segment.name)
    if (isLast) search.found.add(path)
    else visit(search, { folder: path, index: index + 1, depth: depth + 1 })
    return
  }
  if (segment.kind === 'deep' && !isLast) visit(search, { folder, index: index + 1, depth })
  for (const entry of entriesOf(folder, search.onError)) {
    const path = join(folder, entry.name)
    if (segment.kind === 'deep') visitDeep(search, { entry, path, index, depth })
    else if (!segment.fits(entry.name)) continue
    else if (isLast) search.found.add(path)
    else if (entry.isDirectory() || entry.isSymbolicLink())
      visit(search, { folder: path, index: index + 1, depth: depth + 1 })
  }
}

/** Goes into real folders only: links may lead in circles. */
function visitDeep(
  search: Search,
  at: { readonly entry: Dirent; readonly path: string; readonly index: number; readonly depth: number },
): void {
  if (at.entry.name.startsWith('.')) return
  if (at.entry.isDirectory()) visit(search, { folder: at.path, index: at.index, depth: at.depth + 1 })
  else if (at.index === search.segments.length - 1) search.found.add(at.path)
}

function piecesOf(path: string): readonly string[] {
  return path.split('/').filter(piece => piece !== '')
}

function createPlainGlob(pattern: string): Glob {
  const absolute = resolve(pattern)
  const pieces = piecesOf(absolute)
  const fits = createPathMatcher([absolute])
  const magicAt = pieces.findIndex(isMagic)
  const isNamed = !isMagic(pieces.at(-1) ?? '')
  const plain = magicAt < 0 ? pieces.length - 1 : magicAt
  const root = `/${pieces.slice(0, plain).join('/')}`
  const given = pieces.slice(0, plain)
  const segments = pieces.slice(plain).map(compileSegment)
  const split = (path: string): GlobMatch => ({ path, given, below: piecesOf(path).slice(plain), isNamed })
  return {
    match: path => (fits(path) ? split(path) : undefined),
    find: onError => {
      const search: Search = { segments, onError, found: new Set() }
      visit(search, { folder: root, index: 0, depth: 0 })
      return [...search.found].map(split)
    },
  }
}

/**
 * A pattern with `*`, `?`, `[a-z]`, `[!a-z]`, `{a,b}`, and `**` for folders at any depth. Wildcards do not stand for a dot at
 * the beginning of a name. `*` goes into folders through symbolic links, `**` does not. A pattern that does not begin
 * with a slash begins in the working directory.
 */
export function createGlob(pattern: string): Glob {
  const globs = expandBraces(pattern).map(createPlainGlob)
  const [only] = globs
  if (globs.length === 1 && only !== undefined) return only
  return {
    match: path => globs.map(glob => glob.match(path)).find(match => match !== undefined),
    find: onError => {
      const matches = globs.flatMap(glob => glob.find(onError))
      return [...new Map(matches.map(match => [match.path, match])).values()]
    },
  }
}
