/** How much may be under way at a time. */
export interface AdmissionLimits {
  readonly requests: number
  /** Of bodies, as sent and unpacked. MUST be more than one request may bring. */
  readonly bytes: number
}

/** The right to work on one request. */
export interface Admitted {
  /** Takes room for so many bytes more; false when there is none, and the request MUST be given up. */
  hold(bytes: number): boolean
  /** MUST be called once when nothing of the request is held any more. */
  leave(): void
}

/** Keeps the memory of requests that are under way bounded: refuses more, rather than slow down all. */
export interface Admission {
  /** Undefined when there is too much under way. */
  enter(): Admitted | undefined
}

export function createAdmission(limits: AdmissionLimits): Admission {
  let [requests, held] = [0, 0]
  return {
    enter: () => {
      if (requests >= limits.requests) return undefined
      requests += 1
      let own = 0
      return {
        hold: bytes => {
          if (held + bytes > limits.bytes) return false
          own += bytes
          held += bytes
          return true
        },
        leave: () => {
          requests -= 1
          held -= own
        },
      }
    },
  }
}
