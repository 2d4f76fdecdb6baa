import type { Cause, Phase } from '../core/launch.ts'

/** What an exception means for a launch. Matched against "class text function module", in order; the first fits. */
interface CauseRule {
  readonly pattern: RegExp
  readonly cause: Cause
  /** Undefined when the exception alone does not tell. */
  readonly phase?: Phase
}

/** Exceptions by which a build ends because its instance was deleted meanwhile (nova: nova/exception.py). */
export const DELETED_MEANWHILE =
  /InstanceNotFound|UnexpectedDeletingTaskStateError|UnexpectedTaskStateError.*deleting|BuildRequestNotFound|Instance disappeared|InstanceInfoCacheNotFound/

/** Wrappers that say that a build failed but not why: the first failure under them says it. */
export const WRAPPER = /MaxRetriesExceeded|RescheduledException|BuildAbortException|Exceeded maximum number of retries/

/** nova: nova/exception.py, and the function in which create.error says the exception was raised. */
const CAUSE_RULES: readonly CauseRule[] = [
  {
    pattern: /VirtualInterfaceCreateException|Virtual Interface creation failed|Timeout waiting for .*vif-plugged/,
    cause: 'vif_timeout',
    phase: 'vif_wait',
  },
  {
    pattern: /PortBindingFailed|Binding failed for port|binding_failed/,
    cause: 'port_binding_failed',
    phase: 'network',
  },
  {
    pattern: /PortLimitExceeded|port quota|Maximum number of ports exceeded|FloatingIpLimitExceeded/i,
    cause: 'quota_exceeded',
    phase: 'network',
  },
  {
    pattern:
      /NoMoreFixedIps|NoMoreNetworks|FixedIpAlreadyInUse|FixedIpLimitExceeded|ExternalNetworkAttachForbidden|Port(InUse|NotUsable|NotFound|RequiresFixedIP|UpdateFailed)|Network(NotFound|Ambiguous|RequiresSubnet|DuplicateSubnets)|InterfaceAttach|SecurityGroup\w*NotFound|neutronclient|IpAddressGenerationFailure|UnableToAutoAllocateNetwork/,
    cause: 'network_failed',
    phase: 'network',
  },
  {
    pattern:
      /exceeding volume related resource quota|VolumeLimitExceeded|VolumeSizeExceedsAvailableQuota|(Volume|Snapshot|Gigabytes)\w*Quota|VolumesLimitExceeded/i,
    cause: 'volume_quota',
    phase: 'block_device',
  },
  {
    pattern: /genisoimage|mkisofs|ConfigDrive|config ?drive|_make_iso9660|make_drive/i,
    cause: 'config_drive_failed',
    phase: 'config_drive',
  },
  {
    pattern:
      /ImageNotFound|ImageUnavailable|ImageNotActive|GlanceConnectionFailed|Connection to glance host|_fetch_image|glance.* (503|504)|HTTPServiceUnavailable.*image/i,
    cause: 'image_unavailable',
    phase: 'image',
  },
  {
    pattern:
      /ImageUnacceptable|InvalidImage|SignatureVerification|FlavorDisk(Too)?Small|FlavorDiskSmallerThan|InvalidDiskInfo|ImageSerialPort|corrupt.*image|CertificateValidation|ImageDeleteConflict/i,
    cause: 'image_invalid',
    phase: 'image',
  },
  {
    pattern:
      /VolumeNotCreated|InvalidBDM|InvalidVolume|VolumeAttach|VolumeNotFound|SnapshotNotFound|CinderConnectionFailed|Volume\w*Failed|VolumeDriver|did not finish being created|BlockDeviceMapping|_prep_block_device|_volume_attach|os_brick/,
    cause: 'volume_failed',
    phase: 'block_device',
  },
  { pattern: /NoValidHost|No valid host/, cause: 'no_valid_host', phase: 'schedule' },
  {
    pattern: /MessagingTimeout.*select_destinations|select_destinations.*MessagingTimeout/,
    cause: 'messaging_timeout',
    phase: 'schedule',
  },
  {
    pattern:
      /ComputeResourcesUnavailable|Insufficient compute resources|instance_claim|_claim_test|PciDeviceRequestFailed|NUMATopology|GroupAffinityViolation|instance group policy|ComputeHostNotFound|AllocationUpdateFailed/,
    cause: 'claim_failed',
    phase: 'claim',
  },
  { pattern: /No space left on device|ENOSPC|Errno 28/, cause: 'disk_full', phase: 'image' },
  {
    pattern:
      /libvirtError|libvirt: |qemu.*(exited|unexpectedly)|internal error: |createWithFlags|_create_guest|HypervisorUnavailable|InternalError.*libvirt|UEFINotSupported/i,
    cause: 'hypervisor_error',
    phase: 'domain_start',
  },
  {
    pattern: /_create_image|fetch_to_raw|qemu-img|imagebackend|_create_and_inject_local_root|\/_base\//,
    cause: 'image_unavailable',
    phase: 'image',
  },
  {
    pattern: /Failed to allocate the network|allocate_for_instance|_update_port/,
    cause: 'network_failed',
    phase: 'network',
  },
  { pattern: /MessagingTimeout|MessageDeliveryFailure|RemoteError.*oslo_messaging/, cause: 'messaging_timeout' },
  {
    pattern: /keystone\w*\.exceptions\.(Unauthorized|http\.Unauthorized)|Unauthorized|ResourceProviderAuthorization/,
    cause: 'unauthorized',
  },
  {
    pattern:
      /ConnectFailure|ConnectionRefused|EndpointNotFound|ServiceUnavailable|HTTP 503|ConnectionError|DiscoveryFailure|PlacementAPIConnectFailure/,
    cause: 'service_unavailable',
  },
  { pattern: /Quota|OverQuota|TooManyInstances/i, cause: 'quota_exceeded' },
  { pattern: /build timed out|InstanceBuildTimeout/, cause: 'build_timeout' },
  { pattern: /MaxRetriesExceeded|Exceeded maximum number of retries/, cause: 'retries_exhausted' },
]

/** The first rule that fits any of what is said of an exception; undefined when none does. */
export function causeOf(said: string): CauseRule | undefined {
  return CAUSE_RULES.find(rule => rule.pattern.test(said))
}

/** What a refusal of `POST /servers` means, by HTTP status and the words beside it. */
export function causeOfRefusal(status: number, said: string): Cause {
  if (/quota|exceed/i.test(said) && status >= 400 && status < 500) return 'quota_exceeded'
  switch (status) {
    case 400:
      return 'bad_request'
    case 401:
      return 'unauthorized'
    case 403:
      return 'forbidden'
    case 404:
      return 'not_found'
    case 409:
      return 'conflict'
    case 413:
      return 'quota_exceeded'
    case 503:
      return 'service_unavailable'
    default:
      return status >= 500 ? 'api_error' : 'bad_request'
  }
}
