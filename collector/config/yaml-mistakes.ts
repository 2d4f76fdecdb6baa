import type { YAMLError } from 'yaml'
import type { Mistake } from './problem.ts'

type Code = YAMLError['code']
type Explanation = readonly [message: string, advice: string]

/* The parser's own messages quote the file, and what they quote may be a secret. */
const EXPLANATIONS: Readonly<Record<Code, Explanation>> = {
  ALIAS_PROPS: ['An alias has an anchor or a tag.', 'Remove it, or put the value in quotes.'],
  BAD_ALIAS: ['"*" begins a reference, and none follows.', 'Put values that begin with "*" in quotes.'],
  BAD_DIRECTIVE: ['A line that begins with "%" is no YAML directive.', 'Put values that begin with "%" in quotes.'],
  BAD_DQ_ESCAPE: [
    'A backslash in double quotes is followed by something unknown.',
    'Use single quotes, or double the backslash.',
  ],
  BAD_INDENT: [
    'The indentation does not fit.',
    'Give all keys of one mapping the same indentation, and all that belongs to a key more than the key.',
  ],
  BAD_PROP_ORDER: [
    'An anchor or a tag stands in the wrong place.',
    'Put it in front of the value, or the value in quotes.',
  ],
  BAD_SCALAR_START: ['A value begins with a character that means something in YAML.', 'Put the value in quotes.'],
  BLOCK_AS_IMPLICIT_KEY: [
    'There is a second ": " on one line.',
    'Put the value in quotes, or begin a new line with more indentation.',
  ],
  BLOCK_IN_FLOW: ['A block stands within brackets.', 'Close the brackets first, or write all of it within them.'],
  DUPLICATE_KEY: ['A key is there twice.', 'Remove one of them.'],
  IMPOSSIBLE: ['This is no YAML.', 'Check the lines above.'],
  KEY_OVER_1024_CHARS: ['A key is longer than 1024 characters.', 'Check quotes and colons.'],
  MISSING_CHAR: [
    'A character is missing: a closing quote or bracket, a comma, a colon or a space after one.',
    'Check this line and those above.',
  ],
  MULTILINE_IMPLICIT_KEY: [
    'A key goes over several lines, or its ":" is missing.',
    'Write `key: value`, with a colon and a space.',
  ],
  MULTIPLE_ANCHORS: ['A value has two anchors.', 'Put values that begin with "&" in quotes.'],
  MULTIPLE_DOCS: ['There is more than one document.', 'Remove the "---" or "..." and what follows it.'],
  MULTIPLE_TAGS: ['A value has two tags.', 'Put values that begin with "!" in quotes.'],
  NON_STRING_KEY: ['A key is no text.', 'Write `key: value`.'],
  RESOURCE_EXHAUSTION: ['It is nested too deeply.', 'Write it out more simply.'],
  TAB_AS_INDENT: ['A tab indents the line, and YAML takes spaces only.', 'Replace it by spaces.'],
  TAG_RESOLVE_FAILED: ['A value has a tag that is not known here.', 'Put values that begin with "!" in quotes.'],
  UNEXPECTED_TOKEN: [
    'Something stands where YAML expects nothing like it.',
    'Check quotes, brackets and indentation here and above.',
  ],
  BAD_COLLECTION_TYPE: ['A value has a tag that does not fit.', 'Remove the tag.'],
}

/** What a complaint of the YAML parser means. */
export function explainYaml({ code, pos }: YAMLError): Mistake {
  const [message, advice] = EXPLANATIONS[code]
  return { path: [], message, advice, offset: pos[0] }
}
