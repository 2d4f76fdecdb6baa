import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { decodeSignal, encodeSignal, MAX_SIGNAL_LENGTH } from '../../../src/transport/signal-json.ts'
import { readFacts } from '../../support/reconstruction.ts'
import { factOf } from '../../support/signal-drafts.ts'

const EXAMPLE = join(import.meta.dirname, '../../../examples/zed-ovn')
const fact = factOf('Claim successful')

function reasonOf(changes: object): string {
  const decoded = decodeSignal(JSON.stringify({ ...fact, ...changes }))
  return decoded.kind === 'refused' ? decoded.reason : 'none'
}

describe('a signal as JSON', () => {
  it('comes back as it was, for every signal of a recorded cloud', { timeout: 60_000 }, async () => {
    const recorded = { name: 'zed-ovn', logs: join(EXAMPLE, 'logs'), truth: undefined }
    const facts = await readFacts({ ...recorded, notifications: join(EXAMPLE, 'notifications.jsonl.gz') })
    expect(facts.signals.length).toBeGreaterThan(1000)
    for (const signal of facts.signals) expect(decodeSignal(encodeSignal(signal))).toEqual({ kind: 'signal', signal })
  })

  it('ignores what a newer agent adds, and does not hand it on', () => {
    expect(reasonOf({ colour: 'blue', nested: { a: 1 } })).toBe('none')
    expect(decodeSignal(JSON.stringify({ ...fact, colour: 'blue' }))).toEqual({ kind: 'signal', signal: fact })
  })

  it('ships the fields of a signal only, whatever the object carries besides', () => {
    const carrying = { ...fact, password: 'hunter2' }
    expect(encodeSignal(carrying)).not.toContain('hunter2')
  })

  it.each([
    ['invalid_id', { id: 'ABC' }],
    ['invalid_name', { name: '' }],
    ['invalid_at', { at: 1.5 }],
    ['invalid_at', { at: '1715774400000000' }],
    ['invalid_at', { at: -1 }],
    ['invalid_host', { host: 'h'.repeat(256) }],
    ['invalid_service', { service: null }],
    ['invalid_source', { source: 'toString' }],
    ['invalid_requestMeaning', { requestMeaning: 'unknown' }],
    ['invalid_request', { request: 'a9a34782' }],
    ['invalid_user', { user: 'half \ud800 of a character' }],
    ['invalid_instances', { instances: ['not-a-uuid'] }],
    ['invalid_ports', { ports: 'none' }],
    ['invalid_volumes', { volumes: {} }],
    ['invalid_aliases', { aliases: ['no kind'] }],
    ['invalid_attributes', { attributes: { depth: { more: 'x' } } }],
    ['invalid_attributes', { attributes: ['x'] }],
    ['invalid_text', { text: 't'.repeat(401) }],
    ['wrong_id', { id: '0'.repeat(32) }],
    ['wrong_id', { host: 'compute-2' }],
  ])('is refused as %s', (reason, changes) => {
    expect(reasonOf(changes)).toBe(reason)
  })

  it.each(['', 'null', '[]', '"text"', '{', '{}', '12'])('is refused when it is %s', line => {
    expect(decodeSignal(line)).toMatchObject({ kind: 'refused' })
  })

  it('is refused without being read when the line is too long', () => {
    expect(decodeSignal(' '.repeat(MAX_SIGNAL_LENGTH + 1))).toEqual({ kind: 'refused', reason: 'too_long' })
  })
})
