import { logSignals } from './entry.ts'
import { libvirtFunction, qemuCommand, qemuDomain } from './extract.ts'
import { end, hidden, integer, name, oneOf, text, version, word } from './hole.ts'
import { line } from './line.ts'

/** What hypervisor says about a launch. */
export const hypervisor = logSignals([
  {
    id: 'libvirt.qemu.start',
    family: 'qemu',
    services: ['qemu'],
    loggers: [],
    messages: [line`starting up libvirt version: ${version('libvirt_version')}${hidden()}`],
    level: '-',
    releases: 'all',
    upstream: 'libvirt src/qemu/qemu_process.c',
    requestMeaning: 'none',
    steps: ['A43', 'B20'],
    means: 'Libvirt starts the QEMU process of a domain.',
    extract: qemuCommand,
    examples: [
      {
        message:
          'starting up libvirt version: 9.0.0, package: 9.0.0-4+deb12u2 (Debian), qemu version: 7.2.22Debian 1:7.2+dfsg-7+deb12u18+b3, kernel: 6.18.44-generic, hostname: compute-2\n-name guest=instance-00000046,debug-threads=on \\\n-uuid 2ec7c328-59c2-45b4-838c-bff20ba8b7e8 \\',
        logger: 'instance-00000046',
        fields: {
          instances: '2ec7c328-59c2-45b4-838c-bff20ba8b7e8',
          aliases: 'domain:instance-00000046',
          libvirt_version: '9.0.0',
        },
      },
    ],
    notThis: [],
  },
  {
    id: 'libvirt.qemu.stop',
    family: 'qemu',
    services: ['qemu'],
    loggers: [],
    messages: [line`shutting down, reason=${name('reason')}`, line`shutting down${end}`],
    level: '-',
    releases: 'all',
    upstream: 'libvirt src/qemu/qemu_process.c',
    requestMeaning: 'none',
    steps: [],
    means: 'The QEMU process of a domain ended; right after the start it failed.',
    extract: qemuDomain,
    examples: [
      {
        message: 'shutting down, reason=destroyed',
        logger: 'instance-00000014',
        fields: { aliases: 'domain:instance-00000014', reason: 'destroyed' },
      },
      { message: 'shutting down', fields: {}, fromTemplate: true },
    ],
    notThis: ['shutting down soon'],
  },
  {
    id: 'libvirt.error',
    family: 'libvirt',
    services: ['libvirtd'],
    loggers: [],
    messages: [line`${text('error')}`],
    level: 'error',
    releases: 'all',
    upstream: 'libvirt src/util/virlog.c',
    requestMeaning: 'none',
    onlyLevels: ['ERROR'],
    steps: ['A43'],
    means: 'Libvirt reports an error, without saying for whom.',
    extract: libvirtFunction,
    examples: [
      {
        message: 'virNetSocketReadWire:1793 : End of file while reading data: Input/output error',
        logger: 'virNetSocketReadWire',
        level: 'ERROR',
        fields: {
          error: 'virNetSocketReadWire:1793 : End of file while reading data: Input/output error',
          function: 'virNetSocketReadWire',
        },
      },
    ],
    notThis: [],
  },
  {
    id: 'systemd.machine',
    family: 'syslog',
    services: ['systemd-machined'],
    loggers: [],
    messages: [line`New machine qemu-${integer('')}-${word('domain')}.`],
    level: 'info',
    releases: 'hosts where libvirt registers with machined',
    upstream: 'systemd src/machine/machine.c',
    requestMeaning: 'none',
    steps: ['A43', 'B20'],
    means: 'The guest was registered with systemd.',
    examples: [
      {
        message: 'New machine qemu-2-instance-0000000a.',
        fields: { aliases: 'domain:instance-0000000a' },
        fromTemplate: true,
      },
    ],
    notThis: [],
  },
  {
    id: 'ceph.slow',
    family: 'ceph',
    services: ['ceph-mon', 'ceph-osd'],
    loggers: [],
    messages: [line`${text('')}${integer('count')} slow ${oneOf('kind', 'requests', 'ops')} `],
    level: 'WRN',
    releases: 'all',
    upstream: 'ceph cluster log',
    requestMeaning: 'none',
    steps: ['A21', 'A22', 'A23', 'A24', 'A25', 'A49', 'A50', 'A51', 'B22'],
    means: 'Ceph was slow to answer requests.',
    examples: [
      { message: 'Maximum exceeded2 slow requests ', fields: { count: '2', kind: 'requests' }, fromTemplate: true },
    ],
    notThis: [],
  },
])
