import { deflateSync, gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { encodeDelivery, MAX_BODY_LENGTH } from '../../../src/sources/deliveries.ts'
import { findBrokerAddress } from '../../../src/sources/rabbitmq/broker-address.ts'
import { readBody } from '../../../src/sources/rabbitmq/message-body.ts'

describe('the address of a broker', () => {
  test('is read from an AMQP URL', () => {
    expect(findBrokerAddress('amqp://nova:s%40fe@controller:5673/cell%2F1')).toEqual({
      isTls: false,
      hosts: [{ host: 'controller', port: 5673 }],
      virtualHost: 'cell/1',
      username: 'nova',
      password: 's@fe',
    })
  })

  test('has the usual port, virtual host and user where the URL names none', () => {
    const usual = { virtualHost: '/', username: 'guest', password: 'guest' }
    expect(findBrokerAddress('amqps://broker')).toEqual({
      isTls: true,
      hosts: [{ host: 'broker', port: 5671 }],
      ...usual,
    })
    expect(findBrokerAddress('amqp://broker/')).toEqual({
      isTls: false,
      hosts: [{ host: 'broker', port: 5672 }],
      ...usual,
    })
  })

  test("is read from OpenStack's transport_url, with all its hosts", () => {
    const url = 'rabbit://openstack:pa:ss@10.0.0.1:5672,openstack:pa:ss@10.0.0.2,openstack:pa:ss@[fd00::3]:5673//'
    expect(findBrokerAddress(url)).toEqual({
      isTls: false,
      hosts: [
        { host: '10.0.0.1', port: 5672 },
        { host: '10.0.0.2', port: 5672 },
        { host: 'fd00::3', port: 5673 },
      ],
      virtualHost: '/',
      username: 'openstack',
      password: 'pa:ss',
    })
  })

  test.each(['', 'broker:5672', 'http://broker', 'amqp://', 'amqp://a:99999', 'amqp://a b', 'amqp://a,,b'])(
    'is not found in %j',
    url => {
      expect(findBrokerAddress(url)).toBeUndefined()
    },
  )
})

describe('the body of a message', () => {
  const plain = (body: unknown): string | undefined => readBody({ body, headers: undefined })

  test('is its text, whatever the library has made of it', () => {
    expect(plain(Buffer.from('{"é":1}'))).toBe('{"é":1}')
    expect(plain('text')).toBe('text')
    expect(plain({ 'oslo.version': '2.0' })).toBe('{"oslo.version":"2.0"}')
  })

  test('is handed on when it is no UTF-8, for the reader to refuse', () => {
    expect(plain(Buffer.from([0xff, 0x7b]))).toBe('\ufffd{')
  })

  test('is unpacked when the sender says that it is packed', () => {
    const headers = { compression: 'application/x-gzip' }
    expect(readBody({ body: deflateSync('{}'), headers })).toBe('{}')
    expect(readBody({ body: gzipSync('{}'), headers })).toBe('{}')
    expect(readBody({ body: Buffer.from('{}'), headers })).toBeUndefined()
  })

  test('is refused when it is too large, packed or not', () => {
    const large = Buffer.alloc(MAX_BODY_LENGTH + 1, 32)
    expect(plain(large)).toBeUndefined()
    expect(readBody({ body: deflateSync(large), headers: { compression: 'application/x-gzip' } })).toBeUndefined()
    expect(plain(large.subarray(1))).toHaveLength(MAX_BODY_LENGTH)
  })

  test('is kept word for word in a delivery', () => {
    const body = '"a \\ \u2028 \ud800'
    const delivery: unknown = JSON.parse(encodeDelivery({ exchange: 'nova', routingKey: 'notifications.info' }, body))
    expect(delivery).toEqual({ exchange: 'nova', routing_key: 'notifications.info', body })
  })
})
