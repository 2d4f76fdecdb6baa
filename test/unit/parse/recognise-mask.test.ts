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
  ["'user_data': 'IyEvYmluL3No', 'name': 'x'", "'user_data': '***', 'name': 'x'"],
  ["{'path': '/etc/x', 'contents': 'c2VjcmV0'}", "{'path': '/etc/x', 'contents': '***'}"],
  ["personality: [{'path': '/etc/x', 'x': 'c2VjcmV0'}]", 'personality: ***'],
  ["injected_files=[('/etc/x', 'c2VjcmV0')]", 'injected_files=***'],
  ['Command: tool --password hunter2 --name x', 'Command: tool --password *** --name x'],
  [
    "Invalid input for field/attribute adminPass. Value: hunter2. 'hunter2' is too short",
    'Invalid input for field/attribute adminPass. Value: ***',
  ],
  [
    "Invalid input for field/attribute user_data. Value: IyEv. 'IyEv' is not a 'base64'",
    'Invalid input for field/attribute user_data. Value: ***',
  ],
  [
    "Invalid input for field/attribute name. Value: . '' is too short",
    "Invalid input for field/attribute name. Value: . '' is too short",
  ],
])('masks %s', (text, masked) => {
  expect(maskSecrets(text)).toBe(masked)
})

test('leaves nothing of a secret of any length', () => {
  expect(maskSecrets(`user_data=${'x'.repeat(65_536)} next`)).toBe('user_data=*** next')
})

test('leaves everything else as it is', () => {
  const text = 'Claim successful on node compute-1'
  expect(maskSecrets(text)).toBe(text)
})
