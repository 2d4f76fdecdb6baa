import { describe, expect, it } from 'vitest'
import type { Shape } from '../../../collector/config/shape.ts'
import { configJsonSchema, configShape } from '../../../collector/config/shape.ts'

function* walk(path: string, shape: Shape): Generator<readonly [string, Shape]> {
  yield [path, shape]
  if (shape.kind === 'list') yield* walk(`${path}[]`, shape.item)
  if (shape.kind !== 'map') return
  for (const [name, field] of shape.fields) yield* walk(path === '' ? name : `${path}.${name}`, field)
  if (shape.rest !== undefined) yield* walk(`${path}.*`, shape.rest)
}

const shapes = [...walk('', configShape)]

describe('the schema', () => {
  it('describes every field in sentences', () => {
    const fields = shapes.filter(([path]) => !path.endsWith('[]'))
    expect(
      fields.filter(([, { description }]) => !/^[A-Za-z`].*[.:]$/.test(description)).map(([path]) => path),
    ).toEqual([])
  })

  it('knows no key that it does not list', () => {
    const json = JSON.stringify(configJsonSchema())
    const objects = json.match(/"type":"object"/g) ?? []
    const closed = json.match(/"additionalProperties":false/g) ?? []
    const headers = shapes.filter(([path]) => path.endsWith('.headers'))
    expect(closed).toHaveLength(objects.length - headers.length)
  })

  it('marks passwords, tokens and headers as secrets, and nothing else', () => {
    const secrets = shapes.filter(([, { kind }]) => kind === 'secret').map(([path]) => path)
    expect(secrets.every(path => /\.(?:password|token|headers\.\*)$/.test(path))).toBe(true)
    expect(secrets).toHaveLength(11)
  })

  it('gives every setting a default, or says that it is required or may be absent', () => {
    const defaults = shapes.filter(([, { fallback }]) => fallback !== undefined).map(([path]) => path)
    expect(defaults).toEqual(
      expect.arrayContaining(['timezone', 'sources.files', 'sources.kafka', 'serve.listen', 'limits.shutdown']),
    )
  })

  it('is JSON Schema 2020-12', () => {
    expect(configJsonSchema().$schema).toBe('https://json-schema.org/draft/2020-12/schema')
  })
})
