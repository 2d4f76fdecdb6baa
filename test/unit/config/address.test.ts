import { expect, it } from 'vitest'
import { isLoopback, parseAddress } from '../../../collector/config/address.ts'

it.each([
  ['127.0.0.1:8080', '127.0.0.1', 8080],
  ['[::1]:0', '::1', 0],
  ['kafka-1.example:9092', 'kafka-1.example', 9092],
  ['my_host:1', 'my_host', 1],
])('%s is an address', (text, host, port) => {
  expect(parseAddress(text)).toEqual({ host, port })
})

it.each([
  '',
  ':80',
  '80',
  'host',
  'host:',
  'host:65536',
  '::1:80',
  '[host]:80',
  '1.2.3:80',
  '*:80',
  'a b:80',
  'u@h:80',
])('%j is none', text => {
  expect(parseAddress(text)).toBeUndefined()
})

it('knows which addresses only this machine can reach', () => {
  expect(['localhost', '127.0.0.1', '127.1.2.3', '::1'].filter(isLoopback)).toHaveLength(4)
  expect(['0.0.0.0', '::', '10.0.0.1', '127.example', 'localhost.example'].filter(isLoopback)).toEqual([])
})
