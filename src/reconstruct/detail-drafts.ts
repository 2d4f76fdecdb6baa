import type { DetailRule } from './details.ts'
import { DETAIL_RULES } from './details.ts'
import type { Fact } from './fact.ts'
import { groupByName, see } from './sight.ts'
import type { SpanInput } from './spans.ts'
import type { SpanDraft } from './span-tree.ts'
import { ROOT } from './span-tree.ts'

/** One thing that a detail is about: a port, a volume, a try. */
interface Subject {
  readonly label: string
  readonly facts: readonly Fact[]
  readonly parent: string
}

function aliasesOf(port: string, facts: readonly Fact[]): ReadonlySet<string> {
  const aliases = new Set([`tap:${port.slice(0, 11)}`])
  for (const { signal } of facts) {
    if (signal.ports.length === 1 && signal.ports.includes(port)) for (const alias of signal.aliases) aliases.add(alias)
  }
  return aliases
}

function factsOfPort(port: string, input: SpanInput): readonly Fact[] {
  const { facts } = input.picture
  const aliases = aliasesOf(port, facts)
  const isOnly = input.ports.length === 1
  const requests = new Set(
    facts.filter(({ signal }) => signal.ports.includes(port)).map(({ signal }) => signal.request),
  )
  return facts.filter(({ signal }) => {
    if (signal.ports.length > 0) return signal.ports.includes(port)
    if (signal.aliases.some(alias => aliases.has(alias))) return true
    // `POST /v2.0/ports` and port.create.start do not name the port; the request id of what does tells whose they are.
    return signal.service.startsWith('neutron') && (requests.has(signal.request) || isOnly)
  })
}

/** The innermost build that holds a moment; the launch when none does. */
export function parentAt(at: number, drafts: readonly SpanDraft[], launch: string): string {
  const builds = drafts.filter(
    draft => draft.attributes['launchtrace.kind'] === 'attempt' && draft.from <= at && at <= draft.to,
  )
  return builds.at(-1)?.path ?? launch
}

function subjectsOf(rule: DetailRule, input: SpanInput, launch: string): readonly Subject[] {
  const { picture } = input
  switch (rule.per) {
    case 'port':
      return input.ports.map(port => ({ label: port, facts: factsOfPort(port, input), parent: '' }))
    case 'volume':
      return input.volumes.map(volume => ({
        label: volume,
        facts: picture.facts.filter(({ signal }) => signal.volumes.includes(volume)),
        parent: '',
      }))
    case 'try':
      return picture.tries.map(({ of }) => ({ label: of.host, facts: of.facts, parent: `${launch}/build/${of.host}` }))
    case 'launch':
      return [{ label: '', facts: picture.facts, parent: launch }]
    case 'request':
      return input.carriesShared ? [{ label: '', facts: picture.facts, parent: ROOT }] : []
  }
}

interface Drawing {
  readonly input: SpanInput
  readonly drafts: readonly SpanDraft[]
  readonly launch: string
}

function draftOf(rule: DetailRule, subject: Subject, { input, drafts, launch }: Drawing): SpanDraft | undefined {
  const byName = groupByName(subject.facts)
  const start = see(byName, rule.starts)
  const end = see(byName, rule.ends)
  if (start === undefined || end === undefined || end.at < start.at) return undefined
  const parent = subject.parent === '' ? parentAt(start.at, drafts, launch) : subject.parent
  const names = new Set([...rule.starts, ...rule.ends].flatMap(sight => sight.signals))
  const about = rule.per === 'port' || rule.per === 'volume' ? { [`openstack.${rule.per}.id`]: subject.label } : {}
  return {
    trace: input.trace,
    path: `${launch}/${rule.name}/${subject.label}`,
    parent,
    name: rule.name,
    service: rule.service === 'l2' ? start.fact.signal.service : rule.service,
    host: start.fact.signal.host,
    from: start.at,
    to: end.at,
    startOrigin: start.origin,
    endOrigin: end.origin,
    status: 'unset',
    attributes: {
      'launchtrace.kind': 'detail',
      ...about,
      ...(rule.per === 'request' ? { 'launchtrace.shared': 'true' } : {}),
    },
    facts: subject.facts.filter(({ signal }) => names.has(signal.name)),
  }
}

/** Finer spans below the phases: per port, per volume, per try. */
export function detailDrafts(input: SpanInput, drafts: readonly SpanDraft[], launch: string): readonly SpanDraft[] {
  if (input.instance === '') return []
  const drawing = { input, drafts, launch }
  return DETAIL_RULES.flatMap(rule =>
    subjectsOf(rule, input, launch)
      .map(subject => draftOf(rule, subject, drawing))
      .filter(draft => draft !== undefined),
  )
}
