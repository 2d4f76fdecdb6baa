import { z } from 'zod'
import { brokerAddress } from './address.ts'
import { refuse } from './refuse.ts'
import { secret } from './secret-field.ts'
import { name, someOf } from './text.ts'
import { clientTls } from './tls.ts'

const TOPIC = /^(?!\.{1,2}$)[\w.-]{1,249}$/

/** The name of a Kafka topic. */
export function topic(): z.ZodType<string, string> {
  return z
    .string()
    .superRefine((value, context) => {
      if (TOPIC.test(value)) return
      const advice = 'It takes 1 to 249 letters, digits, dots, underscores and hyphens.'
      refuse(context, { quoted: value, message: 'is no name of a topic.', advice })
    })
    .meta({ title: 'topic' })
}

const sasl = z
  .strictObject({
    mechanism: z
      .enum(['plain', 'scram-sha-256', 'scram-sha-512'])
      .describe('How the password is proved. `plain` sends it as it is: use it with `tls` only.'),
    username: name().describe('User of the brokers.'),
    password: secret().describe('Password of the user.'),
  })
  .describe('Login at the brokers.')

/** What every connection to Kafka has. */
export const kafkaConnection = {
  brokers: someOf(brokerAddress()).describe('Brokers to begin with, as HOST:PORT; the others are learned from them.'),
  tls: clientTls.exactOptional(),
  sasl: sasl.exactOptional(),
}
