import { describe, expect, it } from 'vitest'
import { type EngineContext, fixedClock, MangroveError, type Site } from '../../kernel/index.ts'
import { createInlineSolver } from '../../solve/index.ts'
import { annuityFactor, netPresentValue } from '../economics/index.ts'
import { hourly, testData, testSite } from '../park.fixture.ts'
import { prepareAssets } from '../park-model.ts'
import { createFrame } from '../plan-frame.ts'
import type { Investment, InvestmentOption } from '../schema/index.ts'
import { type SizeAnswer, solveYear } from './size-answer.ts'
import { writeSizeModel } from './size-model.ts'
import { readDecisions, resizeSite, sizePatch } from './size-options.ts'
import { readTask, type SizeTask, type SizeYear } from './size-year.ts'
import { cashFlowOf, economicsOf, firstYear } from './worth.ts'

const solver = await createInlineSolver()
const context = { solver, signal: new AbortController().signal } as unknown as EngineContext

const hours = 96
const hourOf = (k: number): number => k % 24
const sun = Array.from({ length: hours }, (_, k) => Math.max(0, Math.sin(((hourOf(k) - 6) / 12) * Math.PI)) * 100)
const demand = Array.from({ length: hours }, (_, k) => 60 + 30 * Math.cos(((hourOf(k) - 15) / 12) * Math.PI))
const spot = Array.from({ length: hours }, (_, k) =>
  hourOf(k) < 7 ? 0.3 : hourOf(k) >= 17 && hourOf(k) < 22 ? 1.3 : 0.8,
)

const option = (asset: string, size: string, more: Partial<InvestmentOption>): InvestmentOption => ({
  asset,
  size,
  min: 0,
  max: 1000,
  existing: 0,
  capexPerUnit: 1000,
  opexPerUnitYear: 10,
  lifetimeYears: 12,
  subsidyShare: 0,
  ...more,
})

const usual = [
  option('pv', 'capacityKwp', { capexPerUnit: 3000 }),
  option('battery', 'capacityKwh', { capexPerUnit: 500, max: 2000 }),
  option('battery', 'powerKw', { capexPerUnit: 200 }),
]

async function taskOf(options: readonly InvestmentOption[], more: Partial<Investment> = {}) {
  const site = testSite({
    grid: hourly(hours),
    tariff: {
      import: { spot },
      export: { feePerKwh: 0.2 },
      demand: [{ name: 'month', pricePerKwMonth: 1 }],
      carbonIntensity: 0.5,
      carbonPricePerKg: 0.1,
    },
    assets: {
      pv: { kind: 'pv', capacityKwp: 100, production: sun },
      battery: {
        kind: 'battery',
        capacityKwh: 100,
        maxChargeKw: 50,
        maxDischargeKw: 50,
        wear: { replacementCostPerKwh: 0 },
      },
      genset: { kind: 'genset', ratedKw: 50, fuel: { pricePerUnit: 8, kgCo2ePerUnit: 2.7, perKwh: 0.25 } },
      load: { kind: 'load', demand },
      grid: { kind: 'grid', importLimitKw: 500, exportLimitKw: 100 },
    },
  })
  const investment: Investment = {
    years: 20,
    discountRate: 0.07,
    opexEscalation: 0.01,
    energyEscalation: 0.02,
    carbonEscalation: 0.05,
    taxRate: 0,
    options: [...options],
    ...more,
  }
  const owned = { ...site, sections: { ...site.sections, investment } }
  return readTask({ site: 'test' } as never, { ...context, data: { ...testData, site: async () => owned } })
}

/** The year of a test: four days that stand for all. */
async function yearOf(task: SizeTask): Promise<SizeYear> {
  const { decisions, site, weights } = task
  const largest = resizeSite(site, decisions, new Map(decisions.map(({ id, option }) => [id, option.max])))
  const frame = {
    ...(await createFrame(largest, hourly(hours), testData)),
    cyclic: true,
    penaltyPerKwh: () => 50,
    scarcityPricePerKwh: 50,
  }
  const assets = await prepareAssets(frame, testData)
  const sum = demand.reduce((total, value) => total + value, 0)
  return {
    frame,
    assets,
    sizeModel: writeSizeModel(frame, assets, decisions, weights),
    demandKwh: (sum * 8760) / hours,
  }
}

