import type { Failure, Phase } from '../core/launch.ts'
import type { Try } from './attempts.ts'
import { causeOf, causeOfRefusal, DELETED_MEANWHILE, WRAPPER } from './causes.ts'
import type { Fact } from './fact.ts'
import { numberOf, textOf } from './fact.ts'

/** Signals that say that something of a build went wrong, with what phase they speak of where that is certain. */
const FAILURE_SIGNALS: Readonly<Record<string, Phase | undefined>> = {
  'nova.scheduler.no_candidates': 'schedule',
  'nova.scheduler.filter_zero': 'schedule',
  'nova.scheduler.claim_none': 'schedule',
  'nova.conductor.schedule_failed': 'schedule',
  'nova.conductor.no_cell_mapping': 'schedule',
  'nova.compute.claim.fail': 'claim',
  'nova.compute.network.giveup': 'network',
  'nova.compute.network.failed': 'network',
  'nova.compute.network.nofixedip': 'network',
  'nova.compute.network.neutron_error': 'network',
  'neutron.bind.fail': 'network',
  'neutron.bind.refused_ovn': 'network',
  'neutron.bind.dead_agent': 'network',
  'nova.compute.bdm.failed': 'block_device',
  'nova.compute.bdm.failed2': 'block_device',
  'nova.compute.bdm.quota': 'block_device',
  'nova.compute.bdm.volume_bad': 'block_device',
  'nova.compute.bdm.driver_attach_failed': 'block_device',
  'nova.compute.bdm.attach_create_failed': 'block_device',
  'nova.compute.bdm.attach_update_failed': 'block_device',
  'cinder.volume.create.fail': 'block_device',
  'notif.cinder.sched_error': 'block_device',
  'nova.compute.image.glance_error': 'image',
  'glance.get_failed': 'image',
  'nova.compute.configdrive.error': 'config_drive',
  'nova.compute.osvif.failed': 'plug_vifs',
  'nova.compute.vif.timeout': 'vif_wait',
  'nova.compute.vif.neutron_failed': 'vif_wait',
  'nova.compute.guest.failed': undefined,
  'nova.compute.spawn.failed': undefined,
  'nova.compute.build.failed': undefined,
  'nova.compute.build.abort': undefined,
  'nova.compute.build.unexpected': undefined,
  'nova.compute.build.rescheduled': undefined,
  'nova.compute.build.timeout': undefined,
  'nova.compute.interrupted': undefined,
  'notif.nova.v.create.error': undefined,
  'notif.nova.l.create.error': undefined,
  'notif.nova.v.task_error': undefined,
  'notif.nova.l.task_error': undefined,
  'nova.conductor.last_host_error': undefined,
  'nova.conductor.task_failed': undefined,
  'nova.conductor.set_error': undefined,
  'nova.conductor.reschedule_failed': undefined,
  'oslo.error': undefined,
  'oslo.warning': undefined,
}

/** Everything that a fact says of a failure, in one string for the rules. */
function saidBy({ signal }: Fact): string {
  const parts = ['exception', 'exception_text', 'function', 'module', 'message', 'reason']
  return parts
    .map(part => textOf(signal, part))
    .filter(part => part !== '')
    .join(' ')
}

interface Clue {
  readonly fact: Fact
  readonly said: string
  readonly phase: Phase | undefined
}

function cluesIn(facts: readonly Fact[]): readonly Clue[] {
  return facts
    .filter(fact => fact.signal.name in FAILURE_SIGNALS)
    .map(fact => ({ fact, said: saidBy(fact), phase: FAILURE_SIGNALS[fact.signal.name] }))
}

/** True when a build failed only because its instance was deleted under it. */
export function failedByDeletion(facts: readonly Fact[]): boolean {
  return cluesIn(facts).some(({ fact, said }) => !fact.signal.name.startsWith('oslo.') && DELETED_MEANWHILE.test(said))
}

/** The first moment at which something of this try went wrong for good; undefined when nothing did. */
export function firstFailure(facts: readonly Fact[]): Fact | undefined {
  return cluesIn(facts).find(
    clue => !clue.fact.signal.name.startsWith('oslo.') && clue.fact.signal.service !== 'nova-api',
  )?.fact
}

/** The facts that a failure is explained from: those of the last try, and before the first try those of the whole launch. */
function explaining(facts: readonly Fact[], tries: readonly Try[]): readonly Fact[] {
  return tries.at(-1)?.facts ?? facts
}

