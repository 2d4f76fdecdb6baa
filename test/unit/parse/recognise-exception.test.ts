import { describe, expect, test } from 'vitest'
import { embeddedException, exceptionFields } from '../../../src/parse/recognise-exception.ts'

function read(message: string): Record<string, string> {
  return Object.fromEntries(exceptionFields(message))
}

describe('the exception of a failure', () => {
  test('is in the summary of the first line', () => {
    expect(
      read('Failed to schedule instances: nova.exception_Remote.NoValidHost_Remote: No valid host was found. '),
    ).toEqual({
      exception: 'nova.exception.NoValidHost',
      exception_text: 'No valid host was found.',
    })
  })

  test('may have no module and no text', () => {
    expect(read('Timeout: eventlet.timeout.Timeout: 30 seconds')['exception']).toBe('eventlet.timeout.Timeout')
    expect(read('write failed: OSError: [Errno 28] No space left on device')['exception']).toBe('OSError')
    expect(read('oh: nova.exception.Invalid')).toEqual({ exception: 'nova.exception.Invalid', exception_text: '' })
  })

  test('else is the last line of the traceback that names one', () => {
    const traceback = [
      'Instance failed to spawn',
      'Traceback (most recent call last):',
      '  File "x.py", line 1, in spawn',
      'ValueError: first',
      'libvirt.libvirtError: internal error: qemu exited',
      'Command: qemu',
      "Stderr: ''",
    ].join('\n')
    expect(read(traceback)).toEqual({
      exception: 'libvirt.libvirtError',
      exception_text: 'internal error: qemu exited',
    })
  })

  test('is nothing where words only look like one', () => {
    expect(read('Failure: the disk is full')).toEqual({})
    expect(read('Timeout waiting for x')).toEqual({})
  })

  test('is taken from the repr of a traceback, behind the wrapper of a reschedule', () => {
    const message =
      "Error from last host: compute-2 (node compute-2): ['Traceback (most recent call last):\\n', '  File \"a.py\", line 1\\n', " +
      '"neutronclient.common.exceptions.OverQuotaClient: Quota exceeded.\\n", \'\\nDuring handling of the above exception\\n\', ' +
      "'nova.exception.PortLimitExceeded: Maximum number of ports exceeded\\n', '\\nDuring handling\\n', " +
      "'nova.exception.RescheduledException: Build of instance x was re-scheduled: Maximum number of ports exceeded\\n']"
    expect(Object.fromEntries(embeddedException(message))).toEqual({
      exception: 'nova.exception.PortLimitExceeded',
      exception_text: 'Maximum number of ports exceeded',
    })
  })
})
