import { z } from 'zod'
import { configSchema } from './schema.ts'

interface Described {
  readonly description: string
  /** As it would be written in the file; undefined when there is none. */
  readonly fallback: unknown
  readonly isRequired: boolean
}

/** A mapping: `fields` by name, in the order of the schema, and `rest` for names that the user chooses. */
export interface MapShape extends Described {
  readonly kind: 'map'
  readonly fields: ReadonlyMap<string, Shape>
  readonly rest: Shape | undefined
}

export interface ListShape extends Described {
  readonly kind: 'list'
  readonly item: Shape
}

export interface SecretShape extends Described {
  readonly kind: 'secret'
}

export interface ValueShape extends Described {
  readonly kind: 'value'
  readonly type: 'string' | 'integer' | 'boolean'
  /** What sort of text: `duration`, `URL`; empty for others. */
  readonly title: string
  /** What is accepted, where it is one of a few words. */
  readonly words: readonly string[]
}

/** What the schema accepts at one place, for all that walks the configuration beside the schema itself. */
export type Shape = MapShape | ListShape | SecretShape | ValueShape

type Json = z.core.JSONSchema.JSONSchema

/** The schema as JSON Schema 2020-12, of what people write: before defaults and conversions. */
export function configJsonSchema(): Json {
  return z.toJSONSchema(configSchema, { io: 'input', target: 'draft-2020-12' })
}

function asSchema(json: Json | boolean | undefined): Json | undefined {
  return typeof json === 'object' ? json : undefined
}

function toMap(json: Json, described: Described): MapShape {
  const required = new Set(json.required)
  const fields = Object.entries(json.properties ?? {}).map(([name, field]): [string, Shape] => [
    name,
    toShape(asSchema(field) ?? {}, required.has(name)),
  ])
  const rest = asSchema(json.additionalProperties)
  return { ...described, kind: 'map', fields: new Map(fields), rest: rest && toShape(rest, false) }
}

function toValue(json: Json, described: Described): ValueShape {
  const type = json.type === 'integer' || json.type === 'boolean' ? json.type : 'string'
  return { ...described, kind: 'value', type, title: json.title ?? '', words: (json.enum ?? []).map(String) }
}

function toShape(json: Json, isRequired: boolean): Shape {
  const described = { description: json.description ?? '', fallback: json.default, isRequired }
  if (json.writeOnly === true) return { ...described, kind: 'secret' }
  if (json.type === 'object') return toMap(json, described)
  if (json.type !== 'array') return toValue(json, described)
  const items = Array.isArray(json.items) ? undefined : asSchema(json.items)
  return { ...described, kind: 'list', item: toShape(items ?? {}, true) }
}

/** The shape of the whole configuration. */
export const configShape: Shape = toShape(configJsonSchema(), true)

/** What stands at `key` below `shape`; undefined where nothing may stand. */
export function shapeBelow(shape: Shape, key: string | number): Shape | undefined {
  if (shape.kind === 'list') return typeof key === 'number' ? shape.item : undefined
  return shape.kind === 'map' && typeof key === 'string' ? (shape.fields.get(key) ?? shape.rest) : undefined
}
