import { stepsOf } from '../../../src/catalogue/catalogue.ts'
import type { Launch } from '../../../src/core/launch.ts'
import type { Signal } from '../../../src/core/signal.ts'
import { plusSeconds } from '../../../src/core/time.ts'
import { reconstruct } from '../../../src/reconstruct/reconstruct.ts'
import type { Surroundings } from '../../../src/reconstruct/surroundings.ts'
import { LOST_AFTER_SECONDS } from '../../../src/reconstruct/surroundings.ts'
import { makeSignal, NOON, requestOf, uuidOf } from '../../support/store.ts'

/* A launch told in a few signals, for tests of what each of them decides. */

export const REQUEST = requestOf('the launch')
export const INSTANCE = uuidOf('the instance')

type Given = Partial<Signal>

/** A signal of the launch, `seconds` after noon; of nova-compute on compute-1 unless told otherwise. */
export function say(seconds: number, name: string, given: Given = {}): Signal {
  const at = plusSeconds(NOON, seconds)
  return makeSignal({ name, at, request: REQUEST, instances: [INSTANCE], text: `What ${name} says`, ...given })
}

/** What another process, or the same one, says of something else in the same words. */
export function saidOf(signal: Signal, given: Given): Signal {
  return makeSignal(Object.fromEntries(Object.entries({ ...signal, ...given }).filter(([field]) => field !== 'id')))
}

const API: Given = { host: 'controller-1', service: 'nova-api' }
export const CONDUCTOR: Given = { host: 'controller-1', service: 'nova-conductor' }

/** The answer to `POST /servers`, which says how long it took. */
export function posted(seconds: number, status = '202', given: Given = {}): Signal {
  const attributes = { method: 'POST', path: '/v2.1/servers', status, took_seconds: '0.5' }
  return say(seconds, 'access.nova.create', { ...API, instances: [], attributes, ...given })
}

/** The answer to a delete of the instance, under a request of its own. */
export function deleted(seconds: number): Signal {
  const attributes = { method: 'DELETE', path: `/v2.1/servers/${INSTANCE}`, status: '204', took_seconds: '0.1' }
  const request = requestOf('the delete')
  return say(seconds, 'access.nova.delete', { ...API, request, requestMeaning: 'other', attributes })
}

/** How far the telemetry reaches: an hour after noon unless told otherwise. */
function around(given: Partial<Surroundings> = {}): Surroundings {
  return {
    offsets: new Map(),
    hostNames: new Map(),
    restarts: [],
    asOf: plusSeconds(NOON, 3600),
    lostAfterSeconds: LOST_AFTER_SECONDS,
    ...given,
  }
}

export function launchesOf(signals: readonly Signal[], given: Partial<Surroundings> = {}): readonly Launch[] {
  const surroundings = around(given)
  return reconstruct(signals, () => surroundings, stepsOf)
}

/** The one launch that these signals tell of. @throws when they tell of none or of several */
export function launchOf(signals: readonly Signal[], given: Partial<Surroundings> = {}): Launch {
  const launches = launchesOf(signals, given)
  const [launch] = launches
  if (launch === undefined || launches.length > 1) throw new Error(`${String(launches.length)} launches, not one`)
  return launch
}

/** Seconds after noon. */
export function secondsAt(at: number | undefined): number | undefined {
  return at === undefined ? undefined : (at - NOON) / 1e6
}
