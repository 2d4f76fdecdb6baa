/** How a client proves who it is and whom it trusts. All texts are PEM. */
export interface ClientTls {
  /** Authorities to trust instead of the system's own. */
  readonly ca?: string
  /** The client's own certificate, where the other side asks for one; `key` goes with it. */
  readonly cert?: string
  readonly key?: string
  /** False takes any certificate: whoever is in between can read and answer. Default true. */
  readonly verify?: boolean
}

/** The same in the words of Node's TLS. */
export interface NodeTls {
  readonly ca?: string
  readonly cert?: string
  readonly key?: string
  readonly rejectUnauthorized: boolean
}

export function toNodeTls({ ca, cert, key, verify = true }: ClientTls): NodeTls {
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    rejectUnauthorized: verify,
  }
}
