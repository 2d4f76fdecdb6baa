const SUSPICIOUS =
  /gAAAA|passw|adminpass|token|secret|credential|connection_info|authorization|api[-_]?key|:\/\/[^\s/]*@/i

const FERNET = /gAAAA[\w-]{16,}=*/g
const NAMED =
  /((?:admin_?pass(?:word)?|passw(?:or)?d|[\w-]{0,40}token|[\w-]{0,40}secret[\w-]{0,20}|api[-_]?key|authorization|credentials?)["']?\s{0,3}[:=]\s{0,3}u?["']?)(?:(?:basic|bearer)\s)?[^\s"',;&}\])]{1,4096}/gi
const CONNECTION = /connection_info["']?\s{0,3}[:=]\s{0,3}(?!None\b|null\b|<\?>).*$/is
const USERINFO = /:\/\/[^\s/@]{1,256}@/g

/** `text` with every token, password and connection secret replaced by `***`. What is no secret stays as it is. */
export function maskSecrets(text: string): string {
  if (!SUSPICIOUS.test(text)) return text
  return text
    .replace(CONNECTION, 'connection_info=***')
    .replace(FERNET, '***')
    .replace(NAMED, '$1***')
    .replace(USERINFO, '://***@')
}
