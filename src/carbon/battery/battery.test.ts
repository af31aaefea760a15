import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fixedClock, runEngine } from '../../kernel/index.ts'
import { createExactSum, parseScaled } from '../quantity/index.ts'
import { dataOf } from '../verdict/verdict.fixture.ts'
import { type BatteryCarbonOutput, batteryCarbonEngine, poolRules } from './index.ts'

const solver = { solve: () => Promise.reject(new Error('nothing to solve')) }
const run = async (input: object) =>
  (
    await runEngine<BatteryCarbonOutput>(batteryCarbonEngine, input, {
      ...{ data: dataOf(), solver, clock: fixedClock(0) },
    })
  ).output

const factor = (kgPerKwh: number | readonly number[]) => ({ kgPerKwh, source: 'made up' })
/** Two hours of charge, clean then dirty, and two of discharge; no losses unless said. */
const flows = {
  ...{ chargeEfficiency: 1, dischargeEfficiency: 1 },
  sources: [
    { id: 'pv', chargeKwh: [100, 0, 0, 0], kgPerKwh: 0, otherwise: 'exported' },
    { id: 'grid', chargeKwh: [0, 100, 0, 0], kgPerKwh: 'grid', otherwise: 'not-made' },
  ],
  dischargeKwh: [0, 0, 100, 100],
}
const average = factor([0.5, 0.6, 0.8, 0.9])

describe('carbon through a battery', () => {
  it('is the average of the store, what came first, or the cleanest there is', async () => {
    const ratesBy = async (rule: string, more: object = {}) =>
      (await run({ flows: { ...flows, ...more }, average, rule })).books[0]!.steps.dischargeKgPerKwh
    expect(await ratesBy('mixed')).toEqual([null, null, 0.3, 0.3])
    expect(await ratesBy('fifo')).toEqual([null, null, 0, 0.6])
    expect(await ratesBy('clean-first')).toEqual([null, null, 0, 0.6])
    // The other way round, what came first is not the cleanest.
    const turned = {
      sources: [
        { id: 'grid', chargeKwh: [100, 0, 0, 0], kgPerKwh: 'grid', otherwise: 'not-made' },
        { id: 'pv', chargeKwh: [0, 100, 0, 0], kgPerKwh: 0, otherwise: 'exported' },
      ],
    }
    expect(await ratesBy('fifo', turned)).toEqual([null, null, 0.5, 0])
    expect(await ratesBy('clean-first', turned)).toEqual([null, null, 0, 0.5])
  })

  it('stays with what is left of a loss: 100 kWh in at 0.5, 81 kWh out carry it all', async () => {
    const lossy = {
      ...{ chargeEfficiency: 0.9, dischargeEfficiency: 0.9, dischargeKwh: [0, 81] },
      sources: [{ id: 'grid', chargeKwh: [100, 0], kgPerKwh: 'grid', otherwise: 'not-made' }],
    }
    const { books, lostKwh, storedKwh } = await run({ flows: lossy, average: factor(0.5) })
    expect(books[0]).toMatchObject({
      inKg: '50',
      outKg: '50',
      storedKg: '0',
      dischargeKgPerKwh: expect.closeTo(50 / 81, 12),
    })
    expect([lostKwh, storedKwh]).toEqual([19, 0])
    // At one factor all day a battery can only add: its losses.
    expect(books[0]!.comparison).toMatchObject({ withKg: '50', withoutKg: '40.5', savedKg: '-9.5' })
  })

  it('keeps the carbon of what discharges itself', async () => {
    const idle = {
      ...{ chargeEfficiency: 1, dischargeEfficiency: 1, selfDischargePerDay: 0.5, stepHours: 24 },
      sources: [{ id: 'grid', chargeKwh: [100, 0], kgPerKwh: 'grid', otherwise: 'not-made' }],
      dischargeKwh: [0, 50],
    }
    const { books } = await run({ flows: idle, average: factor(0.5) })
    expect(books[0]).toMatchObject({ outKg: '50', dischargeKgPerKwh: 1 })
  })

  it('is compared with no battery, by average and by marginal factors apart', async () => {
    const { books, reasons } = await run({ flows, average, marginal: factor([0.7, 0.9, 1, 0.2]) })
    expect(
      books.map(({ kind, comparison }) => [kind, comparison.withKg, comparison.withoutKg, comparison.savedKg]),
    ).toEqual([
      // 100 kWh bought at 0.6 spare 100 kWh at 0.8 and at 0.9.
      ['average', '60', '170', '110'],
      // Fed in, the sun of the first hour would have displaced 0.7; what is spared is worth 1 and 0.2.
      ['marginal', '160', '120', '-40'],
    ])
    expect(reasons.map(({ code }) => code)).toEqual(['battery.saved', 'battery.added'])
  })

  it('says what it assumes, and keeps embodied carbon apart', async () => {
    const { books, embodied, reasons } = await run({
      flows: { ...flows, initialKwh: 10, dischargeKwh: [5, 0, 100, 100] },
      average,
      embodied: { kgCo2ePerKwh: 75, capacityKwh: 200, lifetimeThroughputKwh: 600_000, source: 'made up' },
    })
    expect(books[0]!.initialKg).toBe('5')
    expect(embodied).toEqual({ kgCo2ePerDischargedKwh: 0.025, kgCo2e: 5.125, source: 'made up' })
    expect(reasons.map(({ code }) => code)).toEqual([
      ...['battery.saved', 'battery.store-drawn', 'battery.initial-assumed', 'battery.one-kind', 'battery.embodied'],
    ])
  })

  it.each<[string, object, RegExp]>([
    ['more than the store holds', { flows: { ...flows, dischargeKwh: [0, 0, 150, 100] } }, /Step 3 takes more/],
    ['rows of unlike length', { flows: { ...flows, dischargeKwh: [0, 0, 1] } }, /sources.0.chargeKwh.*4 steps/s],
    ['factors of unlike length', { flows, average: factor([0.5, 0.6]) }, /average.kgPerKwh/],
    ['no factor', { flows, average: undefined }, /what a kWh of the grid emits/],
    ['neither flows nor site', { flows: undefined }, /by its flows, or by a site/],
  ])('refuses %s', async (_, more, message) => {
    const asked = Object.entries({ flows, average, ...more }).filter(([, value]) => value !== undefined)
    await expect(run(Object.fromEntries(asked))).rejects.toThrow(message)
  })
})

