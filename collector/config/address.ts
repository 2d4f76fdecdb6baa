import { isIPv4, isIPv6 } from 'node:net'
import { z } from 'zod'
import { refuse } from './refuse.ts'

/** A host and a port. */
export interface Address {
  /** An IPv6 address stands here without brackets. */
  readonly host: string
  readonly port: number
}

const ADDRESS = /^(?:\[([^\]]+)\]|([^:[\]]+)):(\d{1,5})$/
const HOST_NAME = /^(?=.{1,253}$)[a-z\d_](?:[a-z\d_-]{0,62})(?:\.[a-z\d_](?:[a-z\d_-]{0,62}))*\.?$/i

/** Reads `127.0.0.1:8080`, `host.example:8080` or `[::1]:8080`; undefined when it is none of these. */
export function parseAddress(text: string): Address | undefined {
  const [, inBrackets, plain = '', digits] = ADDRESS.exec(text) ?? []
  const port = Number(digits)
  if (!(port <= 65_535)) return undefined
  if (inBrackets !== undefined) return isIPv6(inBrackets) ? { host: inBrackets, port } : undefined
  return isIPv4(plain) || (HOST_NAME.test(plain) && !/^[\d.]+$/.test(plain)) ? { host: plain, port } : undefined
}

/** Whether only this machine can reach what listens on `host`. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'))
}

/** An address to listen on; port 0 takes a free one. */
export function listenAddress(): z.ZodType<Address, string> {
  return z
    .string()
    .transform((value, context) => {
      const advice = 'It takes HOST:PORT, for example 127.0.0.1:8080, or 0.0.0.0:8080 for every interface.'
      return parseAddress(value) ?? refuse(context, { quoted: value, message: 'is no address to listen on.', advice })
    })
    .meta({ title: 'address' })
}

/** The address of a broker, kept as text. */
export function brokerAddress(): z.ZodType<string, string> {
  return z
    .string()
    .superRefine((value, context) => {
      if ((parseAddress(value)?.port ?? 0) > 0) return
      const advice = 'It takes HOST:PORT, for example kafka-1:9092.'
      refuse(context, { quoted: value, message: 'is no address of a broker.', advice })
    })
    .meta({ title: 'address' })
}
