import { hostname } from 'node:os'
import { z } from 'zod'
import { exporting } from './export.ts'
import { input } from './input.ts'
import { launches } from './launches.ts'
import { limits } from './limits.ts'
import { output } from './output.ts'
import type { Secret } from './secret.ts'
import { serve } from './serve.ts'
import { sources } from './sources.ts'
import { store } from './store.ts'
import { telemetry } from './telemetry.ts'
import { name, path, timeZone } from './text.ts'

/** The one configuration file of `up`, `agent` and `collector`. Unknown keys are mistakes. */
export const configSchema = z
  .strictObject({
    host: name().exactOptional().describe('Name of this host in signals. Default: the name of the machine.'),
    timezone: timeZone()
      .default('UTC')
      .describe(
        'Zone of local times in logs. A wrong one moves everything by hours; services in containers mostly log UTC.',
      ),
    state: path()
      .exactOptional()
      .describe(
        'Directory where sources remember how far they are. Without it everything is read again after a restart, which changes nothing but takes time. Default: `state` in the data directory; where there is none, `/var/lib/launchtrace` for root and `launchtrace` in `$XDG_STATE_HOME` or `~/.local/state` for others.',
      ),
    sources: sources.prefault({}),
    output: output.prefault({}),
    input: input.prefault({}),
    store: store.prefault({}),
    serve: serve.prefault({}),
    launches: launches.prefault({}),
    export: exporting.prefault({}),
    telemetry: telemetry.prefault({}),
    limits: limits.prefault({}),
  })
  .transform(value => ({ ...value, host: value.host ?? hostname() }))
  .describe('Configuration of launchtrace: one file for each of `up`, `agent` and `collector`.')

type DeepReadonly<Value> = Value extends Secret
  ? Value
  : Value extends readonly (infer Item)[]
    ? readonly DeepReadonly<Item>[]
    : Value extends object
      ? { readonly [Key in keyof Value]: DeepReadonly<Value[Key]> }
      : Value

/** The configuration as the program uses it: frozen plain data; durations in milliseconds, secrets as `Secret`. */
export type Config = DeepReadonly<z.output<typeof configSchema>>

export type JournaldConfig = NonNullable<Config['sources']['journald']>
/** One RabbitMQ broker. `url` holds neither user nor password. */
export type RabbitmqConfig = Config['sources']['rabbitmq'][number]
export type KafkaSourceConfig = Config['sources']['kafka'][number]
export type OtlpSourceConfig = NonNullable<Config['sources']['otlp']>
export type StdinConfig = NonNullable<Config['sources']['stdin']>
export type KafkaOutputConfig = NonNullable<Config['output']['kafka']>
export type HttpInputConfig = NonNullable<Config['input']['http']>
export type ServeConfig = Config['serve']
export type ClientTlsConfig = NonNullable<RabbitmqConfig['tls']>
export type ListenerTlsConfig = NonNullable<HttpInputConfig['tls']>
