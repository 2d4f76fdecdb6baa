import { expect, it } from 'vitest'
import { kindOf } from '../../../src/sources/file-kind.ts'

it('knows a log by its lines when its name says nothing and its dates have no year', () => {
  const exported = 'Nov 20 05:16:50.459000 compute-1 nova-compute[457]: INFO nova.compute.claims [-] Claim successful\n'
  expect(kindOf('devstack@n-cpu.txt', Buffer.from(exported))).toBe('log')
  expect(kindOf('notes.txt', Buffer.from('compute-1 was slow today\n'))).toBe('other')
})
