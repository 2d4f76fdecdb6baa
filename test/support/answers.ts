import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { runLaunches } from '../../collector/commands/launches.ts'
import { runShow } from '../../collector/commands/show.ts'
import type { CommandContext } from '../../collector/commands/context.ts'
import type { ReaderOptions } from '../../collector/reading/open-reader.ts'
import { runProgram, startProgram } from './program.ts'

/** What `launches --json` says of a store, and `show --json` of each of its launches. */
export interface Answers {
  readonly list: string
  /** By the instance, or the request of a launch that has none. */
  readonly shown: ReadonlyMap<string, string>
}

interface Captured {
  readonly context: CommandContext
  readonly out: () => string
}

function capture(): Captured {
  let out = ''
  const terminal = {
    ...{ width: 120, height: 40, isTerminal: false, colour: false },
    out: (text: string): Promise<void> => {
      out += text
      return Promise.resolve()
    },
    err: () => undefined,
    progress: () => undefined,
  }
  return { context: { terminal, stop: new AbortController().signal }, out: () => out }
}

/** The words of `launches --json`. */
async function askList(where: ReaderOptions): Promise<string> {
  const { context, out } = capture()
  await runLaunches({ ...where, json: true }, context)
  return out()
}

interface Listed {
  readonly instance_id: string | null
  readonly request_id: string
}

function idsIn(list: string): readonly string[] {
  return (JSON.parse(list) as readonly Listed[]).map(launch => launch.instance_id ?? launch.request_id)
}

export async function askAll(where: ReaderOptions): Promise<Answers> {
  const list = await askList(where)
  const shown = new Map<string, string>()
  for (const id of idsIn(list)) {
    const { context, out } = capture()
    await runShow(id, { ...where, json: true }, context)
    shown.set(id, out())
  }
  return { list, shown }
}

/** What `import` makes of these paths, in a store of its own. */
export async function importedAnswers(...paths: readonly string[]): Promise<Answers> {
  const data = mkdtempSync(join(tmpdir(), 'launchtrace-imported-'))
  try {
    const { code, err } = await runProgram('import', ...paths, '--data', data)
    if (code !== 0) throw new Error(`The import failed: ${err}`)
    return await servedAnswers(data)
  } finally {
    rmSync(data, { recursive: true, force: true })
  }
}

/** What a store holds that no process uses. */
export async function servedAnswers(data: string): Promise<Answers> {
  const server = startProgram('serve', '--data', data, '--port', '0')
  const [, url = ''] = await server.says(/Serving (http:\/\/127\.0\.0\.1:\d+)\//)
  try {
    return await askAll({ url })
  } finally {
    await server.interrupt()
  }
}

/** Lines of each side that are shown of a launch that is not as it should be. */
const SHOWN_LINES = 40

/** The lines in which two texts differ, between those that they begin and end with alike. */
function differingLines(live: string, imported: string): string {
  const [one, other] = [live.split('\n'), imported.split('\n')]
  const first = one.findIndex((line, index) => line !== other[index])
  const begin = first < 0 ? Math.min(one.length, other.length) : first
  let same = 0
  while (same < Math.min(one.length, other.length) - begin && one.at(-1 - same) === other.at(-1 - same)) same += 1
  const middle = (lines: readonly string[]): readonly string[] =>
    lines.slice(Math.max(0, begin - 3), lines.length - same).slice(0, SHOWN_LINES)
  const marked = (mark: string, lines: readonly string[]): readonly string[] => lines.map(line => `${mark} ${line}`)
  return [`from line ${begin + 1} on:`, ...marked('-', middle(one)), ...marked('+', middle(other))].join('\n')
}

/** How a store differs from the imported one, by its first launch that does; empty when it does not. */
export function describeDifference(live: Answers, imported: Answers): string {
  const ids = new Set([...live.shown.keys(), ...imported.shown.keys()])
  const differing = [...ids].filter(id => live.shown.get(id) !== imported.shown.get(id))
  const [id] = differing
  const [one, other] =
    id === undefined
      ? [live.list, imported.list]
      : [live.shown.get(id) ?? 'not there', imported.shown.get(id) ?? 'not there']
  if (one === other) return ''
  const count = `${differing.length} of ${imported.shown.size} launches differ from those of the import`
  return `${count}; ${id ?? 'the list'}, live (-) and imported (+), ${differingLines(one, other)}`
}

/** How long what is live may take to become what is imported. */
const PATIENCE_MS = 60_000

/** Waits until what runs at `url` answers as an import does; rejects with the first difference when it never does. */
export async function untilImported(url: string, imported: Answers): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS
  for (;;) {
    const found = await askAll({ url }).catch(() => undefined)
    const difference = found === undefined ? `${url} does not answer` : describeDifference(found, imported)
    if (difference === '') return
    if (Date.now() > deadline) throw new Error(difference)
    await sleep(500)
  }
}