/** A model of one asset whose sizes are decided, beside a load and the grid; the asset stands at its largest. */
async function modelOf(asset: { readonly kind: string }, wishes: object, options: readonly InvestmentOption[]) {
  const site = testSite({
    grid: hourly(2),
    tariff: { import: { spot: [0.1, 1] } },
    wishes,
    assets: { asset, load: { kind: 'load', demand: [50, 50] }, grid: { kind: 'grid', importLimitKw: 500 } },
  })
  const frame = { ...(await createFrame(site, hourly(2), testData)), cyclic: true }
  const decisions = readDecisions(site, options)
  const weights = { operation: 1, carbon: 1, investment: new Map() }
  return writeSizeModel(frame, await prepareAssets(frame, testData), decisions, weights)
}

describe('a model of decided sizes', () => {
  it('asks a battery for the reserve of the size that is decided, not of the largest', async () => {
    const battery = { kind: 'battery', capacityKwh: 1000, maxChargeKw: 500, maxDischargeKw: 500, initialSoc: 0.9 }
    const { park, sizeColumns } = await modelOf(battery, { reserveSoc: 0.6 }, [
      option('asset', 'capacityKwh', { max: 1000 }),
    ])
    const { model, layout } = park.builder.build()
    const column = sizeColumns.get('asset.capacityKwh')!
    const first = layout.columns.find(({ name }) => name === 'asset.reserveShortKwh')!.first
    const columnLower = model.columnLower.slice()
    const columnUpper = model.columnUpper.slice()
    columnLower[column] = 100
    columnUpper[column] = 100
    const { columnValues, status } = await solver.solve({ ...model, columnLower, columnUpper })
    expect(status).toBe('optimal')
    expect(columnValues[first]! + columnValues[first + 1]!).toBeCloseTo(0, 6)
  })

  it('knows a thermal store that is given by its water', async () => {
    const water = { volumeM3: 100, hotC: 80, coldC: 40 }
    const store = { kind: 'thermal-store', water, maxChargeKw: 500, maxDischargeKw: 500 }
    const { model } = await modelOf(store, {}, [option('asset', 'capacityKwh', { max: 4000 })])
    for (const numbers of [model.coefficient, model.cost]) expect(numbers.every(Number.isFinite)).toBe(true)
    expect(model.columnUpper.some(Number.isNaN) || model.rowUpper.some(Number.isNaN)).toBe(false)
  })
})

const solved = (task: SizeTask, year: SizeYear, targets = {}): Promise<SizeAnswer> =>
  solveYear(year, targets, task.weights.investment, context)

describe('a known production', () => {
  const pv = { kind: 'pv', capacityKwp: 100, production: [50, 20] }
  const siteWith = (asset: typeof pv) =>
    testSite({ grid: hourly(2), assets: { pv: asset, load: { kind: 'load', demand: [50, 50] } } })

  it('is of the array as it stands, and grows with it, also when it is resized again', async () => {
    const site = siteWith(pv)
    const decisions = readDecisions(site, [option('pv', 'capacityKwp', {})])
    const sized = (from: Site, size: number): Site => resizeSite(from, decisions, new Map([['pv.capacityKwp', size]]))
    const powersOf = async (one: Site) => {
      const assets = await prepareAssets(await createFrame(one, hourly(2), testData), testData)
      const { availableKw } = assets.find(({ asset }) => asset.id === 'pv')!.inputs as { availableKw: Float64Array }
      return [...availableKw]
    }
    expect(await powersOf(site)).toEqual([50, 20])
    expect(await powersOf(sized(site, 250))).toEqual([125, 50])
    expect(await powersOf(sized(sized(site, 250), 10))).toEqual([5, 2])
    expect(await powersOf(sized(sized(site, 250), 100))).toEqual([50, 20])
  })

  it('is refused where it is of no size', () => {
    const site = siteWith({ ...pv, capacityKwp: 0 })
    expect(() => readDecisions(site, [option('pv', 'capacityKwp', {})])).toThrow(/known at no size/)
  })
})

