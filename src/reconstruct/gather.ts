import type { Signal } from '../core/signal.ts'
import { collectBody } from './evidence.ts'
import { indexSignals } from './signal-index.ts'
import { findCases, requestsInQuestion } from './identity.ts'

/** Where to begin: instance uuids and request ids of `POST /servers`. */
export interface Seeds {
  readonly instances: ReadonlySet<string>
  readonly requests: ReadonlySet<string>
}

/** A link, and the launch that looks it up. */
export interface FollowedLink {
  readonly link: string
  readonly of: { readonly kind: 'instance' | 'request'; readonly value: string }
}

function instanceLink(value: string): FollowedLink {
  return { link: `instance:${value}`, of: { kind: 'instance', value } }
}

function requestLink(value: string): FollowedLink {
  return { link: `request:${value}`, of: { kind: 'request', value } }
}

/**
 * The links that are to be looked up so that `reconstruct` gives for these seeds what it would give for all signals there
 * are. Call it again with what was found until it names none that was not looked up; it settles after a few rounds because
 * joining leads from an instance to its request, its ports and volumes, their requests and addresses, and no further.
 */
export function linksToFollow(seeds: Seeds, signals: readonly Signal[]): readonly FollowedLink[] {
  const wanted = [...[...seeds.instances].map(instanceLink), ...[...seeds.requests].map(requestLink)]
  const index = indexSignals(signals)
  const touched = findCases(signals).filter(
    of => seeds.requests.has(of.request) || of.instances.some(instance => seeds.instances.has(instance)),
  )
  const instances = new Set([...seeds.instances, ...touched.flatMap(of => of.instances)])
  for (const [instance, requests] of requestsInQuestion(signals, instances))
    for (const request of requests) wanted.push({ link: `request:${request}`, of: instanceLink(instance).of })
  for (const of of touched) {
    for (const instance of of.instances.length === 0 ? [''] : of.instances) {
      const launch = (instance === '' ? requestLink(of.request) : instanceLink(instance)).of
      for (const link of collectBody({ index, of, instance }).asked) wanted.push({ link, of: launch })
    }
  }
  return wanted
}
