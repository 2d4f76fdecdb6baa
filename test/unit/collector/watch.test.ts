import { once } from 'node:events'
import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { describe, expect, it } from 'vitest'
import { watchLaunches } from '../../../collector/commands/watch.ts'
import { createRemoteReader } from '../../../collector/reading/remote-reader.ts'

const LAUNCHES = '/api/launches'

function answer(request: IncomingMessage, response: ServerResponse): void {
  if (request.url?.startsWith(LAUNCHES) === true) response.end('[]\n')
  else response.writeHead(404).end()
}

async function listen(port: number, handle = answer): Promise<Server> {
  const server = createServer(handle).listen(port, '127.0.0.1')
  await once(server, 'listening')
  return server
}

function portOf(server: Server): number {
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

async function close(server: Server): Promise<void> {
  server.closeAllConnections()
  await new Promise(resolve => server.close(resolve))
}

interface Watching {
  readonly screens: string[]
  readonly problems: string[]
  readonly ended: Promise<void>
  readonly stop: () => void
}

function watch(port: number): Watching {
  const [screens, problems, controller] = [[] as string[], [] as string[], new AbortController()]
  const terminal = {
    width: 120,
    height: 40,
    isTerminal: false,
    colour: false,
    out: (text: string) => Promise.resolve(void screens.push(text)),
    err: (text: string) => void problems.push(text),
    progress: () => undefined,
  }
  const reader = createRemoteReader(`http://127.0.0.1:${String(port)}`)
  const ended = watchLaunches(reader, { filter: {}, json: false }, { terminal, stop: controller.signal })
  return {
    screens,
    problems,
    ended,
    stop: () => {
      controller.abort()
    },
  }
}

async function until(reached: () => boolean): Promise<void> {
  while (!reached()) await new Promise(resolve => setTimeout(resolve, 10))
}

describe('watching launches', () => {
  it('waits for a process that is started anew, says so once, and goes on', async () => {
    let server = await listen(0)
    const port = portOf(server)
    const watching = watch(port)
    await until(() => watching.screens.length > 0)
    await close(server)
    await until(() => watching.problems.length > 0)
    const before = watching.screens.length
    server = await listen(port)
    await until(() => watching.screens.length > before)
    watching.stop()
    await watching.ended
    await close(server)
    expect(watching.problems).toEqual([expect.stringContaining('Waiting for it.')])
  })

  it('waits as well when an answer breaks off in the middle', async () => {
    let breaks = false
    const server = await listen(0, (request, response) => {
      if (!breaks || request.url?.startsWith(LAUNCHES) !== true) {
        answer(request, response)
        return
      }
      breaks = false
      response.write('[', () => response.destroy())
    })
    const watching = watch(portOf(server))
    await until(() => watching.screens.length > 0)
    breaks = true
    await until(() => watching.problems.length > 0)
    const before = watching.screens.length
    await until(() => watching.screens.length > before)
    watching.stop()
    await watching.ended
    await close(server)
    expect(watching.problems).toEqual([expect.stringContaining('broke off')])
  })

  it('ends with an error when nothing answers from the beginning', async () => {
    const server = await listen(0)
    const port = portOf(server)
    await close(server)
    await expect(watch(port).ended).rejects.toThrow('Is launchtrace running there?')
  })
})
