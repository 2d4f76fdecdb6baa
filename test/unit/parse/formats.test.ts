import { describe, expect, it } from 'vitest'
import { formatMicros } from '../../../src/core/time.ts'
import type { LogRecord } from '../../../src/parse/record.ts'
import { assemble } from './assembled.ts'

type Expected = Partial<Omit<LogRecord, 'at'>> & { readonly at?: string }

const REQUEST = 'req-1d82800d-69fe-4c99-8567-194cc9c4322c'
const OTHER = 'req-5212bbe9-d1cc-47b3-a46d-083f64763b6e'
const USER = '17e837b3be144c679b462e5255b78db3'
const PROJECT = '405915a53fae460a92d3dd2ef4d9594b'
const INSTANCE = '5ca3b08e-4ed8-4c95-a0a9-bd4bc18052ee'
const CLAIM = {
  format: 'oslo',
  service: 'nova-compute',
  logger: 'nova.compute.claims',
  instance: INSTANCE,
  message: 'Claim successful on node compute-1',
} as const
const HEAD = 'INFO nova.compute.claims'
const REST = `[instance: ${INSTANCE}] Claim successful on node compute-1`
const CONTEXT = `[None ${REQUEST} ${USER} ${PROJECT} - - default default]`
const LINE = `2026-11-20 05:16:50.459 457 ${HEAD} ${CONTEXT} ${REST}`
const AT = '2026-11-20T05:16:50.459000Z'

function shown(record: LogRecord | undefined): Record<string, unknown> {
  return record === undefined ? {} : { ...record, at: formatMicros(record.at) }
}

function check(lines: string | readonly string[], expected: Expected): void {
  const { records } = assemble(typeof lines === 'string' ? [lines] : lines)
  expect(records).toHaveLength(1)
  expect(shown(records[0])).toMatchObject(expected)
}

