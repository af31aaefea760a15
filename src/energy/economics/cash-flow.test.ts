import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { appraise } from './appraise.ts'
import { annualRow, builtRows, createCashFlow, netPresentValue, quantityOverYears } from './cash-flow.ts'
import { annuityFactor } from './factors.ts'
import { abatementCost, levelisedCost, levelisedCostOfStorage } from './levelised.ts'
import { remainingLife, replacementYears } from './replacement.ts'
import { createTerms } from './terms.ts'
import { annualCostOf, annualUnitCosts, builtOf, type UnitCosts } from './unit-cost.ts'

describe('replacement and salvage', () => {
  it('HOMER knowledge base, "Capital cost rebates and salvage value": 10,000, 25 years of life, 20 years of project', () => {
    const rows = builtRows(createTerms({ years: 20, discountRate: 0.06 }), {
      item: 'wind',
      capex: 12_000,
      replacement: 10_000,
      lifetimeYears: 25,
    })
    expect(rows.map(({ kind }) => kind)).toEqual(['capex', 'salvage'])
    expect(rows[1]!.amounts[20]).toBeCloseTo(2000, 9)
  })

  it('HOMER community, "Costs in HOMER": 27 batteries of 70,000, 15 and 25 years; 809,000 and about 150,000 today', () => {
    const rate = (1_890_000 / 809_000) ** (1 / 15) - 1
    const terms = createTerms({ years: 25, discountRate: rate, rate: 'real' })
    const rows = builtRows(terms, { item: 'battery', capex: 1_890_000, lifetimeYears: 15 })
    const worth = (kind: string): number =>
      netPresentValue(terms.nominalRate, rows.find((row) => row.kind === kind)!.amounts)
    expect(rows.find(({ kind }) => kind === 'salvage')!.amounts[25]).toBeCloseTo(630_000, 6)
    expect(worth('replacement')).toBeCloseTo(-809_000, 3)
    expect(worth('salvage')).toBeGreaterThan(145_000)
    expect(worth('salvage')).toBeLessThan(155_000)
  })

  it('pays at the end of the year in which a life ends, and not at the end of all', () => {
    expect(replacementYears(10, 25)).toEqual([10, 20])
    expect(replacementYears(10, 20)).toEqual([10])
    expect(replacementYears(12.5, 25)).toEqual([13])
    expect(replacementYears(0.1 * 3, 1)).toEqual([1, 1, 1])
    expect(remainingLife(10, 25)).toBeCloseTo(0.5, 12)
    expect(remainingLife(10, 20)).toBeCloseTo(0, 12)
    expect(remainingLife(12.5, 25)).toBeCloseTo(0, 12)
  })

  it('engineering economy, capital recovery of 50,000 with 5,000 salvage over 5 years at 10 % (Blank & Tarquin): 12,371', () => {
    const paid = new Float64Array([50_000, 0, 0, 0, 0, -5000])
    expect(netPresentValue(0.1, paid) / annuityFactor(0.1, 5)).toBeCloseTo(12_371, 0)
  })
})

