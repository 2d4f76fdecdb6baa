import type { RabbitmqPlan } from './options.ts'

/** What went wrong, in one sentence for people that says what to do. Never a secret. */
export function explainRabbitmq(error: unknown, plan: RabbitmqPlan): string {
  const { username, virtualHost } = plan.address
  switch (rabbitmqErrorCode(error)) {
    case 'ACCESS_REFUSED':
      return saidOf(error).includes('access to')
        ? rightsNeeded(plan)
        : `the user ${username} or its password is refused; check both.`
    case 'NOT_ALLOWED':
      return `the user ${username} may not enter the virtual host ${virtualHost}, or there is none of that name; set its permissions there.`
    case 'ECONNREFUSED':
      return 'nobody listens there; check host and port, and whether the broker is up.'
    case 'ENOTFOUND':
      return 'the name of the host is not known; check it.'
    case 'RESOURCE_LOCKED':
      return `the queue ${plan.queue} belongs to one other connection alone; choose another name.`
    case 'CANCEL_FORCED':
      return `the queue ${plan.queue} was deleted or moved; it is made again.`
    default:
      return `${saidOf(error)}.`
  }
}

/** The rights that are enough, as `rabbitmqctl set_permissions` takes them. */
function rightsNeeded({ address, queue, exchanges }: RabbitmqPlan): string {
  const rights = `'^${queue}$' '^${queue}$' '^(${[queue, ...exchanges].join('|')})$'`
  return `the user ${address.username} lacks rights; it needs: rabbitmqctl set_permissions -p ${address.virtualHost} ${address.username} ${rights}.`
}

/** The broker's or the system's code of an error, for example `NOT_FOUND`; empty when it has none. */
export function rabbitmqErrorCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
}

function saidOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
