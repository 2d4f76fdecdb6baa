import { expect, test } from 'vitest'
import { maskSecrets } from '../../../src/parse/mask.ts'

test.each([
  ['token gAAAAABk1234567890abcdefghijklmnop= used', 'token *** used'],
  ["{'X-Auth-Token': 'abc'}", "{'X-Auth-Token': '***'}"],
  ['auth_token=abc, next', 'auth_token=***, next'],
  ['"adminPass": "hunter2"', '"adminPass": "***"'],
  ['password: hunter2', 'password: ***'],
  ['Authorization: Bearer abc', 'Authorization: ***'],
  ['mysql://nova:hunter2@db/nova', 'mysql://***@db/nova'],
  ["connection_info={'auth_password': 'x', 'b': 1}", 'connection_info=***'],
  ['connection_info=None, size=1', 'connection_info=None, size=1'],
])('masks %s', (text, masked) => {
  expect(maskSecrets(text)).toBe(masked)
})

test('leaves everything else as it is', () => {
  const text = 'Claim successful on node compute-1'
  expect(maskSecrets(text)).toBe(text)
})
