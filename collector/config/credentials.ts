import { Secret } from './secret.ts'

/** A URL apart from who logs in there. */
export interface Credentials {
  /** Without user and password, so it may be printed. */
  readonly url: string
  readonly user?: string
  readonly password?: Secret
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    // A lone percent sign: the text is meant as it stands.
    return text
  }
}

/**
 * Takes user and password out of a URL such as `amqp://user:pass@host:5672/vhost`; both are percent-decoded. An empty user
 * or password is none.
 * @throws {TypeError} when `address` is no URL
 */
export function splitCredentials(address: string): Credentials {
  const url = new URL(address)
  const [user, password] = [decode(url.username), decode(url.password)]
  url.username = ''
  url.password = ''
  return {
    url: url.href,
    ...(user === '' ? {} : { user }),
    ...(password === '' ? {} : { password: new Secret(password) }),
  }
}

/**
 * The text with everything left out that may be a password in a URL, also in one that is written wrongly: all before the
 * last `@` but the scheme, and all after a `?`.
 */
export function hideCredentials(text: string): string {
  return text.replace(/^([a-z][a-z\d+.-]{0,20}:\/\/)?.*@/is, '$1…@').replace(/\?.+$/s, '?…')
}
