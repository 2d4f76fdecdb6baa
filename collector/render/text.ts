/* Names come from users of the cloud and messages from its logs: both may hold anything. Nothing of either reaches a
   terminal before `printable` has seen it. */

const RTL = /\p{Script=Arabic}|\p{Script=Hebrew}|\p{Script=Syriac}|\p{Script=Thaana}|\p{Script=Nko}/u
const WIDE =
  /^(?:\p{Emoji_Presentation}|\p{Emoji}\uFE0F|\p{Regional_Indicator}|\p{Script=Han}|\p{Script=Hangul}|\p{Script=Hiragana}|\p{Script=Katakana}|[\u3000-\u303e\uff01-\uff60\uffe0-\uffe6])/u
const INVISIBLE = /^[\p{Mn}\p{Me}\p{Cf}]+$/u
const PLAIN = /^[\x20-\x7e]*$/

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' })

/** More marks than this on one letter are a prank that paints over the lines above and below. */
const MAX_UNITS_PER_GRAPHEME = 16

function visible(character: string): string {
  const code = character.charCodeAt(0)
  if (code === 0x7f) return '\u2421'
  // The pictures of the control characters: ESC becomes ␛, so an escape sequence is read and not obeyed.
  return code < 0x20 ? String.fromCharCode(0x2400 + code) : '\ufffd'
}

/** Without the isolates that `printable` adds, so that it may still be cut. */
function sanitise(text: string): string {
  if (PLAIN.test(text)) return text
  const line = text.toWellFormed().replace(/\r\n|[\n\r\t\u2028\u2029\u0085]/g, ' ')
  // U+200D joins emoji: harmless, and half of them without it would be other pictures.
  return line.replace(/(?!\u200d)[\p{Cc}\p{Cf}]/gu, visible)
}

/** Keeps right-to-left text from reordering what stands beside it. */
function isolate(text: string): string {
  return RTL.test(text) ? `\u2068${text}\u2069` : text
}

/**
 * One line of text that is safe on any terminal: control characters are shown and not sent, direction overrides and other
 * invisible formatting become U+FFFD, line breaks and tabs become spaces, right-to-left text stays in its place.
 */
export function printable(text: string): string {
  return isolate(sanitise(text))
}

function graphemeWidth(grapheme: string): number {
  if (INVISIBLE.test(grapheme)) return 0
  return WIDE.test(grapheme) ? 2 : 1
}

/** Columns that `text` takes on a terminal. Counts two for what East Asian fonts and emoji draw wide. */
export function displayWidth(text: string): number {
  if (PLAIN.test(text)) return text.length
  let width = 0
  for (const { segment } of segmenter.segment(text)) width += graphemeWidth(segment)
  return width
}

/** The start of `text` that fits into `columns`. */
function take(text: string, columns: number): string {
  let [taken, width] = ['', 0]
  for (const { segment } of segmenter.segment(text)) {
    width += graphemeWidth(segment)
    if (width > columns) break
    taken += segment.slice(0, MAX_UNITS_PER_GRAPHEME)
  }
  return taken.toWellFormed()
}

/** Nothing beyond this can be seen; a name of a megabyte must not cost a second. */
function bounded(text: string, columns: number): string {
  return sanitise(text.slice(0, (columns + 1) * MAX_UNITS_PER_GRAPHEME))
}

/** `text` made printable and cut to `columns`, the last of them `…` when something is missing. */
export function clip(text: string, columns: number): string {
  const safe = bounded(text, columns)
  if (displayWidth(safe) <= columns) return isolate(take(safe, columns))
  return columns < 1 ? '' : `${isolate(take(safe, columns - 1))}…`
}

/** Cut or filled with spaces to exactly `columns`. */
export function fit(text: string, columns: number, align: 'left' | 'right' = 'left'): string {
  const clipped = clip(text, columns)
  const fill = ' '.repeat(Math.max(0, columns - displayWidth(clipped)))
  return align === 'left' ? clipped + fill : fill + clipped
}

/** `text` in lines of at most `columns`, broken between words where that is possible; at most `maxLines`. */
export function wrap(text: string, columns: number, maxLines: number): readonly string[] {
  const lines: string[] = []
  let rest = bounded(text, columns * maxLines)
  while (rest !== '' && lines.length < maxLines) {
    const head = take(rest, columns)
    const space = head.length < rest.length ? head.lastIndexOf(' ') : -1
    const line = space > head.length / 2 ? head.slice(0, space) : head
    lines.push(isolate(line))
    rest = rest.slice(Math.max(1, line.length)).trimStart()
  }
  return rest === '' ? lines : [...lines.slice(0, -1), `${clip(lines.at(-1) ?? '', columns - 1)}…`]
}