describe('sizing', () => {
  it('finds the optimum of simplex, with a proven gap, and its sizes pay against none at all', async () => {
    const task = await taskOf(usual)
    const year = await yearOf(task)
    const best = await solved(task, year)
    const exact = await solver.solve(best.model, { relativeGap: 1e-9 })
    expect(best.certificate.ok).toBe(true)
    expect(best.certificate.boundGap).toBeLessThan(1e-3)
    expect(exact.status).toBe('optimal')
    // Relative to the objective, as the gap is.
    expect(best.certificate.objective / exact.objective).toBeCloseTo(1, 4)
    const none = await solved(task, year, { sizes: new Map(task.decisions.map(({ id }) => [id, 0])) })
    expect(best.sizes.get('pv.capacityKwp')).toBeGreaterThan(10)
    expect(best.annualCost).toBeLessThan(none.annualCost)
  })

  it('counts the same money as the cash-flow table: net present value = (today − then) × annuity', async () => {
    const task = await taskOf(usual)
    const year = await yearOf(task)
    const best = await solved(task, year)
    const today = await solved(task, year, { sizes: new Map(task.decisions.map(({ id }) => [id, 0])) })
    const [before, then] = [firstYear(task, today, 0.1), firstYear(task, best, 0.1)]
    const cashFlow = cashFlowOf(task, best.sizes, before, then)
    const worth = netPresentValue(task.terms.nominalRate, cashFlow.total)
    const annuity = annuityFactor(task.terms.realRate, task.terms.years)
    expect(worth / ((today.annualCost - best.annualCost) * annuity)).toBeCloseTo(1, 6)
    const economics = economicsOf(task, cashFlow, before, then, year.demandKwh)
    expect(economics.netPresentValue).toBeCloseTo(worth, 6)
    expect(economics.internalRateOfReturn).toBeGreaterThan(0.07)
    const total = economics.cashFlow.reduce((sum, row) => sum + (row.total ?? 0), 0)
    expect(total).toBeCloseTo(
      cashFlow.total.reduce((sum, value) => sum + value, 0),
      4,
    )
  })

  it('keeps a cap on carbon, at a cost that rises as the cap falls', async () => {
    const task = await taskOf(usual)
    const year = await yearOf(task)
    const free = await solved(task, year)
    let last = free
    for (const share of [0.8, 0.5, 0.3]) {
      const capped = await solved(task, year, { carbonKg: share * free.emissionsKgCo2e })
      expect(capped.missedCarbonKg).toBeLessThan(1)
      expect(capped.emissionsKgCo2e).toBeLessThanOrEqual(share * free.emissionsKgCo2e * (1 + 1e-4) + 1)
      expect(capped.annualCost).toBeGreaterThanOrEqual(last.annualCost * (1 - 2e-3))
      last = capped
    }
  })

  it('keeps a least renewable share, and tells by how much one is missed that no size can reach', async () => {
    const task = await taskOf(usual)
    const year = await yearOf(task)
    const half = await solved(task, year, { nonRenewableKwh: 0.5 * year.demandKwh })
    expect(half.missedRenewableKwh).toBeLessThan(1)
    expect(half.nonRenewableKwh / year.demandKwh).toBeLessThan(0.5 + 1e-3)
    const tiny = await taskOf([option('pv', 'capacityKwp', { max: 1 })])
    const little = await yearOf(tiny)
    const missed = await solved(tiny, little, { nonRenewableKwh: 0.5 * little.demandKwh })
    expect(missed.missedRenewableKwh).toBeGreaterThan(0.3 * little.demandKwh)
  })

  it('spends no more than the budget on what is new, and refuses one that the least sizes exceed', async () => {
    const standing = [option('pv', 'capacityKwp', { capexPerUnit: 3000, existing: 20 }), ...usual.slice(1)]
    const task = await taskOf(standing)
    const year = await yearOf(task)
    const paid = ({ sizes }: SizeAnswer): number =>
      standing.reduce(
        (sum, { asset, size, existing, capexPerUnit }) =>
          sum + ((sizes.get(`${asset}.${size}`) ?? 0) - existing) * capexPerUnit,
        0,
      )
    const free = await solved(task, year)
    const half = await solved(task, year, { capex: paid(free) / 2 })
    expect(paid(half)).toBeLessThanOrEqual((paid(free) / 2) * (1 + 1e-4))
    expect(half.annualCost).toBeGreaterThan(free.annualCost)
    const least = [option('pv', 'capacityKwp', { min: 10, capexPerUnit: 3000 })]
    await expect(taskOf(least, { mostCapex: 29_999 })).rejects.toThrow(/cost more than the budget/)
  })

  it('says of its sizes what a site file would say', async () => {
    const { site, decisions } = await taskOf(usual)
    const sizes = new Map([
      ['pv.capacityKwp', 250],
      ['battery.capacityKwh', 300],
      ['battery.powerKw', 80],
    ])
    expect(sizePatch(site, decisions, sizes)).toEqual({
      pv: { capacityKwp: 250, productionAt: 100 },
      battery: { capacityKwh: 300, maxChargeKw: 80, maxDischargeKw: 80 },
    })
    expect(sizePatch(site, decisions, new Map([...sizes, ['pv.capacityKwp', 0]])).pv).toBeNull()
  })

  it('answers on typical days within 2 % of the worth of all days, from a model a third of the size', async () => {
    const task = await taskOf(usual)
    const year = await yearOf(task)
    const nothing = { sizes: new Map(task.decisions.map(({ id }) => [id, 0])) }
    const alike = { steps: hours, stepsPerDay: 24, groupOfDay: new Int32Array(hours / 24) }
    const worthBy = async (days?: typeof alike) => {
      const best = await solveYear(year, {}, task.weights.investment, context, days)
      const today = await solveYear(year, nothing, task.weights.investment, context, days)
      return { best, worth: today.annualCost - best.annualCost }
    }
    const [quick, exact] = [await worthBy(alike), await worthBy()]
    expect(quick.worth / exact.worth).toBeGreaterThan(0.98)
    expect(quick.worth / exact.worth).toBeLessThan(1.02)
    expect(quick.best.certificate.ok).toBe(true)
    expect(quick.best.model.columnCount).toBeLessThan(exact.best.model.columnCount / 3)
  })

  it('tells emissions and money of a column as two models that differ by the price of carbon do', async () => {
    const task = await taskOf(usual)
    const { frame, assets, sizeModel } = await yearOf(task)
    const dearerBy = 0.5
    const { tariff } = frame
    const dearer = writeSizeModel(
      { ...frame, tariff: { ...tariff, carbonPricePerKg: tariff.carbonPricePerKg + dearerBy } },
      assets,
      task.decisions,
      task.weights,
    )
    const emitting = sizeModel.emissionsPerUnit.filter((value) => value > 0)
    expect(emitting.length).toBeGreaterThanOrEqual(2 * hours)
    for (let j = 0; j < sizeModel.model.columnCount - 2; j += 1) {
      const more = dearer.model.cost[j]! - sizeModel.model.cost[j]!
      expect(more).toBeCloseTo(sizeModel.emissionsPerUnit[j]! * dearerBy * task.weights.carbon, 6)
    }
  })

  it('builds nothing that costs more than it spares', async () => {
    const task = await taskOf(usual.map((one) => ({ ...one, capexPerUnit: one.capexPerUnit * 1000 })))
    const best = await solved(task, await yearOf(task))
    for (const size of best.sizes.values()) expect(size).toBeLessThan(0.01)
  })
})

