import { describe, expect, it } from 'vitest'
import { energyPack } from '../../energy/index.ts'
import { MangroveError, readSite } from '../../kernel/index.ts'
import { rule, rulesOf, siteWith } from '../alarms.fixture.ts'
import { alarmsPack } from '../pack.ts'

/** `rules.a.point …` of each problem of a site file. */
function problemsOf(rules: string): readonly string[] {
  try {
    siteWith(rules)
    return []
  } catch (error) {
    if (!(error instanceof MangroveError)) throw error
    return error.problems.map(({ place, detail, found }) =>
      `${place?.line === undefined ? '' : 'line '}${place?.path} ${detail} ${found ?? ''}`.trim(),
    )
  }
}

describe('the section alarms', () => {
  it('is read into numbers in the units of the points', () => {
    const [own] = rulesOf(
      siteWith(
        rule(
          'a',
          'point: hall.feedKw, when: { kind: high, limit: 0.2 MW, deadband: 500 W }, onDelay: 2m, respondWithin: 10m, notify: [operators], escalate: [{ after: 1h, to: manager }], suppressWhile: "chiller.powerKw < 5 kW"',
        ),
      ),
    )
    expect(own).toMatchObject({
      ...{ id: 'a', title: 'a', unit: 'kW', priority: 'high', onDelayMs: 120_000, offDelayMs: 0, latching: false },
      when: { kind: 'high', limit: 200, deadband: 0.5 },
      ...{ respondWithinMs: 600_000, shelveAtMostMs: 28_800_000, notifyWindowMs: 900_000, notify: ['operators'] },
      escalate: [{ afterMs: 3_600_000, to: 'manager' }],
    })
    expect(own?.suppressWhile?.refs).toEqual(['chiller.powerKw'])
  })

  it.each([
    [
      'point: hall.feedkw, when: { kind: high, limit: 5 }',
      'line alarms.rules.a.point The site has no such point hall.feedkw',
    ],
    [
      'point: hall.feedKw, when: { kind: high }',
      'line alarms.rules.a.when A condition of the kind high needs the field "limit"',
    ],
    [
      'point: hall.feedKw, when: { kind: stale, after: soon }',
      'line alarms.rules.a.when.after This is no duration soon',
    ],
    ['point: hall.feedKw, when: { kind: high, limit: 5 L }', 'line alarms.rules.a.when.limit'],
    [
      'point: hall.feedKw, when: { kind: high, limit: 5, is: 1 }',
      'line alarms.rules.a.when.is A condition of the kind high has no such field',
    ],
    [
      'point: hall.feedKw, when: { kind: high, limit: 5, deadband: -1 }',
      'line alarms.rules.a.when.deadband The value is out of range -1',
    ],
    [
      'point: hall.feedKw, when: { kind: deviation, other: hall.doorOpen, limit: 5 }',
      'line alarms.rules.a.when.other Both points must have the same unit 1',
    ],
    [
      'point: hall.feedKw, when: { kind: high, limit: 5 }, notify: [nobody]',
      'line alarms.rules.a.notify.0 There is no such recipient nobody',
    ],
    [
      'point: hall.feedKw, when: { kind: high, limit: 5 }, suppressWhile: hall.feedKw',
      'line alarms.rules.a.suppressWhile',
    ],
    [
      'point: hall.feedKw, when: { kind: high, limit: 5 }, suppressWhile: "hall.nothing > 5 kW"',
      'line alarms.rules.a.suppressWhile',
    ],
  ])('%s is refused with its place', (fields, told) => {
    expect(problemsOf(rule('a', fields)).join('\n')).toContain(told)
  })

  it('may be absent', () => {
    const text = 'id: a\nname: A\nlocation: { latitude: 1, longitude: 1 }\nzone: UTC\ncurrency: EUR\nassets: {}\n'
    const site = readSite(text, { file: 'a.yaml', packs: [energyPack, alarmsPack] })
    expect(rulesOf(site)).toEqual([])
  })

  it('loses the alarms of an asset that a what-if takes away', () => {
    const text = JSON.stringify({
      ...{ id: 'a', name: 'A', location: { latitude: 1, longitude: 1 }, zone: 'UTC', currency: 'EUR' },
      assets: { hall: { kind: 'load', demand: 5 } },
      alarms: {
        rules: {
          a: {
            ...{ point: 'hall.powerKw', priority: 'low', when: { kind: 'high', limit: 5 }, message: 'm', action: 'a' },
          },
        },
      },
    })
    const packs = [energyPack, alarmsPack]
    expect(() => readSite(text, { file: 'a.json', packs, changes: { assets: { hall: null } } })).not.toThrow()
  })
})
