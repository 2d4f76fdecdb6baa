import fc from 'fast-check'
import type { Signal } from '../../src/core/signal.ts'
import { micros } from '../../src/core/time.ts'
import type { Draft } from '../../src/parse/recognise-fields.ts'
import { finishSignal } from '../../src/parse/recognise-fields.ts'

const text = fc.string({ unit: 'binary', maxLength: 40 })
const uuids = fc.array(fc.uuid(), { maxLength: 3 })
const request = fc.oneof(
  fc.constant(''),
  fc.uuid().map(uuid => `req-${uuid}`),
)

/** Any signal that a parser can make, odd text included. */
export const anySignal: fc.Arbitrary<Signal> = fc
  .record({
    name: text.map(rest => `nova.${rest}`),
    at: fc.nat(4_000_000_000).map(seconds => micros(seconds * 1e6 + 123_456)),
    host: text,
    service: text,
    source: fc.constantFrom('log', 'notification'),
    requestMeaning: fc.constantFrom('launch', 'other', 'service', 'none'),
    request,
    globalRequest: request,
    project: text,
    user: text,
    instances: uuids,
    ports: uuids,
    volumes: uuids,
    aliases: fc.array(
      text.map(rest => `domain:${rest}x`),
      { maxLength: 3 },
    ),
    attributes: fc.dictionary(text, text, { maxKeys: 4 }),
    text,
  } satisfies Record<keyof Draft, unknown>)
  .map(draft => finishSignal({ ...draft, name: draft.name.toWellFormed(), attributes: wellFormed(draft.attributes) }))

function wellFormed(attributes: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [name.toWellFormed(), value.toWellFormed()]),
  )
}

/** A signal whose id follows from what it says, as a collector demands it; `text` decides what it says. */
export function factOf(text: string, given: Partial<Draft> = {}): Signal {
  return finishSignal({
    name: 'nova.compute.claim.ok',
    at: micros(1_715_774_400_000_000),
    host: 'compute-1',
    service: 'nova-compute',
    source: 'log',
    requestMeaning: 'launch',
    request: '',
    globalRequest: '',
    project: '',
    user: '',
    instances: [],
    ports: [],
    volumes: [],
    aliases: [],
    attributes: { text },
    text,
    ...given,
  })
}
