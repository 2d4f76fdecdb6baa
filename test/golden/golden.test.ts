import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { launchToJson } from '../../collector/render/json.ts'
import { renderWaterfall } from '../../collector/render/waterfall.ts'
import type { Launch } from '../../src/core/launch.ts'
import { EXAMPLES } from '../support/corpus.ts'
import { rebuild } from '../support/reconstruction.ts'
import { factsOf } from '../support/scored.ts'

/*
 * Whole launches of a real cloud, rebuilt from the bundled recordings, as a person sees them: `waterfall.txt` is what
 * `launchtrace show` prints, `launches.json` what `launchtrace launches --json` does. Read the difference, then rewrite
 * them with UPDATE_GOLDEN=1.
 */

interface Story {
  readonly name: string
  /** Of `POST /servers`. */
  readonly request: string
}

const STORIES: readonly Story[] = [
  { name: 'happy', request: 'req-5212bbe9-d1cc-47b3-a46d-083f64763b6e' },
  { name: 'image-downloaded', request: 'req-1d82800d-69fe-4c99-8567-194cc9c4322c' },
  { name: 'boot-from-volume', request: 'req-587b91d4-cb7b-457f-8cf9-ef213ea62709' },
  { name: 'config-drive', request: 'req-33b9c18f-0540-444d-926a-77d94409ecd1' },
  { name: 'two-networks', request: 'req-e053e543-eda1-4b98-8d39-a2d5578e8422' },
  { name: 'no-network', request: 'req-9a73d778-92b0-433c-b0f9-eadb282ddb18' },
  { name: 'three-of-one-request', request: 'req-4fc44dbe-9888-4848-ba91-0d5bc80cc029' },
  { name: 'rescheduled', request: 'req-44848afd-f15c-47f5-9b55-d4802ba568d2' },
  { name: 'rescheduled-in-vain', request: 'req-0de15c16-d6b9-4088-bb5b-61fe2e4ab8a4' },
  { name: 'failed-in-schedule', request: 'req-49e31353-d099-4b60-a190-9cefd35502fc' },
  { name: 'failed-in-network', request: 'req-fd05a251-dbfd-46f5-b045-1bde6571aa82' },
  { name: 'failed-in-block-device', request: 'req-0e0202f5-9a0d-45ad-9b13-d25f785312d9' },
  { name: 'failed-in-image', request: 'req-a20dd0a7-9698-422c-9a04-370a2c8e3904' },
  { name: 'failed-in-config-drive', request: 'req-a9b86713-22b7-4e74-9518-8c8253541f44' },
  { name: 'failed-in-vif-wait', request: 'req-603882a2-3bcf-4a79-816a-d15ab1ac7e3e' },
  { name: 'refused-over-quota', request: 'req-bb342438' },
  { name: 'refused-bad-image', request: 'req-73cd99d7' },
  { name: 'deleted-while-building', request: 'req-64e2a46a-b86c-46ac-b261-de9f7d580f9d' },
]

// eslint-disable-next-line no-restricted-properties -- how a person says that the new output is right
const isUpdate = process.env['UPDATE_GOLDEN'] !== undefined

const FOLDER = import.meta.dirname

const launches = (await Promise.all(EXAMPLES.map(factsOf))).flatMap(({ signals }) => rebuild(signals))

function goldenFile(story: string, file: string, text: string): string {
  const path = join(FOLDER, story, file)
  if (isUpdate) {
    mkdirSync(join(FOLDER, story), { recursive: true })
    writeFileSync(path, text)
  }
  return existsSync(path) ? readFileSync(path, 'utf8') : ''
}

/** With what all instances of a request share, as `launchtrace show` puts it before each of them. */
function withShared(launch: Launch, siblings: readonly Launch[]): Launch {
  const shared = siblings.flatMap(({ spans }) => spans.filter(span => span.attributes['launchtrace.shared'] === 'true'))
  const own = launch.spans.filter(span => span.attributes['launchtrace.shared'] !== 'true')
  return { ...launch, spans: [...shared, ...own] }
}

describe.each(STORIES)('$name', ({ name, request }) => {
  const told = launches.filter(({ requestId }) => requestId.startsWith(request))

  test('looks as it did', () => {
    const look = { width: 140, colour: false, evidence: false }
    const waterfalls = told.map(launch => renderWaterfall(withShared(launch, told), look)).join('\n')
    expect(waterfalls).toBe(goldenFile(name, 'waterfall.txt', waterfalls))
    const json = `${JSON.stringify(told.map(launchToJson), undefined, 2)}\n`
    expect(json).toBe(goldenFile(name, 'launches.json', json))
  })
})

test('every golden folder is a story, so that none is forgotten', () => {
  const folders = readdirSync(FOLDER, { withFileTypes: true }).filter(entry => entry.isDirectory())
  expect(folders.map(({ name }) => name).toSorted()).toEqual(STORIES.map(({ name }) => name).toSorted())
})
