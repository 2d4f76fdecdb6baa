import { describe, expect, test } from 'vitest'
import { end, hidden, integer, quoted, seconds, text, uuid, uuids, word } from '../../../src/catalogue/hole.ts'
import { line, matchLine, visibleText } from '../../../src/catalogue/line.ts'

const A = 'b075536a-086f-4823-8428-cfb6a2ea600f'
const B = '8f6cc85e-bb9a-439f-8da0-091f380dee2e'

describe('a wording', () => {
  test('gives what stands in its holes, by name', () => {
    const took = line`Took ${seconds()} seconds to detach ${integer('count')} volumes`
    expect(matchLine(took, 'Took 1.25 seconds to detach 2 volumes for instance.')).toEqual([
      ['took_seconds', '1.25'],
      ['count', '2'],
    ])
  })

  test('is anchored at the start and open at the end', () => {
    const claim = line`Claim successful on node ${word('node')}`
    expect(matchLine(claim, 'Claim successful on node compute-1 claim /nova/claims.py:1')).toEqual([
      ['node', 'compute-1'],
    ])
    expect(matchLine(claim, ' Claim successful on node compute-1')).toBeUndefined()
  })

  test('keeps uuids in lower case, alone and in any list', () => {
    const ready = line`Ports ${uuids('ports')} of ${uuid('instance')} are ready`
    expect(matchLine(ready, `Ports set([u'${A.toUpperCase()}', u'${B}']) of ${A} are ready`)).toEqual([
      ['ports', A],
      ['ports', B],
      ['instance', A],
    ])
    expect(matchLine(ready, `Ports [] of ${A} are ready`)).toEqual([['instance', A]])
  })

  test('drops the quotes of a quoted hole', () => {
    expect(matchLine(line`topic ${quoted('topic')}`, "topic u'conductor'")).toEqual([['topic', 'conductor']])
  })

  test('bounds free text', () => {
    expect(matchLine(line`Reason: ${text('reason')}`, `Reason: ${'x'.repeat(1000)}`)).toEqual([
      ['reason', 'x'.repeat(300)],
    ])
  })

  test('may end before its last words, when there are none', () => {
    const bind = line`Binding ${word('port')} with profile ${hidden()}`
    expect(matchLine(bind, 'Binding p1 with profile')).toEqual([['port', 'p1']])
    expect(matchLine(bind, 'Binding p1 with profile {}')).toEqual([['port', 'p1']])
    expect(matchLine(bind, 'Binding p1 with profiles')).toBeUndefined()
  })

  test('does not take a longer message for a short one when it ends its wording', () => {
    const migrating = line`Migrating${end}`
    expect(matchLine(migrating, 'Migrating')).toEqual([])
    expect(matchLine(migrating, 'Migrating _prep_resize /nova/compute/manager.py:12')).toEqual([])
    expect(matchLine(migrating, 'Migrating disks')).toBeUndefined()
  })

  test('shows neither what is hidden nor what stands behind it', () => {
    const body = line`Action ${word('action')}, body: ${hidden()}`
    expect(visibleText(body, 'Action create, body: {"adminPass": "x"} and more')).toBe('Action create, body: …')
    expect(visibleText(line`Creating image`, 'Creating image\nsecond line')).toBe('Creating image')
  })

  test('is found by its first word only when that is whole', () => {
    expect(line`Took ${seconds()} seconds`.firstWord).toBe('Took')
    expect(line`DHCP${word('type')} x`.firstWord).toBe('')
    expect(line`${uuid('port')} up`.firstWord).toBe('')
    expect(line`Migrating${end}`.firstWord).toBe('Migrating')
  })
})
