declare module 'unbzip2-stream' {
  /** The part of the package's stream (an old-style `through`) that is used here. */
  interface Unbzip2 {
    on(event: 'data', listener: (bytes: Uint8Array) => void): this
    on(event: 'error', listener: (cause: unknown) => void): this
    write(bytes: Uint8Array): boolean
    end(): void
  }
  function createUnbzip2(): Unbzip2
  export = createUnbzip2
}
