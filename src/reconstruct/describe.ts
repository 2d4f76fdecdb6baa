import type { Fact } from './fact.ts'
import { textOf } from './fact.ts'

/** What a launch is about, beside its times: the first thing said wins, notifications before log lines. */
export interface Description {
  readonly projectId: string
  readonly userId: string
  readonly displayName: string
  readonly availabilityZone: string
  readonly flavor: string
  readonly imageId: string
}

function firstText(facts: readonly Fact[], name: string): string {
  for (const { signal } of facts) {
    const text = textOf(signal, name)
    if (text !== '') return text
  }
  return ''
}

/** Neutron, placement and the others print the ids of nova's own service user. */
const BY_CLIENT = /^(nova\.|access\.nova\.create|notif\.nova\.)/

export function describeLaunch(facts: readonly Fact[]): Description {
  const byClient = facts.filter(({ signal }) => BY_CLIENT.test(signal.name) && signal.requestMeaning === 'launch')
  const told = byClient.toSorted(
    (a, b) => Number(b.signal.source === 'notification') - Number(a.signal.source === 'notification'),
  )
  return {
    projectId: told.find(({ signal }) => signal.project !== '')?.signal.project ?? '',
    userId: told.find(({ signal }) => signal.user !== '')?.signal.user ?? '',
    displayName: firstText(told, 'display_name'),
    availabilityZone:
      told.findLast(({ signal }) => textOf(signal, 'availability_zone') !== '')?.signal.attributes[
        'availability_zone'
      ] ?? '',
    flavor: firstText(told, 'flavor'),
    imageId: firstText(told, 'image'),
  }
}
