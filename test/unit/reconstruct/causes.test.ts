import { describe, expect, test } from 'vitest'
import type { Cause, Phase } from '../../../src/core/launch.ts'
import { CAUSES } from '../../../src/core/launch.ts'
import type { Signal } from '../../../src/core/signal.ts'
import { plusSeconds } from '../../../src/core/time.ts'
import { causeOf, causeOfRefusal } from '../../../src/reconstruct/causes.ts'
import { NOON } from '../../support/store.ts'
import { CONDUCTOR, deleted, launchesOf, launchOf, posted, say } from './story.ts'

/*
 * Exceptions as nova and the clients that it uses word them. Those of the recorded cloud are verbatim; the others follow
 * nova: nova/exception.py.
 */
const SAID: readonly (readonly [said: string, cause: Cause, phase: Phase | undefined])[] = [
  ['VirtualInterfaceCreateException Virtual Interface creation failed', 'vif_timeout', 'vif_wait'],
  [
    'PortBindingFailed Binding failed for port 5ca3b08e-4ed8-4c95-a0a9-bd4bc18052ee, please check neutron logs for more information.',
    'port_binding_failed',
    'network',
  ],
  ['PortLimitExceeded Maximum number of ports exceeded', 'quota_exceeded', 'network'],
  ['NoMoreFixedIps No fixed IP addresses available for network: 05b1c057', 'network_failed', 'network'],
  [
    'ExternalNetworkAttachForbidden It is not allowed to create an interface on external network 05b1c057',
    'network_failed',
    'network',
  ],
  ['PortNotUsable Port 918e67fe not usable for instance 3ad2470e.', 'network_failed', 'network'],
  [
    'BuildAbortException Build of instance 826260a1 aborted: VolumeLimitExceeded: Maximum number of volumes allowed (10) exceeded for quota volumes.',
    'volume_quota',
    'block_device',
  ],
  [
    'VolumeSizeExceedsAvailableQuota Requested volume or snapshot exceeds allowed gigabytes quota.',
    'volume_quota',
    'block_device',
  ],
  [
    "ProcessExecutionError FileNotFoundError: [Errno 2] No such file or directory: 'genisoimage'",
    'config_drive_failed',
    'config_drive',
  ],
  [
    'ConfigDriveMountFailed Could not mount vfat config drive. mount failed. Error: wrong fs type',
    'config_drive_failed',
    'config_drive',
  ],
  ['ImageNotFound Image 141a7e8e could not be found.', 'image_unavailable', 'image'],
  [
    'GlanceConnectionFailed Connection to glance host http://10.20.0.11:9292 failed: HTTP 503',
    'image_unavailable',
    'image',
  ],
  ['ImageUnacceptable Image 141a7e8e is unacceptable: Unable to convert image to raw', 'image_invalid', 'image'],
  ["FlavorDiskSmallerThanImage Flavor's disk is too small for requested image.", 'image_invalid', 'image'],
  ['SignatureVerificationError Signature verification for the image failed: bad signature.', 'image_invalid', 'image'],
  ['InvalidDiskInfo Disk info file is invalid: qemu-img failed to execute', 'image_invalid', 'image'],
  [
    'VolumeNotCreated Volume 5ca3b08e did not finish being created even after we waited 187 seconds or 61 attempts.',
    'volume_failed',
    'block_device',
  ],
  ['InvalidBDM Block Device Mapping is Invalid.', 'volume_failed', 'block_device'],
  [
    'ClientException os_brick.exception.VolumeDeviceNotFound: Volume device not found at /dev/disk/by-path',
    'volume_failed',
    'block_device',
  ],
  ['NoValidHost No valid host was found. There are not enough hosts available.', 'no_valid_host', 'schedule'],
  ['MessagingTimeout Timed out waiting for a reply select_destinations', 'messaging_timeout', 'schedule'],
  [
    'ComputeResourcesUnavailable Insufficient compute resources: Free memory 1024.00 MB < requested 2048 MB.',
    'claim_failed',
    'claim',
  ],
  ['PciDeviceRequestFailed PCI device request [] failed', 'claim_failed', 'claim'],
  ['GroupAffinityViolation Anti-affinity server group policy was violated', 'claim_failed', 'claim'],
  [
    'RescheduledException Build of instance was re-scheduled: Anti-affinity instance group policy was violated.',
    'claim_failed',
    'claim',
  ],
  ['OSError [Errno 28] No space left on device', 'disk_full', 'image'],
  ['libvirt.libvirtError internal error: qemu unexpectedly closed the monitor', 'hypervisor_error', 'domain_start'],
  ['HypervisorUnavailable Connection to the hypervisor is broken on host', 'hypervisor_error', 'domain_start'],
  [
    "OSError [Errno 30] Read-only file system: '/var/lib/nova/instances/_base/5a5a5a5a.part'",
    'image_unavailable',
    'image',
  ],
  ['BuildAbortException Failed to allocate the network(s), not rescheduling.', 'network_failed', 'network'],
  ['MessagingTimeout Timed out waiting for a reply to message ID 1f48cce9', 'messaging_timeout', undefined],
  [
    'keystoneauth1.exceptions.http.Unauthorized The request you have made requires authentication. (HTTP 401)',
    'unauthorized',
    undefined,
  ],
  [
    'keystoneauth1.exceptions.connection.ConnectFailure Unable to establish connection to http://10.20.0.11:8778',
    'service_unavailable',
    undefined,
  ],
  [
    'TooManyInstances Quota exceeded for cores: Requested 4, but already used 20 of 20 cores',
    'quota_exceeded',
    undefined,
  ],
  ['InstanceBuildTimeout Instance build timed out. Set to error state.', 'build_timeout', undefined],
]

