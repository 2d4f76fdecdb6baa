/** How much may be under way at a time. */
export interface AdmissionLimits {
  readonly requests: number
  /** Of unpacked bodies. */
  readonly bytes: number
}

/** The right to work on one request. */
export interface Admitted {
  /** Notes how large the body turned out to be. */
  hold(bytes: number): void
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
      if (requests >= limits.requests || held >= limits.bytes) return undefined
      requests += 1
      let own = 0
      return {
        hold: bytes => {
          own += bytes
          held += bytes
        },
        leave: () => {
          requests -= 1
          held -= own
        },
      }
    },
  }
}
