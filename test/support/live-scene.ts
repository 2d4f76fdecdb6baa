import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Answers } from './answers.ts'
import { importedAnswers } from './answers.ts'
import type { Recorded } from './corpus.ts'
import type { LiveProgram, LiveProgramOptions } from './live-program.ts'
import { makeLiveProgram } from './live-program.ts'
import type { NotificationPublisher } from './publisher.ts'
import { connectPublisher } from './publisher.ts'
import { findSetting } from './server-process.ts'
import type { Rabbitmq } from './rabbitmq.ts'
import type { Replay, ReplayOptions } from './replay.ts'
import { startReplay } from './replay.ts'

type Config = LiveProgramOptions['config']

/** One recording that happens again, on a disk and in a RabbitMQ of its own, before programs that watch it. */
export interface LiveScene {
  /** For everything of this scene; removed in the end. */
  readonly folder: string
  readonly logs: string
  /** Pattern of all logs, or of those of one host. */
  logsOf(host?: string): string
  /** Writes a file below the folder and gives its path; makes a folder when there is no text. */
  place(name: string, text?: string): string
  /** A program that is ended with the scene. */
  program(role: LiveProgramOptions['role'], name: string, config: Config): Promise<LiveProgram>
  /** `sources.rabbitmq` for a program of this scene, with its password in a file; `address` is a wire to the broker. */
  rabbitmqSource(address?: string): readonly Config[]
  /** Messages in its queues that nobody has acknowledged. */
  unacknowledged(): Promise<number>
  /** Begins the recording, with the notifications it has. */
  replay(options: Pick<ReplayOptions, 'seconds'> & Partial<ReplayOptions>): Replay
  /** What `import` makes of what the replay has left behind. */
  imported(): Promise<Answers>
  readonly publisher: NotificationPublisher
  /** Leaves the folder where it is when LAUNCHTRACE_TEST_KEEP is set. */
  end(): Promise<void>
}

/** What OpenStack's services publish to, all of it: none is made later. */
const EXCHANGES = ['nova', 'neutron', 'cinder', 'glance', 'keystone', 'openstack'] as const

let scenes = 0

interface Place {
  readonly folder: string
  readonly virtualHost: string
  readonly publisher: NotificationPublisher
}

async function preparePlace(broker: Rabbitmq): Promise<Place> {
  scenes += 1
  const folder = mkdtempSync(join(tmpdir(), 'launchtrace-live-'))
  const virtualHost = `scene-${process.pid}-${scenes}`
  await broker.addVirtualHost(virtualHost)
  const publisher = connectPublisher(broker.urlFor('guest', 'guest', virtualHost))
  await publisher.declare(...EXCHANGES)
  writeFileSync(join(folder, 'rabbitmq-password'), 'guest\n')
  mkdirSync(join(folder, 'logs'))
  return { folder, virtualHost, publisher }
}

function paths(recording: Recorded, logs: string): readonly string[] {
  return recording.notifications === undefined ? [logs] : [logs, recording.notifications]
}

/** Sets a scene up: a folder for logs, and a virtual host of the broker with the exchanges of OpenStack's services. */
export async function setScene(recording: Recorded, broker: Rabbitmq): Promise<LiveScene> {
  const { folder, virtualHost, publisher } = await preparePlace(broker)
  const logs = join(folder, 'logs')
  const programs: LiveProgram[] = []
  return {
    folder,
    logs,
    publisher,
    logsOf: (host = '') => join(logs, host, '**', '*.log'),
    place: (name, text) => {
      const path = join(folder, name)
      if (text === undefined) mkdirSync(path, { recursive: true })
      else writeFileSync(path, text)
      return path
    },
    program: async (role, name, config) => {
      const program = await makeLiveProgram({ role, name, folder, config })
      programs.push(program)
      return program
    },
    unacknowledged: async () => {
      const words = ['--quiet', '--no-table-headers', 'list_queues', '-p', virtualHost, 'messages']
      const counts = (await broker.control(...words)).split('\n').map(Number)
      return counts.reduce((sum, count) => sum + count, 0)
    },
    rabbitmqSource: (address = new URL(broker.amqpUrl).host) => {
      const url = `amqp://guest@${address}/${virtualHost}`
      return [{ name: 'cloud', url, password: { file: join(folder, 'rabbitmq-password') } }]
    },
    replay: options =>
      startReplay({ recording, folder: logs, publish: each => publisher.publish(...each), ...options }),
    imported: () => importedAnswers(...paths(recording, logs)),
    end: async () => {
      await Promise.all(programs.map(program => program.kill()))
      await publisher.close()
      if (findSetting('LAUNCHTRACE_TEST_KEEP') === undefined) rmSync(folder, { recursive: true, force: true })
    },
  }
}
