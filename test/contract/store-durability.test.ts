import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openEmbeddedStore } from '../../src/store/embedded.ts'
import { openServerStore } from '../../src/store/server.ts'
import { makeLaunch, makeTemporaryDirectory } from '../support/store.ts'

const WRITER = new URL('../support/store-writer.ts', import.meta.url).pathname

describe('the data directory', () => {
  let directory: string
  const children: ChildProcess[] = []

  beforeEach(() => {
    directory = makeTemporaryDirectory()
  })
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL')
    rmSync(directory, { recursive: true, force: true })
  })

  /** Starts a writer and resolves when it said that many lines. */
  async function startWriter(
    first: number,
    lines: number,
  ): Promise<{ readonly child: ChildProcess; readonly said: string[] }> {
    const child = spawn(process.execPath, [WRITER, directory, String(first)], { stdio: ['ignore', 'pipe', 'inherit'] })
    children.push(child)
    const said: string[] = []
    await new Promise<void>((resolve, reject) => {
      child.once('exit', () => reject(new Error('The writer ended by itself.')))
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        said.push(...text.split('\n').filter(line => line !== ''))
        if (said.length >= lines) resolve()
      })
    })
    return { child, said }
  }

  async function kill(child: ChildProcess): Promise<void> {
    await new Promise(resolve => {
      child.removeAllListeners('exit').once('close', resolve)
      child.kill('SIGKILL')
    })
  }

  it('keeps every acknowledged row through kill -9 in the middle of inserts', async () => {
    const acknowledged: number[] = []
    for (const round of [0, 1, 2]) {
      const { child, said } = await startWriter(round * 1000, 3 + round * 4)
      await kill(child)
      acknowledged.push(...said.filter(line => line !== 'open').map(Number))
    }
    const store = await openEmbeddedStore({ directory })
    for (const batch of acknowledged) {
      const name = `batch-${String(batch)}`
      expect(await store.findSignals([`instance:${name}`]), name).toHaveLength(200)
      expect(await store.findLaunches(makeLaunch(name).requestId), name).toEqual([makeLaunch(name)])
    }
    await store.close()
    expect(acknowledged.length).toBeGreaterThan(10)
  })

  it('is refused to a second process, and free once the first has ended', async () => {
    const { child } = await startWriter(0, 1)
    const refused = openEmbeddedStore({ directory })
    await expect(refused).rejects.toMatchObject({ code: 'LAUNCHTRACE_STORE_BUSY', directory, holder: child.pid })
    await expect(refused).rejects.toThrow(`${directory} is in use by process ${String(child.pid)}`)
    await kill(child)
    const store = await openEmbeddedStore({ directory })
    await store.close()
  })

  it('is refused when a newer version wrote it', async () => {
    const store = await openEmbeddedStore({ directory })
    const session = store.openSession()
    session.query("INSERT INTO schema_version (version, name) VALUES (4000, 'future')")
    session.close()
    await store.close()
    await expect(openEmbeddedStore({ directory })).rejects.toMatchObject({
      code: 'LAUNCHTRACE_STORE_NEWER',
      found: 4000,
    })
  })

  it('opens after a migration was interrupted before it was noted', async () => {
    const store = await openEmbeddedStore({ directory })
    const session = store.openSession()
    session.query('TRUNCATE TABLE schema_version')
    session.close()
    await store.close()
    await (await openEmbeddedStore({ directory })).close()
  })

  it('that cannot be made is named in the error', async () => {
    const file = join(directory, 'file')
    writeFileSync(file, '')
    const path = join(file, 'data')
    await expect(openEmbeddedStore({ directory: path })).rejects.toMatchObject({
      code: 'LAUNCHTRACE_STORE_UNAVAILABLE',
    })
    await expect(openEmbeddedStore({ directory: path })).rejects.toThrow(path)
  })
})

describe('a server', () => {
  it('that is not there is named in the error', async () => {
    const refused = openServerStore({ url: 'http://127.0.0.1:1', database: 'launchtrace' })
    await expect(refused).rejects.toMatchObject({ code: 'LAUNCHTRACE_STORE_UNAVAILABLE', retryable: true })
    await expect(refused).rejects.toThrow('http://127.0.0.1:1')
  })
})
