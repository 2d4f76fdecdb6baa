/** Patterns that one pattern with braces may stand for; those beyond are left out. */
const MAX_ALTERNATIVES = 1000

/** Where the braces that open at `from` have their commas and their end; undefined when they do not close. */
function bracesAt(pattern: string, from: number): readonly number[] | undefined {
  const cuts: number[] = [from]
  let depth = 0
  for (let at = from; at < pattern.length; at += 1) {
    const character = pattern[at]
    if (character === '{') depth += 1
    else if (character === '}') depth -= 1
    if (depth === 0) return [...cuts, at]
    if (character === ',' && depth === 1) cuts.push(at)
  }
  return undefined
}

/** Every pattern without braces that a pattern with `{a,b}` stands for. Braces without a comma are plain text. */
export function expandBraces(pattern: string): readonly string[] {
  for (let at = pattern.indexOf('{'); at >= 0; at = pattern.indexOf('{', at + 1)) {
    const cuts = bracesAt(pattern, at) ?? []
    if (cuts.length < 3) continue
    const [before, after] = [pattern.slice(0, at), pattern.slice((cuts.at(-1) ?? at) + 1)]
    const parts = cuts.slice(1).map((cut, index) => pattern.slice((cuts[index] ?? 0) + 1, cut))
    return parts.flatMap(part => expandBraces(before + part + after)).slice(0, MAX_ALTERNATIVES)
  }
  return [pattern]
}

const TOKEN = /\*+|\?|\[([!^]?)(\]?[^\]/]*)\]|[\s\S]/g

/** The regular expression of one piece of a path: `*`, `?`, `[a-z]` and `[!a-z]`, none of which stands for a slash. */
export function segmentSource(segment: string): string {
  return segment.replace(TOKEN, (token: string, not: string | undefined, members: string | undefined) => {
    if (token.startsWith('*')) return '[^/]*'
    if (token === '?') return '[^/]'
    if (members === undefined) return token.replace(/[\\^$.+?()[\]{}|/]/, '\\$&')
    return `[${not === '' ? '' : '^/'}${members.replace(/[\\[\]^]/g, '\\$&')}]`
  })
}

/** Whether a piece of a pattern is more than plain text. */
export function isMagic(segment: string): boolean {
  return /[*?[]/.test(segment)
}

function pathSource(pattern: string): string {
  const pieces = pattern.split('/').map(piece => (piece === '**' ? '**' : segmentSource(piece)))
  return pieces.join('/').replaceAll('**/', '(?:[^/]*/)*').replace(/\*\*$/, '.*')
}

/**
 * Tells which paths one of some patterns fits as a whole. Unlike a search, it takes names with a dot in front as any other;
 * a pattern without a slash is compared with the file's name.
 */
export function createPathMatcher(patterns: readonly string[]): (path: string) => boolean {
  const sources = patterns.flatMap(expandBraces).map(pattern => {
    return `${pattern.includes('/') ? '' : '(?:.*/)?'}${pathSource(pattern)}`
  })
  if (sources.length === 0) return () => false
  const expression = new RegExp(`^(?:${sources.join('|')})$`, 's')
  return path => expression.test(path)
}
