import { logSignals } from './entry.ts'
import { haproxyRequest, metadataHeaders } from './extract.ts'
import { hidden, integer, ip, oneOf, path, uuid, word } from './hole.ts'
import { line } from './line.ts'

/** What metadata says about a launch. */
export const metadata = logSignals([
  {
    id: 'neutron.ovnmeta.bound',
    services: ['neutron-ovn-metadata-agent'],
    loggers: ['neutron.agent.ovn.metadata.agent', 'networking_ovn.agent.metadata.agent'],
    messages: [line`Port ${uuid('port')} in datapath ${uuid('datapath')} bound to our chassis`],
    level: 'INFO',
    releases: 'ussuri…master (" on insert" variant from 2023.2)',
    upstream: 'neutron/agent/ovn/metadata/agent.py PortBindingChassisCreatedEvent',
    requestMeaning: 'none',
    steps: ['B13'],
    means: 'OVN bound the port on this host, seen by the metadata agent.',
    examples: [
      {
        message:
          'Port b6056b11-7619-445d-8462-658099a3b073 in datapath 05b1c057-3b14-490e-ae05-01d19d0ea468 bound to our chassis',
        fields: { ports: 'b6056b11-7619-445d-8462-658099a3b073', datapath: '05b1c057-3b14-490e-ae05-01d19d0ea468' },
      },
    ],
    notThis: [
      'Port b6056b11-7619-445d-8462-658099a3b073 in datapath 05b1c057-3b14-490e-ae05-01d19d0ea468 unbound from our chassis',
    ],
  },
  {
    id: 'neutron.ovnmeta.provision',
    services: ['neutron-ovn-metadata-agent'],
    loggers: ['neutron.agent.ovn.metadata.agent', 'networking_ovn.agent.metadata.agent'],
    messages: [line`Provisioning metadata for network ${uuid('network')}`],
    level: 'INFO/DEBUG',
    releases: 'ussuri…master',
    upstream: 'neutron/agent/ovn/metadata/agent.py MetadataAgent.provision_datapath',
    requestMeaning: 'none',
    steps: ['A52'],
    means: 'Metadata of a network is set up on this host.',
    examples: [
      {
        message: 'Provisioning metadata for network 05b1c057-3b14-490e-ae05-01d19d0ea468',
        fields: { network: '05b1c057-3b14-490e-ae05-01d19d0ea468' },
      },
    ],
    notThis: ['Connection to OVSDB established, doing a full sync'],
  },
  {
    id: 'neutron.meta.request',
    services: ['neutron-metadata-agent', 'neutron-ovn-metadata-agent'],
    loggers: [
      'neutron.agent.metadata.proxy_base',
      'neutron.agent.metadata.agent',
      'neutron.agent.ovn.metadata.server',
      'networking_ovn.agent.metadata.server',
    ],
    messages: [line`Request: ${oneOf('method', 'GET', 'POST', 'PUT')} ${path('path')}`],
    level: 'DEBUG',
    releases: 'mitaka…master',
    upstream: 'neutron/agent/metadata/proxy_base.py MetadataProxyHandlerBase.__call__',
    requestMeaning: 'none',
    steps: ['A52'],
    means: 'A guest asks for its metadata, seen by the metadata proxy.',
    extract: metadataHeaders,
    examples: [
      {
        message:
          'Request: GET /openstack/latest/user_data HTTP/1.0\nConnection: close\nContent-Type: text/plain\nHost: 169.254.169.254\nUser-Agent: Wget\nX-Forwarded-For: 192.168.1.16\nX-Ovn-Network-Id: 05b1c057-3b14-490e-ae05-01d19d0ea468',
        fields: {
          aliases: 'ip:05b1c057-3b14-490e-ae05-01d19d0ea468/192.168.1.16',
          method: 'GET',
          path: '/openstack/latest/user_data',
          network: '05b1c057-3b14-490e-ae05-01d19d0ea468',
          ip: '192.168.1.16',
        },
      },
    ],
    notThis: ['<Response [200]>'],
  },
  {
    id: 'neutron.meta.forbidden',
    services: ['neutron-metadata-agent', 'neutron-ovn-metadata-agent'],
    loggers: [
      'neutron.agent.metadata.proxy_base',
      'neutron.agent.metadata.agent',
      'neutron.agent.ovn.metadata.server',
      'networking_ovn.agent.metadata.server',
    ],
    messages: [
      line`The remote metadata server responded with Forbidden. This response usually occurs when shared secrets do not match.`,
    ],
    level: 'WARNING',
    releases: 'mitaka…master',
    upstream: 'neutron/agent/metadata/proxy_base.py MetadataProxyHandlerBase._proxy_request',
    requestMeaning: 'none',
    steps: ['A53'],
    means: 'Nova refuses the metadata proxy.',
    examples: [
      {
        message:
          'The remote metadata server responded with Forbidden. This response usually occurs when shared secrets do not match.',
        fields: {},
        fromTemplate: true,
      },
    ],
    notThis: ['The instance: 111e8fb9-892a-408f-80e4-ced1822660d2 is not present anymore, skipping cache...'],
  },
  {
    id: 'nova.meta.fixed_ip',
    services: ['nova-api-metadata'],
    loggers: ['nova.api.metadata.base'],
    messages: [line`Fixed IP ${word('ip')} translates to instance UUID ${uuid('instance')}`],
    level: 'INFO',
    releases: 'ocata…master',
    upstream: 'nova/api/metadata/base.py get_metadata_by_address',
    requestMeaning: 'none',
    steps: ['A53'],
    means: 'A guest without a proxy was found by its address.',
    examples: [
      {
        message: 'Fixed IP compute-1 translates to instance UUID b075536a-086f-4823-8428-cfb6a2ea600f',
        fields: { instances: 'b075536a-086f-4823-8428-cfb6a2ea600f', ip: 'compute-1' },
        fromTemplate: true,
      },
    ],
    notThis: [],
  },
  {
    id: 'nova.meta.headers',
    services: ['nova-api-metadata'],
    loggers: ['nova.api.metadata.handler'],
    messages: [line`Metadata request headers: ${hidden()}`],
    level: 'DEBUG',
    releases: 'queens…master',
    upstream: 'nova/api/metadata/handler.py MetadataRequestHandler.__call__',
    requestMeaning: 'none',
    steps: ['A53'],
    means: 'A guest asks for its metadata; the headers name the instance.',
    extract: metadataHeaders,
    examples: [
      {
        message:
          "Metadata request headers: {'Host': '10.20.0.11:8775', 'User-Agent': 'python-requests/2.28.1', 'Accept-Encoding': 'gzip, deflate', 'Accept': '*/*', 'Connection': 'keep-alive', 'X-Forwarded-For': '192.168.1.16', 'X-Instance-Id': 'b075536a-086f-4823-8428-cfb6a2ea600f', 'X-Tenant-Id': '405915a53fae460a92d3dd2ef4d9594b', 'X-Instance-Id-Signature': '***'}",
        fields: { instances: 'b075536a-086f-4823-8428-cfb6a2ea600f', ip: '192.168.1.16' },
      },
    ],
    notThis: ['Using cached metadata for instance b075536a-086f-4823-8428-cfb6a2ea600f'],
  },
  {
    id: 'nova.meta.fail',
    services: ['nova-api-metadata'],
    loggers: ['nova.api.metadata.handler'],
    messages: [line`Failed to get metadata for instance id: ${uuid('instance')}`],
    level: 'ERROR',
    releases: 'kilo…master',
    upstream: 'nova/api/metadata/handler.py MetadataRequestHandler._get_meta_by_instance_id',
    requestMeaning: 'none',
    steps: ['A53'],
    means: 'Metadata of an instance could not be read.',
    examples: [
      {
        message: 'Failed to get metadata for instance id: b075536a-086f-4823-8428-cfb6a2ea600f',
        fields: { instances: 'b075536a-086f-4823-8428-cfb6a2ea600f' },
        fromTemplate: true,
      },
    ],
    notThis: ['Using cached metadata for instance b075536a-086f-4823-8428-cfb6a2ea600f'],
  },
  {
    id: 'haproxy.metadata',
    family: 'syslog',
    services: ['haproxy'],
    loggers: [],
    messages: [line`${ip()}:${integer('')} [${word('')}] ${word('')} ${word('')} ${word('')} ${integer('status')} `],
    level: 'info',
    releases: 'Queens…master',
    upstream: 'haproxy httplog',
    requestMeaning: 'none',
    steps: ['A52', 'A54'],
    means: 'A guest asked for its metadata, seen by the proxy of its network.',
    extract: haproxyRequest,
    examples: [
      {
        message:
          '192.168.1.36:40030 [20/Nov/2026:05:16:20.751] listener listener/metadata 0/0/0/4/4 404 179 - - ---- 1/1/0/0/0 0/0 "GET /openstack/latest/user_data HTTP/1.1"',
        logger: 'haproxy-metadata-proxy-05b1c057-3b14-490e-ae05-01d19d0ea468',
        fields: {
          aliases: 'ip:05b1c057-3b14-490e-ae05-01d19d0ea468/192.168.1.36',
          ip: '192.168.1.36',
          status: '404',
          network: '05b1c057-3b14-490e-ae05-01d19d0ea468',
          method: 'GET',
          path: '/openstack/latest/user_data',
          took_seconds: '0.004',
        },
      },
    ],
    notThis: [],
  },
])
