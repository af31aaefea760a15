import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Errors } from 'typebox/value'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import type { Site } from '../../../kernel/index.ts'
import type { OcppSettings } from '../settings.ts'
import { ChargingSchema, type ChargingSection } from './charging-section.ts'
import { readCharging } from './read-charging.ts'

const stations: OcppSettings['stations'] = [
  { id: 'AC-1', evses: [{ id: 1, asset: 'ac-1', maxKw: 11 }] },
  { id: 'AC-2', evses: [{ id: 1 }, { id: 2 }] },
  { id: 'DC-1', rateUnit: 'W', evses: [{ id: 1, maxKw: 60 }] },
]
const section: ChargingSection = {
  gateway: 'chargers',
  asset: 'ev',
  circuits: { connection: { limitKw: 300 }, posts: { parent: 'connection', limitA: [40, 40, 30] } },
  places: {
    'AC-1': { circuit: 'posts' },
    'AC-2': { circuit: 'posts' },
    'AC-2/1': { circuit: 'posts', phases: [2] },
    'DC-1': { circuit: 'connection', leastA: 10 },
  },
}
const gateway = { protocol: 'ocpp', port: 9220, fallbackKw: 2.3, stations }

const siteWith = (charging: object, chargers: object = gateway): Site => ({
  ...{ id: 'yard', name: 'Yard', zone: 'UTC', currency: 'EUR', location: { latitude: 0, longitude: 0, altitudeM: 0 } },
  assets: [
    { id: 'grid', kind: 'grid', title: 'Grid' },
    { id: 'ev', kind: 'ev-charging', title: 'Chargers' },
  ],
  sections: { charging, gateways: { chargers, meters: { protocol: 'modbus' } } },
  source: { file: 'site.yaml', sha256: '' },
})
const points = { unitOf: (ref: string) => (ref === 'grid.powerKw' ? 'kW' : undefined), isGone: () => false }
const read = (change: Partial<ChargingSection> = {}, chargers: object = gateway) =>
  readCharging(siteWith({ ...section, ...change }, chargers), points)

describe('the section charging', () => {
  it('becomes chargers on cables, with their phases, currents and limits', () => {
    const { rules, problems } = read()
    expect(problems).toEqual([])
    expect(rules).toMatchObject({ meter: 'grid.powerKw', meterStaleMs: 15_000, fallbackKw: 2.3, setpointS: 900 })
    expect(rules!.chargers).toMatchObject([
      { id: 'AC-1/1', owner: 'ac-1', unit: 'A', phases: [0, 1, 2], minA: 6, maxA: expect.closeTo(15.94, 2) },
      { id: 'AC-2/1', phases: [1], maxA: expect.closeTo(96, 9) },
      { id: 'AC-2/2', phases: [0, 1, 2], maxA: expect.closeTo(32, 9) },
      { id: 'DC-1/1', unit: 'W', circuit: 'connection', minA: 10, maxA: expect.closeTo(86.96, 2) },
    ])
    expect([...rules!.site.limitA].map(Math.round)).toEqual([435, 435, 435, 40, 40, 30])
    // Twenty kilowatts a second, in amperes a phase.
    expect(rules!.pace.riseAPerS).toBeCloseTo(28.99, 2)
  })

  it('knows chargers that go over between three phases and one, and where their L1 hangs', () => {
    const places = { ...section.places, 'AC-1': { circuit: 'posts', phases: 'switchable' as const, firstPhase: 3 } }
    expect(read({ places }).rules!.chargers[0]).toMatchObject({ phases: [2, 0, 1], onePhase: [2] })
    const chooses = { ...places, 'AC-1': { ...places['AC-1'], firstPhase: 1, choosesPhase: true } }
    expect(read({ places: chooses }).rules!.chargers[0]).toMatchObject({ phases: [0, 1, 2], onePhase: [0, 1, 2] })
    expect(read().rules!.chargers[0]).not.toHaveProperty('onePhase')
  })

  it.each<[string, Partial<ChargingSection>, object, RegExp]>([
    [
      'a first phase of a charger that does not go over',
      { places: { ...section.places, 'AC-1': { circuit: 'posts', firstPhase: 2 } } },
      gateway,
      /of switchable chargers/,
    ],
    ['a gateway of meters', { gateway: 'meters' }, gateway, /no such gateway/],
    ['an asset that is none of chargers', { asset: 'grid' }, gateway, /no such asset/],
    ['a meter that is not there', { meter: 'grid.colour' }, gateway, /no such point/],
    ['no limit for the time alone', {}, { ...gateway, fallbackKw: undefined }, /nobody tells/],
    ['a limit alone that a cable does not carry', {}, { ...gateway, fallbackKw: 14 }, /more than it carries/],
    ['a charger that hangs nowhere', { places: { 'AC-1': { circuit: 'posts' } } }, gateway, /hangs nowhere/],
    ['a place of no station', { places: { ...section.places, X: { circuit: 'posts' } } }, gateway, /no such station/],
    [
      'a circuit that is not there',
      { places: { ...section.places, 'AC-1': { circuit: 'x' } } },
      gateway,
      /no such circuit/,
    ],
    ['a cable with two limits', { circuits: { connection: { limitKw: 1, limitA: 1 } } }, gateway, /one limit/],
    ['two connections', { circuits: { ...section.circuits, other: { limitA: 1 } } }, gateway, /no tree/],
  ])('is refused with %s', (_, change, chargers, words) => {
    const { rules, problems } = read(change, chargers)
    expect(rules).toBeUndefined()
    expect(problems.map(({ detail }) => detail).join('; ')).toMatch(words)
  })

  it('is nothing where a what-if took its chargers away', () => {
    expect(readCharging(siteWith(section), { ...points, isGone: () => true })).toEqual({
      rules: undefined,
      problems: [],
    })
  })

  it('is as the guide shows it', () => {
    const guide = readFileSync(join(import.meta.dirname, '../../../../docs/guides/ocpp.md'), 'utf8')
    const all = [...guide.matchAll(/```yaml\n([\s\S]*?)```/g)].map(
      ([, text]) => parse(text!) as Record<string, unknown>,
    )
    const charging = all.find((one) => one.charging)?.charging
    expect(charging).toBeDefined()
    expect([...Errors(ChargingSchema, charging)]).toEqual([])
  })
})
