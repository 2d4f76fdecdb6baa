import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { RabbitmqTls } from '../../src/sources/rabbitmq/options.ts'
import type { Certificates } from '../support/certificates.ts'
import type { Rabbitmq } from '../support/rabbitmq.ts'
import { startRabbitmq } from '../support/rabbitmq.ts'
import type { RunningSource } from '../support/rabbitmq-source.ts'
import { makeCloudBroker, PATIENCE, untilRunning } from '../support/rabbitmq-source.ts'

let rabbitmq: Rabbitmq
let certificates: Certificates
beforeAll(async () => {
  rabbitmq = await startRabbitmq({ tls: true })
  const { tls } = rabbitmq
  if (tls === undefined) throw new Error('This broker has no TLS.')
  certificates = tls.certificates
})
afterAll(() => rabbitmq.remove())

async function readWith(tls: RabbitmqTls, host = 'localhost'): Promise<RunningSource> {
  const cloud = await makeCloudBroker(rabbitmq)
  const vhost = encodeURIComponent(cloud.virtualHost)
  return cloud.read({ url: `amqps://guest:guest@${host}:${rabbitmq.tls?.port ?? 0}/${vhost}`, tls })
}

function pem(path: string): string {
  return readFileSync(path, 'utf8')
}

describe('a broker with TLS', () => {
  test('is read when its authority is known, by its name and by its address', async () => {
    const ca = pem(certificates.ca)
    await untilRunning(await readWith({ ca }))
    await untilRunning(await readWith({ ca }, '127.0.0.1'))
  })

  test('is shown our certificate where one is given', async () => {
    const { ca, client } = certificates
    await untilRunning(await readWith({ ca: pem(ca), cert: pem(client.cert), key: pem(client.key) }))
    const connections = await rabbitmq.control('list_connections', 'peer_cert_subject', 'ssl')
    expect(connections).toContain('CN=client')
  })

  test('is not read while its authority is unknown, and the reason is said', async () => {
    const running = await readWith({})
    await vi.waitUntil(() => running.source.status().state === 'waiting', PATIENCE)
    expect(running.source.status().detail).toMatch(/certificate/)
  })

  test('is read without looking at its certificate only when told so', async () => {
    await untilRunning(await readWith({ rejectUnauthorized: false }))
  })
})
