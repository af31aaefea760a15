import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { SolverPort } from '../../../src/kernel/index.ts'
import { runCases } from '../peer.ts'
import { carbon } from './index.ts'

const folder = mkdtempSync(join(tmpdir(), 'mangrove-carbon-cases-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const solver = {} as SolverPort

async function linesOf(
  text: string,
): Promise<{ readonly ok: boolean; readonly lines: readonly Record<string, unknown>[] }> {
  const file = join(folder, 'cases.json')
  writeFileSync(file, text)
  const lines: Record<string, unknown>[] = []
  const ok = await runCases(carbon, [file], { solver, print: (line) => lines.push(JSON.parse(line)) })
  return { ok, lines }
}
const one = async (fields: object) =>
  (await linesOf(JSON.stringify([{ id: 'x', rule: 'sum of products', ...fields }]))).lines[0]

describe('reference cases of carbon', () => {
  it.each([
    [
      'GHG Protocol Scope 3 guidance 1.1',
      [
        [200000, 0.15],
        [600000, 0.1],
        [200000, 0.1],
        [100000, 0.25],
        [50000, 0.2],
      ],
      145000,
    ],
    [
      'GHG Protocol Scope 3 guidance 4.5',
      [
        [10000, 0.8, 0.25],
        [1000, 0.25, 0.25],
        [15000, 0.8, 0.25],
        [2000, 0.25, 0.25],
      ],
      5187.5,
    ],
    ['GHG Protocol Scope 3 guidance 13.1, a third', [[9000, 0.3333333333333333]], 3000],
    ['GHG Protocol Scope 3 guidance 13.1 as a ratio', [[9000, '1/3']], 3000],
    [
      'iLEAP 1.0.0, two transport chain elements',
      [
        [0.087, 423, 0.1],
        [0.087, 321, 0.17],
      ],
      8.42769,
    ],
    ['a sum that doubles miss', [[0.1, 3]], 0.3],
  ])('%s', async (_, terms, expected) => {
    expect(await one({ terms, expected })).toMatchObject({ id: 'x', ours: expected, expected, difference: 0 })
  })

  it('go through the engine of transport chains, and through the sum rule of footprints', async () => {
    const legs = [
      { massKg: 87, km: 423, kgPerTkm: 0.1 },
      { massKg: 87, km: 321, kgPerTkm: '0.17' },
    ]
    expect(await one({ rule: 'transport chain', legs, expected: 8.42769 })).toMatchObject({
      ours: 8.42769,
      difference: 0,
    })
    // PACT, example-1: what is printed is not what the rule gives.
    const pcf = {
      fossilGhgEmissions: '0.35',
      landManagementBiogenicCO2Emissions: '0.004',
      biogenicNonCO2Emissions: '0.002',
    }
    const sum = (take: string, expected: number) =>
      one({ rule: 'footprint sum', pcf: { ...pcf, biogenicCO2Uptake: '-1.61' }, take, expected })
    expect(await sum('excluding', 0.356)).toMatchObject({ ours: 0.356, difference: 0 })
    expect(await sum('including', -1.23)).toMatchObject({ ours: -1.25, difference: -0.02, exact: '-1.254' })
  })

  it('keep the digits that are printed', async () => {
    const { lines } = await linesOf(
      '[{"id":"a","terms":[[1.005, 1]],"expected":1.00},{"id":"b","terms":[[2,2]],"expected":5}]',
    )
    expect(lines).toEqual([
      { id: 'a', ours: 1, expected: 1, difference: 0, exact: '1.005' },
      { id: 'b', ours: 4, expected: 5, difference: -1 },
    ])
  })

  it.each([
    ['a decimal comma', { terms: [[1, '8,42769']], expected: 1 }, 'carbon.bad-decimal'],
    ['no terms', { expected: 1 }, 'peer-case.missing'],
    ['no expected value', { terms: [[1]] }, 'peer-case.missing'],
    ['a term of nothing', { terms: [[]], expected: 1 }, 'peer-case.missing'],
    ['what is no number', { terms: [[null]], expected: 1 }, 'peer-case.bad-value'],
    ['a chain without legs', { rule: 'transport chain', expected: 1 }, 'peer-case.missing'],
    [
      'a leg without a distance',
      { rule: 'transport chain', legs: [{ massKg: 1, kgPerTkm: 1 }], expected: 1 },
      'peer-case.missing',
    ],
    ['a sum that is not said', { rule: 'footprint sum', pcf: {}, expected: 1 }, 'peer-case.bad-value'],
    ['another rule', { rule: 'product of sums', terms: [[1]], expected: 1 }, 'peer-case.unsupported'],
    ['a division by zero', { terms: [['1/0']], expected: 1 }, 'peer-case.bad-value'],
  ])('tell of %s', async (_, fields, code) => {
    expect(await one(fields)).toMatchObject({ id: 'x', error: { code } })
  })

  it('go on after a case with a fault, and tell by the exit', async () => {
    const { ok, lines } = await linesOf('[{"id":"bad"},{"id":"good","terms":[[1]],"expected":1}]')
    expect([ok, lines.map(({ id }) => id)]).toEqual([false, ['bad', 'good']])
    expect(await linesOf('{')).toMatchObject({ ok: false, lines: [{ error: { code: 'peer-case.malformed' } }] })
    expect(await linesOf('3')).toMatchObject({ ok: false, lines: [{ error: { code: 'peer-case.malformed' } }] })
  })

  const shared = join(import.meta.dirname, '../../../../shared/data/carbon/reference_cases.json')
  it.skipIf(!existsSync(shared))(
    'of ../shared: all 19 to the last printed digit (left out where the folder is absent)',
    async () => {
      const lines: Record<string, unknown>[] = []
      expect(await runCases(carbon, [shared], { solver, print: (line) => lines.push(JSON.parse(line)) })).toBe(true)
      expect(lines).toHaveLength(19)
      for (const { id, difference } of lines) expect(difference, String(id)).toBe(0)
    },
  )
})
