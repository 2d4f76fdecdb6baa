import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { hideCredentials, splitCredentials } from '../../../collector/config/credentials.ts'
import { Secret } from '../../../collector/config/secret.ts'

describe('a secret', () => {
  const secret = new Secret('hunter2')

  it('is revealed when asked for', () => {
    expect(secret.reveal()).toBe('hunter2')
  })

  it('prints nothing of itself, in whatever way it is printed', () => {
    const prints = [
      String(secret),
      secret.toString(),
      `a ${String(secret)}`,
      JSON.stringify({ secret }),
      inspect(secret),
      inspect({ secret }, { depth: Infinity, showHidden: true }),
      inspect(new Error('x', { cause: secret })),
      Object.entries(secret).join(),
    ]
    for (const print of prints) expect(print).not.toContain('hunter2')
    expect(JSON.stringify({ secret })).toBe('{"secret":"[redacted]"}')
  })
})

describe('a login in a URL', () => {
  it('is taken out of it and decoded', () => {
    const { url, user, password } = splitCredentials('amqps://b%40b:p%2Fa%3As@host:5671/vhost')
    expect({ url, user, password: password?.reveal() }).toEqual({
      url: 'amqps://host:5671/vhost',
      user: 'b@b',
      password: 'p/a:s',
    })
  })

  it('is absent where there is none', () => {
    expect(splitCredentials('http://localhost:8123/launchtrace')).toEqual({ url: 'http://localhost:8123/launchtrace' })
  })

  it('may hold a percent sign that encodes nothing', () => {
    expect(splitCredentials('amqp://u:50%@host').password?.reveal()).toBe('50%')
  })

  it.each([
    ['amqp://u:hunter2@host', 'amqp://…@host'],
    ['amqp://u:hun/ter@2@host', 'amqp://…@host'],
    ['u:hunter2@host', '…@host'],
    ['http://host/?password=hunter2', 'http://host/?…'],
    ['host:5672', 'host:5672'],
  ])('is hidden in %s, right or wrong', (text, shown) => {
    expect(hideCredentials(text)).toBe(shown)
  })
})