describe('the words of an exception', () => {
  test.each(SAID)('"%s" mean %s in %s', (said, cause, phase) => {
    expect([causeOf(said)?.cause, causeOf(said)?.phase]).toEqual([cause, phase])
  })

  test('that nobody has catalogued mean nothing', () => {
    expect(causeOf('ValueError invalid literal for int()')).toBeUndefined()
    expect(causeOf('')).toBeUndefined()
  })
})

const REFUSALS: readonly (readonly [status: number, said: string, cause: Cause])[] = [
  [400, 'Invalid imageRef provided.', 'bad_request'],
  [401, '', 'unauthorized'],
  [403, "Policy doesn't allow os_compute_api:servers:create:forced_host to be performed.", 'forbidden'],
  [403, 'Quota exceeded for instances: Requested 1, but already used 10 of 10 instances', 'quota_exceeded'],
  [404, 'The resource could not be found.', 'not_found'],
  [409, 'Multiple possible networks found, use a Network ID to be more specific.', 'conflict'],
  [413, '', 'quota_exceeded'],
  [500, 'Unexpected API Error.', 'api_error'],
  [503, '', 'service_unavailable'],
]

test.each(REFUSALS)('an answer of %i with "%s" means %s', (status, said, cause) => {
  expect(causeOfRefusal(status, said)).toBe(cause)
})

test.each(REFUSALS.filter(([status]) => status !== 401))('a request that is answered with %i failed in api', status => {
  expect(launchOf([posted(0.5, String(status))]).failure).toMatchObject({ phase: 'api', service: 'nova-api' })
})

test('a request that was not let in is no launch: the id in its line may be that of the request before', () => {
  expect(launchesOf([posted(0.5, '401')])).toEqual([])
})

const compute = [posted(0.5), say(1, 'nova.compute.start'), say(1.2, 'nova.compute.claim.ok')]

function raised(name: string, exception: string, text: string): Signal {
  return say(3, name, { attributes: { exception, exception_text: text } })
}

function giveUp(exception: string, text = ''): Signal {
  return say(4, 'nova.conductor.set_error', { ...CONDUCTOR, attributes: { exception, exception_text: text } })
}

function abort(reason: string): Signal {
  return say(3.5, 'nova.compute.build.abort', { attributes: { reason, level: 'ERROR' } })
}

const aborted = abort('Failed to allocate the network(s), not rescheduling.')
const volumeAborted = abort('Failure prepping block device.')

interface Failed {
  readonly signals: readonly Signal[]
  readonly phase: Phase
  readonly cause: Cause
  readonly service?: string
}