describe("oslo.log's text", () => {
  const brackets: [string, string, Expected][] = [
    ['no global id', `None ${REQUEST} ${USER} ${PROJECT} - - default default`, { request: REQUEST, globalRequest: '' }],
    [
      'two ids',
      `${OTHER} ${REQUEST} ${USER} ${PROJECT} - - default default`,
      { request: REQUEST, globalRequest: OTHER },
    ],
    [
      'one id, as up to Yoga',
      `${REQUEST} ${USER} ${PROJECT} - - -`,
      { request: REQUEST, user: USER, project: PROJECT },
    ],
    ['an id and no identity', `None ${REQUEST} - - - - - -`, { request: REQUEST, user: '', project: '' }],
    ['an id alone', REQUEST, { request: REQUEST }],
    ['no context', '-', { request: '' }],
    ["devstack's names", `None ${REQUEST} demo admin`, { request: REQUEST, user: '', project: '' }],
    ['no identity in devstack', `None ${REQUEST} None None`, { request: REQUEST, user: '' }],
    ['the id last', `demo admin ${REQUEST}`, { request: REQUEST }],
    ['nothing known', 'None None None', { request: '' }],
  ]
  it.each(brackets)('reads a bracket with %s', (_, bracket, expected) => {
    check(`2026-11-20 05:16:50.459 457 ${HEAD} [${bracket}] ${REST}`, {
      ...CLAIM,
      at: AT,
      pid: 457,
      level: 'INFO',
      ...expected,
    })
  })

  const stamps: [string, string, string][] = [
    ['a comma', '2026-11-20 05:16:50,459', AT],
    ['no milliseconds', '2026-11-20 05:16:50', '2026-11-20T05:16:50.000000Z'],
    ['microseconds', '2026-11-20 05:16:50.459123', '2026-11-20T05:16:50.459123Z'],
    ['a T', '2026-11-20T05:16:50.459', AT],
    ['a zone', '2026-11-20T05:16:50.459+02:00', '2026-11-20T03:16:50.459000Z'],
    ['a zone without colon', '2026-11-20T05:16:50.459-0130', '2026-11-20T06:46:50.459000Z'],
    ['a Z', '2026-11-20T05:16:50.459Z', AT],
  ]
  it.each(stamps)('reads a time with %s', (_, stamp, at) => {
    check(`${stamp} 457 ${HEAD} ${CONTEXT} ${REST}`, { ...CLAIM, at })
  })

  it('reads a site format without a process id', () => {
    check(`2026-11-20 05:16:50.459 ${HEAD} ${CONTEXT} ${REST}`, { ...CLAIM, pid: 0 })
  })

  it('reads a site format without a context, where the instance stands in its place', () => {
    check(`2026-11-20 05:16:50.459 457 ${HEAD} ${REST}`, { ...CLAIM, request: '' })
  })

  it('leaves a bracket that is no context to the message', () => {
    check('2026-11-20 05:16:50.459 457 INFO root [a b] c', { message: '[a b] c', request: '' })
  })

  it('takes colours away, at the end and within', () => {
    check(`${LINE}\u001b[00m`, CLAIM)
    check(`2026-11-20 05:16:50.459 457 \u001b[00;36m${HEAD} ${CONTEXT} \u001b[01;35m${REST}\u001b[00m`, CLAIM)
  })

  const suffixes = [
    ' _do_build_and_run_instance /usr/lib/python3/dist-packages/nova/compute/manager.py:2314',
    ' {{(pid=42) _do_build_and_run_instance /opt/stack/nova/nova/compute/manager.py:2314}}',
    ' {{_do_build_and_run_instance /opt/stack/nova/nova/compute/manager.py:2314}}',
    ' from (pid=42) _do_build_and_run_instance /opt/stack/nova/nova/compute/manager.py:2314',
    ' <lambda> /usr/lib/python3/dist-packages/nova/compute/manager.py:2314',
  ]
  it.each(suffixes)('cuts off%s', suffix => {
    check(`2026-11-20 06:31:43.889 628 DEBUG nova.compute.manager ${CONTEXT} Starting instance...${suffix}`, {
      message: 'Starting instance...',
    })
  })

  it('cuts the suffix off the last line of a message of many lines', () => {
    const head = '2018-06-26 03:27:41.558 2283 DEBUG glanceclient.common.http [-] '
    const lines = [
      head,
      'HTTP/1.1 200 OK',
      ' log_http_response /usr/lib/python2.7/site-packages/glanceclient/common/http.py:202',
    ]
    check(lines, { message: '\nHTTP/1.1 200 OK' })
  })

  it('keeps what looks like a suffix on lines that are not DEBUG', () => {
    check(`2026-11-20 06:31:43.889 628 INFO a [-] see func /a.py:1`, { message: 'see func /a.py:1' })
  })

  it('reads whole lines behind the file name that a collection put in front', () => {
    const line = `nova-compute.log.1.2017-05-16_13:55:31 2017-05-16 00:00:04.500 2931 ${HEAD} [${REQUEST} ${USER} ${PROJECT} - - -] ${REST}`
    check(line, { ...CLAIM, at: '2017-05-16T00:00:04.500000Z', pid: 2931, request: REQUEST, host: '' })
  })

  it.each([
    [`/var/log/nova/nova-compute.log:${LINE}`, ''],
    [`nova-compute  | ${LINE}`, ''],
    [`compute-1 ${LINE}`, 'compute-1'],
    [`[compute-1.example.com] nova-compute: ${LINE}`, 'compute-1.example.com'],
  ])('reads %s', (line, host) => {
    check(line, { ...CLAIM, at: AT, host })
  })
})

describe('JSON', () => {
  const json = {
    message: 'Claim successful on node compute-1',
    asctime: '2026-11-20 05:16:50',
    name: 'nova.compute.claims',
    msg: 'Claim successful on node %s',
    levelname: 'INFO',
    created: 1795151810.459321,
    process: 457,
    hostname: 'compute-1',
    context: { request_id: REQUEST, global_request_id: OTHER, user: USER, project_id: PROJECT },
    extra: { instance: INSTANCE },
  }

  it("reads oslo.log's formatter", () => {
    const ids = { request: REQUEST, globalRequest: OTHER, user: USER, project: PROJECT }
    const expected = {
      ...CLAIM,
      ...ids,
      format: 'oslo-json',
      at: '2026-11-20T05:16:50.459321Z',
      host: 'compute-1',
      pid: 457,
    } as const
    check(JSON.stringify(json), expected)
  })

  it('finds the uuid in the printed form of an instance', () => {
    const printed = `Instance(access_ip_v4=None,image_ref='6c2c4b15-0ef8-4ba1-9d5e-2a2f5a7d1f8b',uuid=${INSTANCE},vcpus=1)`
    check(JSON.stringify({ ...json, extra: { instance: printed } }), { instance: INSTANCE })
  })

  it.each([
    [['Traceback (most recent call last):\n', 'ValueError: x\n']],
    ['Traceback (most recent call last):\nValueError: x'],
  ])('appends the traceback, a list or a text', traceback => {
    check(JSON.stringify({ ...json, traceback, error_summary: 'ValueError: x' }), {
      message: expect.stringMatching(/^Claim.*: ValueError: x\nTraceback [^]*ValueError: x$/) as string,
    })
  })

  it("reads fluentd's fields, of oslo.log and of kolla", () => {
    const fluent = {
      message: 'Creating image(s)',
      time: '2026-11-20 05:16:50,459',
      name: 'nova.virt.libvirt.driver',
      level: 'INFO',
    }
    check(JSON.stringify(fluent), {
      format: 'oslo-json',
      at: AT,
      logger: 'nova.virt.libvirt.driver',
      message: 'Creating image(s)',
    })
    const kolla = {
      Payload: REST,
      Timestamp: '2026-11-20 05:16:50.459',
      python_module: 'nova.compute.claims',
      log_level: 'INFO',
      Pid: '457',
      Hostname: 'compute-1',
      programname: 'nova-compute',
      request_id: REQUEST,
    }
    check(JSON.stringify(kolla), {
      ...CLAIM,
      format: 'oslo-json',
      at: AT,
      pid: 457,
      host: 'compute-1',
      request: REQUEST,
    })
  })
})

