import type { Field } from '../catalogue/line.ts'
import { listOf, objectOf, textOf } from './notification.ts'
import type { JsonObject } from './notification.ts'

/** What neutron says about ports: one, many of a bulk call, or only the id of a deleted one. */
export function neutronFields(payload: JsonObject): readonly Field[] {
  const ports = [...listOf(payload['ports']), payload['port']].map(objectOf)
  const own: readonly Field[] = [
    ['port', textOf(payload['id'])],
    ['port', textOf(payload['port_id'])],
  ]
  return [...own, ...ports.flatMap(portFields)].filter(([, value]) => value !== '')
}

function portFields(port: JsonObject): readonly Field[] {
  const [owner, network] = [textOf(port['device_owner']), textOf(port['network_id'])]
  return [
    ['port', textOf(port['id'])],
    // Router and DHCP ports name their router or agent there.
    ['instance', owner.startsWith('network:') ? '' : textOf(port['device_id'])],
    ['device_owner', owner],
    ['network', network],
    ['mac', textOf(port['mac_address'])],
    ['status', textOf(port['status'])],
    ['bind_host', textOf(port['binding:host_id'])],
    ['vif_type', textOf(port['binding:vif_type'])],
    ['vnic_type', textOf(port['binding:vnic_type'])],
    ...listOf(port['fixed_ips']).map(fixed => addressAlias(network, textOf(objectOf(fixed)['ip_address']))),
  ]
}

function addressAlias(network: string, address: string): Field {
  return ['alias', network === '' || address === '' ? '' : `ip:${network}/${address}`]
}
