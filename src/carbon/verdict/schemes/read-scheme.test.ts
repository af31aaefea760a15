import { describe, expect, it } from 'vitest'
import { MangroveError } from '../../../kernel/index.ts'
import { totals, verdictOf } from '../verdict.fixture.ts'
import china from './cn-ndrc-2025-910.json' with { type: 'json' }
import { readScheme, shippedSchemes } from './index.ts'

/** Made up for this test: no country has it. Energy is counted as energy, CO2e by AR5, green power always counts. */
const invented = `
id: xx-invented-green-harbour
version: "3"
title: Green harbours of a country that does not exist
document: { title: Made up for a test, publisher: nobody, year: 2024, licence: CC0-1.0 }
years: { from: 2024, to: 2030 }
gas: CO2e
gwpSet: AR5
boundary: lifecycle
parts: [fuel, electricity]
gridVariants: [average]
bunkers: deducted
indicator:
  id: co2e-per-mwh
  title: CO2e per MWh
  emissionsUnit: tCO2e
  energyUnit: MWh
  table: nowhere
  bands: [{ from: "0", limit: "0.15" }]
guiding:
  - { id: shore-power, title: Ships on shore power, unit: "%", relation: at-least, limit: "60", kind: veto }
greenPower: { choices: [counted] }
`

const harbour = {
  year: 2025,
  organisation: 'Harbour company',
  energy: {
    carriers: [
      { id: 'power', carrier: 'electricity', amount: 9000, unit: 'MWh' },
      { id: 'oil', carrier: 'diesel', amount: '3.6', unit: 'TJ' },
    ],
  },
  emissions: {
    fuel: [
      { id: 'cranes', amount: 300, unit: 'tCO2e' },
      { id: 'ships', amount: 5000, unit: 'tCO2e', bunker: true },
    ],
    electricity: [{ id: 'power', amount: 1000, unit: 'tCO2e', greenPower: 'counted' }],
  },
}
const files = { 'harbour.yaml': invented }
const judged = (more: object = {}) => verdictOf({ ...harbour, ...more }, { scheme: 'harbour.yaml' }, files)

describe('a scheme of one’s own, invented', () => {
  it('judges by its own gas, energy, bands and deductions, with one reading', async () => {
    const output = await judged({ guiding: { 'shore-power': { value: 61, unit: '%' } } })
    expect(output.readings).toHaveLength(1)
    // 1,300 tCO2e over 9,000 MWh and 1,000 MWh of diesel.
    expect(output.readings[0]).toMatchObject({ emissions: '1300', energy: '10000', indicator: '0.13', passes: true })
    expect([output.verdict, output.bunkers, output.scheme.id]).toEqual(['passes', '5000', 'xx-invented-green-harbour'])
  })

  it('fails by an indicator that is a veto, and is not decided where that is not told', async () => {
    expect((await judged({ guiding: { 'shore-power': { value: 59, unit: '%' } } })).verdict).toBe('fails')
    const output = await judged()
    expect([output.verdict, output.missing]).toEqual(['not-decided', ['Ships on shore power']])
  })

  it('refuses what it does not count, and readings that it does not leave open', async () => {
    const process = { ...harbour, emissions: { ...harbour.emissions, process: { none: 'none' } } }
    await expect(verdictOf(process, { scheme: 'harbour.yaml' }, files)).rejects.toThrow(/does not count this part/)
    const inCo2 = { ...harbour, emissions: { ...harbour.emissions, fuel: [{ id: 'c', amount: 300, unit: 'tCO2' }] } }
    await expect(verdictOf(inCo2, { scheme: 'harbour.yaml' }, files)).rejects.toThrow(/CO2e is counted/)
    for (const reading of [{ coal: 'calorific' }, { greenPower: 'not-counted' }]) {
      await expect(verdictOf(harbour, { scheme: 'harbour.yaml', ...reading }, files)).rejects.toThrow(
        /leave this reading/,
      )
    }
  })
})

it('is found by its id or in a file, and nowhere else', async () => {
  await expect(verdictOf(totals(1, 1), { scheme: 'xx' })).rejects.toThrow(/carbon.unknown-scheme.*|cn-ndrc-2025-910/)
  expect(shippedSchemes().map(({ file }) => file.id)).toEqual(['cn-ndrc-2025-910'])
  expect(new Set(shippedSchemes().map(({ sha256 }) => sha256)).size).toBe(1)
})

const { indicator } = china
describe('a scheme that is described wrongly is refused', () => {
  it.each([
    ['an indicator per yuan', { indicator: { ...indicator, energyUnit: 'CNY' } }, 'carbon.unit-mismatch'],
    ['an indicator of energy', { indicator: { ...indicator, emissionsUnit: 'MWh' } }, 'carbon.unit-mismatch'],
    ['emissions of another gas', { indicator: { ...indicator, emissionsUnit: 'tCO2e' } }, 'carbon.bad-scheme'],
    [
      'CO2e without its GWPs',
      { gas: 'CO2e', indicator: { ...indicator, emissionsUnit: 'tCO2e' } },
      'carbon.bad-scheme',
    ],
    [
      'bands with a gap',
      {
        indicator: {
          ...indicator,
          bands: [
            { from: '1', below: '2', limit: '0.2' },
            { from: '3', limit: '0.3' },
          ],
        },
      },
      'carbon.bad-scheme',
    ],
    [
      'a band of nothing',
      { indicator: { ...indicator, bands: [{ from: '2', below: '2', limit: '1' }] } },
      'carbon.bad-scheme',
    ],
    ['two indicators of one id', { guiding: [china.guiding[0], china.guiding[0]] }, 'carbon.bad-scheme'],
    ['no parts', { parts: [] }, 'carbon.bad-scheme'],
    ['a field that nobody reads', { threshold: 0.2 }, 'carbon.bad-scheme'],
    ['a limit as a number', { indicator: { ...indicator, bands: [{ from: '1', limit: 0.2 }] } }, 'carbon.bad-scheme'],
  ])('%s', (_, change, code) => {
    const read = () => readScheme({ ...china, ...change })
    expect(read).toThrow(MangroveError)
    expect(read).toThrow(new RegExp(`\\[${code}\\]`))
  })
})