describe('what cannot be sized is refused by name', () => {
  const problems = async (options: readonly InvestmentOption[]) => {
    try {
      await taskOf(options)
      return []
    } catch (error) {
      if (error instanceof MangroveError) return error.problems
      throw error
    }
  }
  it.each([
    ['an asset that is not there', option('wind', 'ratedKw', {}), 'investment.options.0.asset'],
    ['a size that a kind has not', option('pv', 'ratedKw', {}), 'investment.options.0.size'],
    ['a kind without sizes', option('load', 'demand', {}), 'investment.options.0.size'],
    ['a least size above the largest', option('pv', 'capacityKwp', { min: 20, max: 10 }), 'investment.options.0.min'],
    [
      'more standing than may be',
      option('pv', 'capacityKwp', { existing: 20, max: 10 }),
      'investment.options.0.existing',
    ],
  ])('%s', async (_, wrong, path) => {
    expect(await problems([wrong])).toMatchObject([{ code: 'energy.bad-size', place: { path } }])
  })

  it('a site that says nothing of investment, and a size decided twice', async () => {
    const twice = await problems([usual[0]!, usual[0]!])
    expect(twice).toMatchObject([{ code: 'energy.bad-size', found: 'pv.capacityKwp' }])
    const site = testSite({ grid: hourly(2), assets: { load: { kind: 'load', demand: 1 } } })
    const reading = readTask({ site: 'test' } as never, {
      ...context,
      clock: fixedClock(0),
      data: { ...testData, site: async () => site },
    })
    await expect(reading).rejects.toMatchObject({ problems: [{ place: { path: 'investment' } }] })
  })

  it('keeps proportions when it resizes: a set burns in proportion, a battery keeps its ratio of powers', async () => {
    const task = await taskOf([option('genset', 'ratedKw', {}), usual[1]!, usual[2]!])
    const decisions = readDecisions(task.site, task.investment.options)
    const resized = resizeSite(
      task.site,
      decisions,
      new Map([
        ['genset.ratedKw', 100],
        ['battery.capacityKwh', 400],
        ['battery.powerKw', 80],
      ]),
    )
    const by = (id: string) => resized.assets.find((asset) => asset.id === id)
    expect(by('genset')).toMatchObject({ ratedKw: 100 })
    expect(by('battery')).toMatchObject({ capacityKwh: 400, maxChargeKw: 80, maxDischargeKw: 80 })
  })
})