/** The first signal of each kind of failure of which something is said, and what follows it, as a cloud would. */
const FAILURES: Readonly<Record<string, Failed>> = {
  'no candidates in placement': {
    signals: [
      posted(0.5),
      say(0.8, 'nova.scheduler.no_candidates', { ...CONDUCTOR, service: 'nova-scheduler' }),
      giveUp('NoValidHost', 'No valid host was found.'),
    ],
    phase: 'schedule',
    cause: 'no_valid_host',
  },
  'all hosts filtered out': {
    signals: [
      posted(0.5),
      say(0.8, 'nova.scheduler.filter_zero', {
        ...CONDUCTOR,
        service: 'nova-scheduler',
        attributes: { filter: 'ComputeFilter' },
      }),
      giveUp('NoValidHost', 'No valid host was found.'),
    ],
    phase: 'schedule',
    cause: 'no_valid_host',
  },
  'a scheduler that does not answer': {
    signals: [
      posted(0.5),
      say(60, 'nova.conductor.schedule_failed', {
        ...CONDUCTOR,
        attributes: {
          exception: 'MessagingTimeout',
          exception_text: 'Timed out waiting for a reply select_destinations',
        },
      }),
      say(61, 'nova.conductor.set_error', CONDUCTOR),
    ],
    phase: 'schedule',
    cause: 'messaging_timeout',
  },
  'a claim that the host refuses': {
    signals: [
      posted(0.5),
      say(1, 'nova.compute.start'),
      say(1.1, 'nova.compute.claim.fail', { attributes: { reason: 'Free memory 1024.00 MB < requested 2048 MB' } }),
      giveUp('MaxRetriesExceeded'),
    ],
    phase: 'claim',
    cause: 'claim_failed',
    service: 'nova-compute',
  },
  'a build without a retry': {
    signals: [
      ...compute,
      raised('nova.compute.spawn.failed', 'OSError', '[Errno 28] No space left on device'),
      raised('nova.compute.build.failed', 'OSError', '[Errno 28] No space left on device'),
      say(3.4, 'nova.compute.alloc.deleted'),
    ],
    phase: 'image',
    cause: 'disk_full',
  },
  'retries exhausted': {
    signals: [
      ...compute,
      raised(
        'nova.compute.build.failed',
        'libvirt.libvirtError',
        'internal error: qemu unexpectedly closed the monitor',
      ),
      giveUp(
        'MaxRetriesExceeded',
        'Exceeded maximum number of retries. Exhausted all hosts available for retrying build failures for instance.',
      ),
    ],
    phase: 'domain_start',
    cause: 'hypervisor_error',
  },
  'an image that is gone': {
    signals: [
      ...compute,
      raised('nova.compute.spawn.failed', 'ImageNotFound', 'Image 141a7e8e could not be found.'),
      abort('Image 141a7e8e could not be found.'),
    ],
    phase: 'image',
    cause: 'image_unavailable',
  },
  'a port that cannot be bound': {
    signals: [
      ...compute,
      raised(
        'nova.compute.build.failed',
        'PortBindingFailed',
        'Binding failed for port 5ca3b08e, please check neutron logs for more information.',
      ),
      giveUp('MaxRetriesExceeded'),
    ],
    phase: 'network',
    cause: 'port_binding_failed',
  },
  'a network that nova gives up on': {
    signals: [
      ...compute,
      say(3, 'nova.compute.network.giveup', {
        attributes: { exception: 'NoMoreFixedIps', exception_text: 'No fixed IP addresses available for network' },
      }),
      aborted,
    ],
    phase: 'network',
    cause: 'network_failed',
  },
  'an interface that is never plugged': {
    signals: [
      ...compute,
      say(3, 'nova.compute.vif.timeout'),
      raised('nova.compute.spawn.failed', 'VirtualInterfaceCreateException', 'Virtual Interface creation failed'),
      aborted,
    ],
    phase: 'vif_wait',
    cause: 'vif_timeout',
  },
  'a port that neutron reports as failed': {
    signals: [...compute, say(3, 'nova.compute.vif.neutron_failed'), aborted],
    phase: 'vif_wait',
    cause: 'vif_timeout',
  },
  'a volume that is not made in time': {
    signals: [
      ...compute,
      raised(
        'nova.compute.bdm.failed',
        'VolumeNotCreated',
        'Volume 5ca3b08e did not finish being created even after we waited 187 seconds or 61 attempts.',
      ),
      volumeAborted,
    ],
    phase: 'block_device',
    cause: 'volume_failed',
  },
  'a volume over quota': {
    signals: [
      ...compute,
      say(3, 'nova.compute.bdm.quota', {
        attributes: {
          reason: 'Maximum number of volumes allowed (10) exceeded for quota volumes. VolumeLimitExceeded',
        },
      }),
      volumeAborted,
    ],
    phase: 'block_device',
    cause: 'volume_quota',
  },
  'a volume that cannot be connected': {
    signals: [...compute, say(3, 'nova.compute.bdm.driver_attach_failed'), volumeAborted],
    phase: 'block_device',
    cause: 'volume_failed',
  },
  'a config drive that cannot be written': {
    signals: [
      ...compute,
      raised('nova.compute.spawn.failed', 'FileNotFoundError', "[Errno 2] No such file or directory: 'genisoimage'"),
      giveUp('MaxRetriesExceeded'),
    ],
    phase: 'config_drive',
    cause: 'config_drive_failed',
  },
  'a guest that libvirt refuses': {
    signals: [
      ...compute,
      say(2.8, 'nova.compute.osvif.plugged'),
      say(3, 'nova.compute.guest.failed'),
      raised(
        'nova.compute.spawn.failed',
        'libvirt.libvirtError',
        'internal error: process exited while connecting to monitor',
      ),
      giveUp('MaxRetriesExceeded'),
    ],
    phase: 'domain_start',
    cause: 'hypervisor_error',
  },
  'a device that the host does not have': {
    signals: [
      ...compute,
      raised('nova.compute.build.failed', 'PciDeviceRequestFailed', 'PCI device request [] failed'),
      giveUp('MaxRetriesExceeded'),
    ],
    phase: 'claim',
    cause: 'claim_failed',
  },
  'a server group that is violated in the end': {
    signals: [
      ...compute,
      raised(
        'nova.compute.build.rescheduled',
        'GroupAffinityViolation',
        'Anti-affinity server group policy was violated',
      ),
      giveUp('MaxRetriesExceeded'),
    ],
    phase: 'claim',
    cause: 'claim_failed',
  },
  'a build that takes longer than it may': {
    signals: [
      ...compute,
      say(600, 'nova.compute.build.timeout', {
        attributes: { message: 'Instance build timed out. Set to error state.' },
      }),
    ],
    phase: 'network',
    cause: 'build_timeout',
  },
  'a token that ran out in a long build': {
    signals: [
      ...compute,
      raised(
        'nova.compute.build.failed',
        'keystoneauth1.exceptions.http.Unauthorized',
        'The request you have made requires authentication. (HTTP 401)',
      ),
      giveUp('MaxRetriesExceeded'),
    ],
    phase: 'network',
    cause: 'unauthorized',
  },
  'an exception that nobody knows': {
    signals: [...compute, raised('nova.compute.build.unexpected', 'ValueError', 'invalid literal for int()')],
    phase: 'network',
    cause: 'network_failed',
  },
}

