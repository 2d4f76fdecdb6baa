import { micros } from '../../src/core/time.ts'
import type { LogRecord } from '../../src/parse/record.ts'

/** A record of nova-compute on compute-1, with whatever the test changes. */
export function record(changes: Partial<LogRecord>): LogRecord {
  return {
    format: 'oslo',
    at: micros(1_795_152_718_771_000),
    host: 'compute-1',
    service: 'nova-compute',
    level: 'INFO',
    logger: 'nova.compute.manager',
    pid: 2485,
    request: 'req-a9a34782-8556-4852-a7b9-1f927a2e7bbb',
    globalRequest: '',
    project: '405915a53fae460a92d3dd2ef4d9594b',
    user: '17e837b3be144c679b462e5255b78db3',
    instance: 'b075536a-086f-4823-8428-cfb6a2ea600f',
    message: '',
    ...changes,
  }
}