describe('levelised costs', () => {
  it('NREL LCOE calculator: (CRF·capex + fixed O&M) / energy + variable O&M', () => {
    const terms = createTerms({ years: 20, discountRate: 0.03, rate: 'real' })
    const energyKwh = 8760 * 0.25 * 1000
    const rows = [
      ...builtRows(terms, { item: 'pv', capex: 1_400_000, lifetimeYears: 20, opexPerYear: 21_000 }),
      annualRow(terms, { item: 'pv', kind: 'energy', perYear: -0.01 * energyKwh }),
    ]
    const crf = (0.03 * 1.03 ** 20) / (1.03 ** 20 - 1)
    const expected = (crf * 1_400_000 + 21_000) / energyKwh + 0.01
    const found = levelisedCost(terms, createCashFlow(terms, rows).total, quantityOverYears(terms, energyKwh))
    expect(found?.real).toBeCloseTo(expected, 10)
    expect(found?.nominal).toBeCloseTo(expected, 10)
  })

  it('is lower in today’s money than in every year’s, by inflation', () => {
    const terms = createTerms({ years: 20, discountRate: 0.08, inflation: 0.025 })
    const { total } = createCashFlow(terms, builtRows(terms, { item: 'pv', capex: 1000, lifetimeYears: 20 }))
    const found = levelisedCost(terms, total, quantityOverYears(terms, 500))!
    expect(found.nominal / found.real).toBeCloseTo(annuityFactor(terms.realRate, 20) / annuityFactor(0.08, 20), 12)
    expect(levelisedCost(terms, total, new Float64Array(21))).toBeUndefined()
  })

  it('of a store count what it is charged with, and say so where that is missing', () => {
    const terms = createTerms({ years: 10, discountRate: 0.05 })
    const built = builtRows(terms, { item: 'battery', capex: 1000, lifetimeYears: 10 })
    const given = quantityOverYears(terms, 900)
    expect(() => levelisedCostOfStorage(terms, built, given)).toThrow(/charge/)
    const charging = annualRow(terms, { item: 'battery', kind: 'energy', perYear: -1000 * 0.3 })
    const found = levelisedCostOfStorage(terms, [...built, charging], given)
    expect(found?.nominal).toBeCloseTo((1000 / annuityFactor(0.05, 10) + 300) / 900, 10)
  })

  it('of a tonne avoided is annualised cost over annual tonnes, and none where nothing is avoided', () => {
    const terms = createTerms({ years: 15, discountRate: 0.07 })
    const cashFlow = createCashFlow(terms, builtRows(terms, { item: 'pump', capex: 5000, lifetimeYears: 15 }))
    const found = abatementCost(cashFlow, quantityOverYears(terms, 4))
    expect(found).toBeCloseTo(5000 / annuityFactor(0.07, 15) / 4, 9)
    expect(abatementCost(cashFlow, quantityOverYears(terms, 0))).toBeUndefined()
  })
})

const rate = fc.double({ min: -0.02, max: 0.12, noNaN: true })
const anyTerms = fc
  .record({
    years: fc.integer({ min: 1, max: 35 }),
    discountRate: fc.double({ min: 0, max: 0.15, noNaN: true }),
    inflation: rate,
    priceYear: fc.constantFrom(0 as const, 1 as const),
  })
  .map(createTerms)
const money = fc.double({ min: 0, max: 5000, noNaN: true })
const anyCosts: fc.Arbitrary<UnitCosts> = fc.record(
  {
    capexPerUnit: money,
    opexPerUnitYear: money,
    lifetimeYears: fc.double({ min: 0.5, max: 40, noNaN: true }),
    replacementPerUnit: money,
    opexEscalation: rate,
    replacementEscalation: rate,
    subsidyShare: fc.double({ min: 0, max: 1, noNaN: true }),
    subsidyPerUnit: money,
    subsidyCap: fc.double({ min: 0, max: 1e6, noNaN: true }),
  },
  { requiredKeys: ['capexPerUnit', 'opexPerUnitYear', 'lifetimeYears'] },
)