it('law: what went in and what was there is what came out and what is left, to the last digit', async () => {
  const kwh = fc.double({ min: 0, max: 500, noNaN: true })
  const step = fc.record({
    pv: kwh,
    grid: kwh,
    part: fc.double({ min: 0, max: 1, noNaN: true }),
    rate: fc.double({ min: 0, max: 1.2, noNaN: true }),
  })
  const efficiency = fc.double({ min: 0.7, max: 1, noNaN: true })
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 1, maxLength: 12 }),
      fc.tuple(efficiency, efficiency, fc.constantFrom(0, 0.03), kwh),
      async (steps, [chargeEfficiency, dischargeEfficiency, selfDischargePerDay, initialKwh]) => {
        let held = initialKwh
        const dischargeKwh = steps.map(({ pv, grid, part }) => {
          held = held * (1 - selfDischargePerDay) ** (1 / 24) + (pv + grid) * chargeEfficiency
          const taken = 0.999 * part * held
          held -= taken
          return taken * dischargeEfficiency
        })
        const drawn = {
          ...{ chargeEfficiency, dischargeEfficiency, selfDischargePerDay, initialKwh, dischargeKwh },
          sources: [
            { id: 'pv', chargeKwh: steps.map(({ pv }) => pv), kgPerKwh: 0.04, otherwise: 'curtailed' },
            { id: 'grid', chargeKwh: steps.map(({ grid }) => grid), kgPerKwh: 'grid', otherwise: 'not-made' },
          ],
        }
        const rates = factor(steps.map(({ rate }) => rate))
        const outs: number[] = []
        for (const rule of poolRules) {
          const output = await run({ flows: drawn, average: rates, rule, initialKgPerKwh: 0.3 })
          const { initialKg, inKg, outKg, storedKg } = output.books[0]!
          expect(exactSum(outKg, storedKg)).toBe(exactSum(initialKg, inKg))
          const energyIn = output.chargedKwh + initialKwh + output.unmatchedKwh
          expect(output.dischargedKwh + output.storedKwh + output.lostKwh).toBeCloseTo(energyIn, 5)
          outs.push(Number(outKg))
        }
        const [mixed, fifo, cleanFirst] = outs as [number, number, number]
        if (selfDischargePerDay === 0) expect(cleanFirst).toBeLessThanOrEqual(Math.min(mixed, fifo) + 1e-6)
      },
    ),
    { numRuns: 25 },
  )
})

function exactSum(...texts: readonly string[]): string {
  const sum = createExactSum()
  for (const { digits, decimals } of texts.map((text) => parseScaled(text))) sum.add(digits, decimals)
  const { digits, decimals } = sum.total()
  return String(Number(decimals) === 0 ? digits * 10n ** 21n : digits * 10n ** BigInt(21 - decimals))
}