/**
 * How well a clue explains: a rule that knows the phase, then a signal that is about one phase, then a rule without
 * one. Among equals the first said is nearest to the cause; what comes later only repeats it further up.
 */
function rank(clue: Clue): number {
  // Nova then says "Failed to allocate the network(s)", which would hide that it was the wait that failed.
  if (clue.phase === 'vif_wait') return -1
  const rule = causeOf(clue.said)
  if (WRAPPER.test(clue.said) && rule?.phase === undefined) return 4
  if (rule?.phase !== undefined) return 0
  if (clue.phase !== undefined) return 1
  if (rule !== undefined) return 2
  return clue.said === '' ? 5 : 3
}

function bestClue(clues: readonly Clue[]): Clue | undefined {
  return clues
    .map((clue, index) => ({ clue, index, rank: rank(clue) }))
    .toSorted((a, b) => a.rank - b.rank || a.index - b.index)[0]?.clue
}

/** The phase that a clue speaks of: by its words, else by its signal, else the one that was open. */
function phaseOf(clue: Clue, openPhase: Phase): Phase {
  return causeOf(clue.said)?.phase ?? clue.phase ?? openPhase
}

function causeForPhase(phase: Phase): Failure['cause'] {
  switch (phase) {
    case 'api':
      return 'api_error'
    case 'schedule':
      return 'no_valid_host'
    case 'claim':
      return 'claim_failed'
    case 'network':
      return 'network_failed'
    case 'block_device':
      return 'volume_failed'
    case 'image':
      return 'image_unavailable'
    case 'config_drive':
      return 'config_drive_failed'
    case 'plug_vifs':
    case 'domain_start':
      return 'hypervisor_error'
    case 'vif_wait':
      return 'vif_timeout'
    case 'dispatch':
    case 'post':
    case 'reschedule':
    case 'unexplained':
      return 'other'
  }
}

/** The clue with words: what a person is shown when the best clue has none of its own. */
function wordsOf(clue: Clue, clues: readonly Clue[]): { exception: string; message: string } {
  const spoken = [clue, ...clues].find(
    ({ fact }) => textOf(fact.signal, 'exception_text') !== '' || textOf(fact.signal, 'exception') !== '',
  )
  const signal = (spoken ?? clue).fact.signal
  const message =
    textOf(signal, 'exception_text') || textOf(signal, 'reason') || textOf(signal, 'message') || clue.fact.signal.text
  return { exception: textOf(signal, 'exception'), message }
}

/** Why a launch that reached the build ended in ERROR. `openPhase` is the phase in which the failure found it. */
export function explainFailure(facts: readonly Fact[], tries: readonly Try[], openPhase: Phase): Failure {
  const own = cluesIn(explaining(facts, tries))
  const clues = own.length > 0 ? own : cluesIn(facts)
  const clue = bestClue(clues)
  if (clue === undefined) {
    return {
      phase: openPhase,
      service: '',
      host: tries.at(-1)?.host ?? '',
      cause: causeForPhase(openPhase),
      exception: '',
      message: 'Nothing in the telemetry says why.',
    }
  }
  const rule = causeOf(clue.said)
  const phase = phaseOf(clue, openPhase)
  const { service, host } = clue.fact.signal
  return { phase, service, host, cause: rule?.cause ?? causeForPhase(phase), ...wordsOf(clue, clues) }
}

/** Why nova-api refused `POST /servers`; undefined when it did not. */
export function explainRefusal(facts: readonly Fact[]): Failure | undefined {
  const answer = facts.findLast(({ signal }) => signal.name.startsWith('access.nova.create'))
  const status = answer === undefined ? undefined : numberOf(answer.signal, 'status')
  if (answer === undefined || status === undefined || status < 400) return undefined
  const words = facts.find(({ signal }) =>
    ['nova.api.http_exception', 'nova.api.unexpected', 'nova.api.quota', 'oslo.error'].includes(signal.name),
  )
  const message =
    words === undefined
      ? ''
      : textOf(words.signal, 'exception_text') || textOf(words.signal, 'message') || words.signal.text
  return {
    phase: 'api',
    service: 'nova-api',
    host: answer.signal.host,
    cause: causeOfRefusal(status, message),
    exception: words === undefined ? '' : textOf(words.signal, 'exception'),
    message: message === '' ? `nova-api answered HTTP ${String(status)}.` : message,
  }
}