describe('envelopes', () => {
  const wrapped: [string, string, Expected][] = [
    ['syslog with an RFC 3339 date', `2026-11-20T06:16:50.460012+01:00 compute-1 nova-compute[457]: ${LINE}`, {}],
    ['syslog with a BSD date', `Nov 20 05:16:50 compute-1 nova-compute[457]: ${LINE}`, {}],
    ['syslog with its priority', `<134>Nov 20 05:16:50 compute-1 nova-compute[457]: ${LINE}`, {}],
    ['RFC 5424', `<134>1 2026-11-20T05:16:50.460Z compute-1 nova-compute 457 - [a@1 b="\\]"] \ufeff${LINE}`, {}],
    ["journalctl's short-iso", `2026-11-20T05:16:50+0000 compute-1 nova-compute[457]: ${LINE}`, {}],
    ["journalctl's short-precise", `Nov 20 05:16:50.460012 compute-1 nova-compute[457]: ${LINE}`, {}],
    ["journalctl's short-full", `Fri 2026-11-20 05:16:50 UTC compute-1 nova-compute[457]: ${LINE}`, {}],
    ["journalctl's short-unix", `1795151810.460012 compute-1 nova-compute[457]: ${LINE}`, {}],
    ['the CRI', `2026-11-20T05:16:50.460012345Z stdout F ${LINE}`, { host: '' }],
    [
      "docker's json-file",
      JSON.stringify({ log: `${LINE}\n`, stream: 'stderr', time: '2026-11-20T05:16:50.460012345Z' }),
      { host: '' },
    ],
    [
      'fluent-bit',
      JSON.stringify({
        log: LINE,
        time: '2026-11-20T05:16:50.46Z',
        kubernetes: { host: 'compute-1', container_name: 'nova-compute' },
      }),
      {},
    ],
    [
      'the journal as JSON',
      JSON.stringify({
        __REALTIME_TIMESTAMP: '1795151810460012',
        _HOSTNAME: 'compute-1',
        SYSLOG_IDENTIFIER: 'nova-compute',
        _PID: '457',
        MESSAGE: LINE,
      }),
      {},
    ],
    [
      'a CRI line in the journal',
      `Nov 20 05:16:51 compute-1 k8s_nova[9]: 2026-11-20T05:16:50.460012345Z stdout F ${LINE}`,
      {},
    ],
  ]
  it.each(wrapped)('unwraps %s', (_, line, expected) => {
    check(line, { ...CLAIM, at: AT, host: 'compute-1', request: REQUEST, pid: 457, ...expected })
  })

  it('takes the zone of a local time from an envelope that knows the moment', () => {
    const local = LINE.replace('05:16:50', '07:16:50')
    check(`2026-11-20T05:16:50.460012345Z stdout F ${local}`, { at: AT })
  })

  it("gives devstack's lines the journal's time, which is all they have", () => {
    const line = `${HEAD} [None ${REQUEST} demo admin] ${REST}`
    check(`Nov 20 05:16:50.459000 np01 nova-compute[457]: ${line}`, {
      ...CLAIM,
      at: AT,
      host: 'np01',
      request: REQUEST,
      pid: 457,
    })
    const bytes = [...Buffer.from(`\u001b[00;32m${line}\u001b[00m`)]
    const entry = {
      __REALTIME_TIMESTAMP: '1795151810459000',
      _HOSTNAME: 'np01',
      _SYSTEMD_UNIT: 'devstack@n-cpu.service',
      SYSLOG_IDENTIFIER: 'python3',
      MESSAGE: bytes,
    }
    check(JSON.stringify(entry), { ...CLAIM, at: AT, host: 'np01' })
  })

  it('reads the export format, binary fields included', () => {
    const entry = [
      '__CURSOR=s=1',
      '__REALTIME_TIMESTAMP=1795151810460012',
      '_HOSTNAME=compute-1',
      'SYSLOG_IDENTIFIER=nova-compute',
      'MESSAGE',
      `\u0042\0\0\0\0\0\0\0${LINE}`,
      'second line',
      '_PID=457',
      '',
    ]
    const { records, counts } = assemble([...entry, ...entry])
    expect(records).toHaveLength(2)
    expect(shown(records[1])).toMatchObject({
      ...CLAIM,
      message: `${CLAIM.message}\nsecond line`,
      at: AT,
      host: 'compute-1',
      pid: 457,
    })
    expect(counts).toMatchObject({ lines: 18, heads: 2, continuations: 14, blank: 2 })
  })

  it('joins the parts of a long line', () => {
    const [first, second] = [LINE.slice(0, 90), LINE.slice(90)]
    check([`2026-11-20T05:16:50.46Z stdout P ${first}`, `2026-11-20T05:16:50.46Z stdout F ${second}`], CLAIM)
    const docker = (log: string): string => JSON.stringify({ log, stream: 'stdout', time: '2026-11-20T05:16:50.46Z' })
    check([docker(first), docker(`${second}\n`)], CLAIM)
  })

  it("turns rsyslog's escapes back into lines", () => {
    const head = `2026-11-20 05:16:50.459 457 ERROR nova.compute.manager ${CONTEXT} Boom: ValueError: x`
    const trace = '2026-11-20 05:16:50.459 457 ERROR nova.compute.manager Traceback (most recent call last):'
    check(`Nov 20 05:16:50 compute-1 nova-compute[457]: ${head}#012${trace}#033[00m`, {
      message: 'Boom: ValueError: x\nTraceback (most recent call last):',
    })
  })

  it('follows a record whose traceback came line by line', () => {
    const wrap = (line: string): string => `Nov 20 05:16:50 compute-1 nova-compute[457]: ${line}`
    const lines = [
      `ERROR nova.compute.manager [None ${REQUEST} demo admin] Boom`,
      'ERROR nova.compute.manager Traceback (most recent call last):',
      '  File "x.py"',
    ].map(wrap)
    check(
      [...lines.slice(0, 1), 'Nov 20 05:16:50 compute-1 sshd[1]: Accepted', ...lines.slice(1)].filter(
        line => !line.includes('sshd'),
      ),
      { message: 'Boom\nTraceback (most recent call last):\n  File "x.py"' },
    )
  })
})

