const SUSPICIOUS =
  /gAAAA|passw|admin_?pass|token|secret|credential|connection_info|authorization|api[-_]?key|user_?data|personality|injected_files|contents|:\/\/[^\s/]*@/i

const FERNET = /gAAAA[\w-]{16,}=*/g
const NAMED =
  /((?:admin_?pass(?:word)?|passw(?:or)?d|[\w-]{0,40}token|[\w-]{0,40}secret[\w-]{0,20}|api[-_]?key|authorization|credentials?|user_?data|contents)["']?\s{0,3}[:=]\s{0,3}(?:[ub](?=["']))?["']?)(?:(?:basic|bearer)\s)?[^\s"',;&}\])]+/gi
/** As a program is told it: `--password hunter2`. */
const OPTION = /(--(?:os-)?(?:[\w-]{0,40}passw(?:or)?d|[\w-]{0,40}token|[\w-]{0,40}secret))\s+\S+/gi
/** Secrets of many members and any depth: what follows is left out whole. */
const CONNECTION = /connection_info["']?\s{0,3}[:=]\s{0,3}(?!None\b|null\b|<\?>).*$/is
const FILES = /((?:injected_files|personality)["']?\s{0,3}[:=]\s{0,3})[[({].*$/is
/** Nova repeats what it does not accept, twice: whole, and in jsonschema's words (nova: api/validation/validators.py). */
const INVALID =
  /(invalid input for field\/attribute \S*(?:pass|user_?data|personality|contents|token|secret|key)\S*?\. value: ).*$/is
const USERINFO = /:\/\/[^\s/@]{1,256}@/g

/** `text` with every token, password and connection secret replaced by `***`. What is no secret stays as it is. */
export function maskSecrets(text: string): string {
  if (!SUSPICIOUS.test(text)) return text
  return text
    .replace(CONNECTION, 'connection_info=***')
    .replace(FILES, '$1***')
    .replace(INVALID, '$1***')
    .replace(OPTION, '$1 ***')
    .replace(FERNET, '***')
    .replace(NAMED, '$1***')
    .replace(USERINFO, '://***@')
}
