import { stringify } from 'yaml'
import { hideCredentials } from './credentials.ts'
import type { ConfigReading } from './read-config.ts'
import type { MapShape, Shape } from './shape.ts'
import { configShape } from './shape.ts'

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function showMap(value: unknown, shape: MapShape): unknown {
  const written = isMapping(value) ? value : {}
  const fields = [...shape.fields].flatMap(([name, field]): [string, unknown][] => {
    const each = written[name] === undefined ? field.fallback : written[name]
    return each === undefined ? [] : [[name, show(each, field)]]
  })
  const { rest } = shape
  const others =
    rest === undefined ? [] : Object.entries(written).map(([name, each]) => [name, show(each, rest)] as const)
  return Object.fromEntries([...fields, ...others])
}

function show(value: unknown, shape: Shape): unknown {
  switch (shape.kind) {
    case 'secret':
      // Where a secret lies is no secret.
      return isMapping(value) ? value : '[redacted]'
    case 'map':
      return showMap(value, shape)
    case 'list':
      return Array.isArray(value) ? value.map((item: unknown) => show(item, shape.item)) : []
    case 'value':
      return typeof value === 'string' && shape.title === 'URL' ? hideCredentials(value) : value
  }
}

/** The whole configuration as YAML, with defaults and without secrets. */
export function renderEffective({ config, written }: ConfigReading): string {
  const named = { ...(isMapping(written) ? written : {}), host: config.host }
  return stringify(show(named, configShape), { lineWidth: 0 })
}