describe('other formats', () => {
  const cases: [string, Expected][] = [
    [
      '[pid: 11050|app: 0|req: 2/5] 10.20.0.11 () {36 vars in 670 bytes} [Fri Nov 20 05:44:04 2026] POST /v2.1/servers => generated 372 bytes in 641 msecs (HTTP/1.1 202) 8 headers in 409 bytes (1 switches on core 0)',
      {
        format: 'uwsgi',
        pid: 11050,
        at: '2026-11-20T05:44:04.000000Z',
        message: expect.stringMatching(/^\[pid: 11050.*core 0\)$/) as string,
      },
    ],
    [
      '10.20.0.11 - - [20/Nov/2026:06:44:04 +0100] "POST /v3/auth/tokens HTTP/1.1" 201 3700 183211 "-" "python-requests"',
      {
        format: 'apache',
        at: '2026-11-20T05:44:04.000000Z',
        message:
          '10.20.0.11 - - [20/Nov/2026:06:44:04 +0100] "POST /v3/auth/tokens HTTP/1.1" 201 3700 183211 "-" "python-requests"',
      },
    ],
    [
      'api.example.com:5000 10.0.0.1 - - [20/Nov/2026:05:44:04 +0000] "GET / HTTP/1.1" 300 272',
      { format: 'apache', message: '10.0.0.1 - - [20/Nov/2026:05:44:04 +0000] "GET / HTTP/1.1" 300 272' },
    ],
    [
      '2026-11-20T05:17:32.619Z|00024|pinctrl(ovn_pinctrl0)|INFO|DHCPOFFER fa:16:3e:5e:43:47 192.168.9.198',
      {
        format: 'vlog',
        logger: 'pinctrl',
        level: 'INFO',
        at: '2026-11-20T05:17:32.619000Z',
        message: 'DHCPOFFER fa:16:3e:5e:43:47 192.168.9.198',
      },
    ],
    [
      '2026-11-20T06:08:18.320945+00:00 compute-1 ovs-vsctl: ovs|00002|db_ctl_base|ERR|multiple rows in Manager match "ptcp:6640:127.0.0.1"',
      {
        format: 'vlog',
        logger: 'db_ctl_base',
        level: 'ERR',
        service: 'ovs-vsctl',
        host: 'compute-1',
        at: '2026-11-20T06:08:18.320945Z',
      },
    ],
    [
      '2026-11-20 05:19:38.120+0000: 119: error : virNetSocketReadWire:1793 : End of file while reading data: Input/output error',
      {
        format: 'libvirt',
        level: 'ERROR',
        logger: 'virNetSocketReadWire',
        pid: 119,
        at: '2026-11-20T05:19:38.120000Z',
        message: 'virNetSocketReadWire:1793 : End of file while reading data: Input/output error',
      },
    ],
    [
      'Nov 20 06:04:04 dnsmasq-dhcp[7330]: 355436375 DHCPACK(tap96b69299-ec) 192.168.1.164 fa:16:3e:72:7b:c5 host-192-168-1-164',
      {
        format: 'syslog',
        logger: 'dnsmasq-dhcp',
        service: 'dnsmasq',
        host: '',
        pid: 7330,
        at: '2026-11-20T06:04:04.000000Z',
      },
    ],
    [
      '2026-11-20T06:31:56.334708+00:00 compute-1 haproxy-metadata-proxy-c2dc94d9-1f3f-42ff-b640-13d8d1c20cec[1049]: 192.168.1.187:33508 [20/Nov/2026:06:31:56.324] listener',
      {
        format: 'syslog',
        service: 'haproxy',
        logger: 'haproxy-metadata-proxy-c2dc94d9-1f3f-42ff-b640-13d8d1c20cec',
        host: 'compute-1',
      },
    ],
    [
      '2026-11-20T06:04:05.170+0000 7fc6507f86c0  0 mon.controller-1@0(leader) e1 handle_command mon_command({"prefix":"df"} v 0) v1',
      {
        format: 'ceph',
        at: '2026-11-20T06:04:05.170000Z',
        message: expect.stringMatching(/^mon\.controller-1@0/) as string,
      },
    ],
    [
      '2026-11-20T06:31:38.433906+0000 mon.controller-1 (mon.0) 170 : cluster [DBG] osdmap e36: 1 total, 1 up, 1 in',
      { format: 'ceph', logger: 'cluster', level: 'DBG', message: 'osdmap e36: 1 total, 1 up, 1 in' },
    ],
    [
      '{"bucket":"glance","time":"2026-11-20T06:33:54.746054Z","operation":"get_obj"}',
      { format: 'ceph', logger: 'ops-log', at: '2026-11-20T06:33:54.746054Z' },
    ],
    [
      '2026-11-20 06:03:50.416028+00:00 [info] <0.13139.0> accepting AMQP connection <0.13139.0> (10.20.0.11:46328 -> 10.20.0.11:5672)',
      {
        format: 'rabbitmq',
        level: 'INFO',
        at: '2026-11-20T06:03:50.416028Z',
        message: expect.stringMatching(/^accepting AMQP/) as string,
      },
    ],
    [
      '2026-11-20T06:31:39.139046+00:00 controller-1 su[4796]: (to rabbitmq) root on none',
      { format: 'syslog', logger: 'su', pid: 4796, message: '(to rabbitmq) root on none' },
    ],
  ]
  it.each(cases)('reads %s', (line, expected) => {
    check(line, expected)
  })

  it("takes the instance of a domain's log from QEMU's command line, for the stop as well", () => {
    const lines = [
      '2026-11-20 06:08:17.513+0000: starting up libvirt version: 9.0.0, qemu version: 7.2.22',
      'LC_ALL=C \\',
      '-name guest=instance-00000239,debug-threads=on \\',
      '-uuid 691f4312-f043-4a0c-882e-3872cec5ba58 \\',
      '2026-11-20T06:08:25.820808Z qemu-system-x86_64: terminating on signal 15 from pid 119 (/usr/sbin/libvirtd)',
      '2026-11-20 06:08:26.021+0000: shutting down, reason=destroyed',
    ]
    const { records } = assemble(lines, { domain: 'instance-00000239' })
    const ids = { format: 'qemu', logger: 'instance-00000239', instance: '691f4312-f043-4a0c-882e-3872cec5ba58' }
    expect(records.map(shown)).toMatchObject([
      { ...ids, at: '2026-11-20T06:08:17.513000Z' },
      { ...ids, at: '2026-11-20T06:08:25.820808Z' },
      { ...ids, at: '2026-11-20T06:08:26.021000Z', message: 'shutting down, reason=destroyed' },
    ])
  })
})