describe('a launch that fails by', () => {
  test.each(Object.entries(FAILURES))('%s says so', (_, { signals, phase, cause, service }) => {
    const { outcome, failure } = launchOf(signals)
    expect([outcome, failure?.phase, failure?.cause]).toEqual(['error', phase, cause])
    if (service !== undefined) expect(failure?.service).toBe(service)
    expect(failure?.message).not.toBe('')
  })

  test('a wait that is not fatal becomes active all the same', () => {
    const took = say(6, 'nova.compute.build.took', { attributes: { took_seconds: '5' } })
    expect(launchOf([...compute, say(3, 'nova.compute.vif.timeout'), took])).toMatchObject({
      outcome: 'active',
      failure: undefined,
    })
  })

  test('silence of the conductor is lost in the phase that comes next', () => {
    expect(launchOf([posted(0.5)], { asOf: plusSeconds(NOON, 7200) })).toMatchObject({ outcome: 'lost' })
  })

  test('a delete is no failure', () => {
    const gone = raised('nova.compute.build.failed', 'UnexpectedDeletingTaskStateError', 'Conflict updating instance')
    expect(launchOf([...compute, gone, deleted(3.5)])).toMatchObject({ outcome: 'deleted', failure: undefined })
  })
})

test('every cause of the closed list is shown by a case here or is decided by how a launch ended', () => {
  const byEnding: readonly Cause[] = ['compute_restarted', 'went_silent', 'other', 'retries_exhausted']
  const shown = new Set([...SAID.map(([, cause]) => cause), ...REFUSALS.map(([, , cause]) => cause), ...byEnding])
  expect(CAUSES.filter(cause => !shown.has(cause))).toEqual([])
})
