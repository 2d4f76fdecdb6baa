import type { Signal } from './signal.ts'

type Linked = Pick<
  Signal,
  'requestMeaning' | 'request' | 'globalRequest' | 'instances' | 'ports' | 'volumes' | 'aliases'
>

/**
 * Every id by which a signal can be found again, the best one first, as `kind:value`. The first is its key in the store.
 * Ids of kinds that never join (image, network, flavor, host, project, user) are absent, and so are request ids that
 * an agent loop or a periodic task shares among unrelated work.
 */
export function linksOf(signal: Linked): readonly string[] {
  const links: string[] = []
  for (const instance of signal.instances) links.push(`instance:${instance}`)
  if (signal.requestMeaning === 'launch' || signal.requestMeaning === 'other') {
    if (signal.request !== '') links.push(`request:${signal.request}`)
    if (signal.globalRequest !== '') links.push(`request:${signal.globalRequest}`)
  }
  for (const port of signal.ports) links.push(`port:${port}`)
  for (const volume of signal.volumes) links.push(`volume:${volume}`)
  links.push(...signal.aliases)
  return links
}