describe('annualised cost of a unit', () => {
  it('times the annuity factor is the present worth in the table, for any size and subsidy', () => {
    fc.assert(
      fc.property(anyTerms, anyCosts, fc.double({ min: 0, max: 2000, noNaN: true }), (terms, costs, units) => {
        const rows = builtRows(terms, builtOf('x', costs, units))
        const worth = -netPresentValue(terms.nominalRate, createCashFlow(terms, rows).total)
        const annual = annualCostOf(annualUnitCosts(terms, costs), units)
        const size = rows.reduce(
          (sum, { amounts }) => sum + netPresentValue(terms.nominalRate, amounts.map(Math.abs)),
          1,
        )
        expect(Math.abs(annual * annuityFactor(terms.realRate, terms.years) - worth)).toBeLessThan(1e-9 * size)
      }),
    )
  })

  it('rises from piece to piece, so that a linear programme fills them in order', () => {
    fc.assert(
      fc.property(anyTerms, anyCosts, (terms, costs) => {
        const pieces = annualUnitCosts(terms, costs)
        expect(pieces.at(-1)!.upTo).toBe(Number.POSITIVE_INFINITY)
        pieces.slice(1).forEach((piece, index) => {
          expect(piece.annualPerUnit).toBeGreaterThanOrEqual(pieces[index]!.annualPerUnit - 1e-9)
        })
      }),
    )
  })

  it('knows the cap of a subsidy', () => {
    const terms = createTerms({ years: 10, discountRate: 0 })
    const costs = { capexPerUnit: 1000, opexPerUnitYear: 0, lifetimeYears: 10, subsidyShare: 0.3, subsidyCap: 6000 }
    const pieces = annualUnitCosts(terms, costs)
    expect(pieces.map(({ upTo }) => upTo)).toEqual([20, Number.POSITIVE_INFINITY])
    expect(pieces[0]!.annualPerUnit).toBeCloseTo(70, 9)
    expect(pieces[1]!.annualPerUnit).toBeCloseTo(100, 9)
  })
})

describe('the table', () => {
  it('adds up, and is worth as much in real money as in nominal', () => {
    fc.assert(
      fc.property(anyTerms, anyCosts, money, (terms, costs, saving) => {
        const plain = { ...costs, replacementEscalation: 0, opexEscalation: 0 }
        const flowOf = (own: typeof terms) =>
          createCashFlow(own, [
            ...builtRows(own, builtOf('x', plain, 3)),
            annualRow(own, { item: 'energy', kind: 'energy', perYear: saving }),
          ])
        const flow = flowOf(terms)
        flow.total.forEach((total, year) => {
          expect(total).toBeCloseTo(
            flow.rows.reduce((sum, { amounts }) => sum + amounts[year]!, 0),
            6,
          )
        })
        const today = { ...terms, priceYear: 0 as const }
        const real = { ...today, nominalRate: terms.realRate, inflation: 0 }
        const [a, b] = [today, real].map((own) => appraise(flowOf(own)).netPresentValue) as [number, number]
        expect(Math.abs(a - b)).toBeLessThan(1e-8 * (1 + Math.abs(a) + 1e5))
      }),
    )
  })

  it('gives every figure of an appraisal', () => {
    const terms = createTerms({ years: 5, discountRate: 0.1 })
    const flow = createCashFlow(terms, [
      ...builtRows(terms, { item: 'a', capex: 1000, lifetimeYears: 5, subsidyShare: 0.1, opexPerYear: 20 }),
      annualRow(terms, { item: 'energy', kind: 'energy', perYear: 300 }),
    ])
    const found = appraise(flow)
    const annuity = annuityFactor(0.1, 5)
    expect(found.netPresentValue).toBeCloseTo(280 * annuity - 900, 9)
    expect(found.annualValue).toBeCloseTo(280 - 900 / annuity, 9)
    expect(found.benefitCostRatio).toBeCloseTo((300 * annuity) / (900 + 20 * annuity), 9)
    expect(found.payback).toMatchObject({ kind: 'after', years: 900 / 280 })
    expect(found.rateOfReturn.kind).toBe('one')
  })

  it('refuses what cannot be', () => {
    const terms = createTerms({ years: 5, discountRate: 0.1 })
    const built = { item: 'a', capex: 1, lifetimeYears: 5 }
    for (const wrong of [{ capex: -1 }, { capex: Number.NaN }, { lifetimeYears: 0 }, { opexPerYear: Infinity }]) {
      expect(() => builtRows(terms, { ...built, ...wrong })).toThrow(/bad-economics/)
    }
  })
})
