import type { MapShape, Shape } from './shape.ts'
import { configShape } from './shape.ts'

function takes(shape: Shape): string {
  switch (shape.kind) {
    case 'secret':
      return 'secret'
    case 'map':
      return shape.rest === undefined ? 'mapping' : `${takes(shape.rest)} by name`
    case 'list':
      return `list of ${takes(shape.item)}`
    case 'value':
      if (shape.words.length > 0) return shape.words.map(word => `\`${word}\``).join(', ')
      if (shape.type === 'boolean') return '`true`, `false`'
      return shape.type === 'integer' ? 'whole number' : shape.title
  }
}

function writeDefault(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(writeDefault).join(', ')}]`
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function defaultOf({ fallback, isRequired, kind }: Shape): string {
  if (isRequired) return 'required'
  const isEmpty = kind === 'map' || fallback === undefined
  return isEmpty ? '' : `\`${writeDefault(fallback)}\``
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|')
}

function* rowsOf(path: string, shape: Shape): Generator<string> {
  yield `| \`${path}\` | ${cell(takes(shape))} | ${cell(defaultOf(shape))} | ${cell(shape.description)} |`
  yield* rowsBelow(path, shape)
}

function* rowsBelow(path: string, shape: Shape): Generator<string> {
  if (shape.kind === 'list') yield* rowsBelow(`${path}[]`, shape.item)
  if (shape.kind !== 'map') return
  for (const [name, field] of shape.fields) yield* rowsOf(`${path}.${name}`, field)
}

const HEAD = ['| setting | takes | default | meaning |', '| --- | --- | --- | --- |']

function renderSection(name: string, shape: MapShape): readonly string[] {
  return [`### ${name}`, '', shape.description, '', ...HEAD, ...rowsBelow(name, shape), '']
}

/** Every setting as Markdown: a table for each section, in the order of the schema. */
export function renderReference(): string {
  if (configShape.kind !== 'map') throw new Error('The configuration is a mapping.')
  const fields = [...configShape.fields]
  const single = fields.flatMap(([name, field]) => (field.kind === 'map' ? [] : [...rowsOf(name, field)]))
  const sections = fields.flatMap(([name, field]) => (field.kind === 'map' ? renderSection(name, field) : []))
  return ['### At the top', '', ...HEAD, ...single, '', ...sections].join('\n')
}
