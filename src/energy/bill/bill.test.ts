import { describe, expect, it } from 'vitest'
import type { DataPort, EngineContext, Series } from '../../kernel/index.ts'
import { createSeriesReader, MangroveError, parseInstant, seededRandom } from '../../kernel/index.ts'
import { testSite } from '../park.fixture.ts'
import type { BillInput, BillOutput } from '../schema/index.ts'
import { billEngine } from './bill.ts'

const zone = 'Asia/Shanghai'
const tariff = {
  import: {
    timeOfUse: {
      periods: [
        { name: 'peak', pricePerKwh: 1.2, from: '08:00', to: '22:00' },
        { name: 'valley', pricePerKwh: 0.3 },
      ],
    },
  },
  export: { feePerKwh: 0.4 },
  demand: [{ name: 'demand', pricePerKwMonth: 40, peakSoFarKw: 9999 }],
  rounding: 0.01,
}

interface Case {
  readonly tariff?: object
  readonly assets?: Parameters<typeof testSite>[0]['assets']
  /** kW of the grid connection as it was observed, + importing. */
  readonly observed?: (timestampMs: number) => number
  readonly now?: string
}

const connection = { grid: { kind: 'grid', importLimitKw: 5000, exportLimitKw: 5000 } }

function contextOf({
  tariff: said = tariff,
  assets = connection,
  observed = () => 100,
  now = '2026-08-05',
}: Case): EngineContext {
  const grid = { startMs: 0, stepMs: 1, count: 0 }
  const series = createSeriesReader({
    readText: async () => '',
    observed: async (_site, _point, on): Promise<Series> => ({
      grid: on,
      values: Float64Array.from({ length: on.count }, (_, k) => observed(on.startMs + k * on.stepMs)),
      quality: new Uint8Array(on.count),
      unit: 'kW',
    }),
  })
  const data: DataPort = {
    site: async (_ref, changes) =>
      testSite({ assets, zone, grid, tariff: { ...said, ...(changes as { tariff?: object } | undefined)?.tariff } }),
    series,
    text: async () => '',
  }
  return {
    progress: () => {},
    signal: new AbortController().signal,
    solver: undefined as never,
    clock: { now: () => parseInstant(now, zone) },
    random: seededRandom(1),
    data,
  }
}

const run = (input: Partial<BillInput>, setting: Case = {}): Promise<BillOutput> =>
  billEngine.run({ site: 'test', step: '15m', gaps: 'refuse', ...input }, contextOf(setting))

const problemOf = async (
  input: Partial<BillInput>,
  setting: Case = {},
): Promise<readonly [string, string | undefined]> => {
  try {
    await run(input, setting)
  } catch (error) {
    if (!(error instanceof MangroveError)) throw error
    return [error.code, error.problems[0]?.place?.path]
  }
  throw new Error('nothing was refused')
}

describe('energy.bill', () => {
  it('bills the last month that is over from what was observed, and knows nothing of “until now”', async () => {
    const bill = await run({})
    expect([bill.start, bill.end]).toEqual(['2026-07-01T00:00:00+08:00', '2026-08-01T00:00:00+08:00'])
    expect(
      bill.statements[0]?.lines.map(({ code, period, quantity, amount }) => [code, period, quantity, amount]),
    ).toEqual([
      ['energy.time-of-use', 'peak', 43_400, 52_080],
      ['energy.time-of-use', 'valley', 31_000, 9300],
      ['demand', '', 100, 4000],
    ])
    expect([bill.total, bill.byKind.demand, bill.importKwh]).toEqual([65_380, 4000, 74_400])
    expect(bill.effectivePricePerKwh).toBeCloseTo(65_380 / 74_400, 6)
  })

  it('parts import and export of what was observed', async () => {
    const bill = await run({ month: '2026-06' }, { observed: (at) => ((at / 3_600_000) % 2 < 1 ? 50 : -20) })
    expect([bill.importKwh, bill.exportKwh, bill.byKind.export]).toEqual([18_000, 7200, -2880])
  })

  it('says what the same meter costs by another tariff', async () => {
    const flat = { import: { feePerKwh: 0.8 }, demand: [] }
    const bill = await run({ month: '2026-07', changes: { tariff: flat } })
    expect(bill.compared?.total).toBe(59_520)
    expect(bill.compared?.difference).toBe(-5860)
    expect(bill.reasons[0]).toMatchObject({ code: 'bill.cheaper', values: { difference: -5860 } })
  })

  it('looks back to months of the meter, and to listed ones where the meter begins later', async () => {
    const lookBack = { ...tariff, demand: [{ name: 'd', pricePerKwMonth: 10, lookBack: { months: 2, share: 0.8 } }] }
    const peakInMay = (at: number): number => (at === parseInstant('2026-05-10T10:00', zone) ? 500 : 100)
    const bill = await run({ month: '2026-07' }, { tariff: lookBack, observed: peakInMay })
    expect(bill.statements[0]?.peaks[0]).toMatchObject({ peakKw: 100, billedKw: 400 })
    const fromJune = (at: number): number => (at < parseInstant('2026-06-01', zone) ? Number.NaN : 100)
    expect(await problemOf({ month: '2026-07' }, { tariff: lookBack, observed: fromJune })).toEqual([
      'energy.bad-tariff',
      'tariff.demand.0.peaks',
    ])
    const listed = { ...lookBack, demand: [{ ...lookBack.demand[0], peaks: [{ month: '2026-05', peakKw: 300 }] }] }
    const known = await run({ month: '2026-07' }, { tariff: listed, observed: fromJune })
    expect(known.statements[0]?.peaks[0]?.billedKw).toBe(240)
  })

  it('counts yearly blocks from January on, and refuses where January is not known', async () => {
    const blocks = [{ upToKwh: 100_000, pricePerKwh: 0.5 }, { pricePerKwh: 1 }]
    const yearly = { import: { tiers: [{ name: 'steps', per: 'year', blocks }] } }
    const bill = await run({ month: '2026-02', step: '1h' }, { tariff: yearly, now: '2026-08-05' })
    // January took 74 400 kWh, so 25 600 of the cheap block are left.
    expect(bill.statements[0]?.lines.map(({ period, quantity }) => [period, quantity])).toEqual([
      ['0–100000', 25_600],
      ['100000–', 41_600],
    ])
    const late = (at: number): number => (at < parseInstant('2026-02-01', zone) ? Number.NaN : 100)
    expect(await problemOf({ month: '2026-02' }, { tariff: yearly, observed: late })).toEqual([
      'energy.bad-bill',
      'tariff.import.tiers.0.per',
    ])
  })

  it('refuses gaps with their count and place, unless they are to be left out', async () => {
    const gap = (at: number): number =>
      at >= parseInstant('2026-07-03', zone) && at < parseInstant('2026-07-04', zone) ? Number.NaN : 100
    await expect(run({}, { observed: gap })).rejects.toThrow(
      'no value in 96 of 2976 steps, first at 2026-07-03T00:00:00+08:00',
    )
    const bill = await run({ gaps: 'leave-out' }, { observed: gap })
    expect([bill.importKwh, bill.statements[0]?.missingSteps]).toEqual([72_000, 96])
    expect(bill.reasons.map(({ code }) => code)).toContain('bill.gaps')
  })

  it('says that a power factor cannot be told without reactive power, and what it adds with it', async () => {
    const two = { ...tariff, powerFactor: { standard: 0.9 } }
    const without = await run({}, { tariff: two })
    expect(without.reasons.map(({ code }) => code)).toContain('bill.no-reactive')
    const bill = await run({ reactive: 75 }, { tariff: two })
    expect([bill.statements[0]?.powerFactor, bill.byKind['power-factor']]).toEqual([0.8, 3269])
  })

  it('charges a part of a month for its part and says so', async () => {
    const fixed = { ...tariff, fixed: [{ name: 'service', price: 31 }] }
    const bill = await run({ from: '2026-07-10', to: '2026-07-20' }, { tariff: fixed })
    expect([bill.statements[0]?.covered, bill.byKind.fixed]).toEqual([10 / 31, 10])
    expect(bill.reasons.map(({ code }) => code)).toContain('bill.partial-month')
  })

  it.each<readonly [string, Partial<BillInput>, Case, readonly [string, string | undefined]]>([
    ['a step that does not divide the hour', { step: '7m' }, {}, ['energy.bad-bill', 'step']],
    [
      'a demand of quarter-hours from hourly values',
      { step: '1h' },
      {},
      ['energy.bad-bill', 'tariff.demand.0.intervalMinutes'],
    ],
    ['a month and a period', { month: '2026-07', from: '2026-07-01' }, {}, ['energy.bad-bill', 'month']],
    ['an end without a begin', { to: '2026-07-01' }, {}, ['energy.bad-bill', 'from']],
    ['a period that ends first', { from: '2026-07-02', to: '2026-07-01' }, {}, ['energy.bad-bill', 'to']],
    ['a period off the step', { from: '2026-07-01T00:07', to: '2026-07-02' }, {}, ['energy.bad-bill', 'from']],
    ['a period without end', { from: '1990-01-01', to: '2026-07-02' }, {}, ['energy.bad-bill', 'to']],
    ['an import below zero', { import: -5 }, {}, ['energy.below-zero', 'import']],
    ['a price that is missing', {}, { tariff: { import: {} } }, ['energy.missing-data', 'tariff.import']],
    [
      'an hour that no period covers',
      {},
      { tariff: { import: { timeOfUse: { periods: [{ name: 'day', pricePerKwh: 1, from: '06:00', to: '22:00' }] } } } },
      ['energy.missing-data', 'tariff.import'],
    ],
    [
      'hours of the system’s peak before the meter',
      { from: '2026-07-02', to: '2026-07-20' },
      {
        tariff: {
          import: { feePerKwh: 1 },
          demand: [{ name: 'c', pricePerKwMonth: 1, coincident: { hours: ['2026-06-30T17:00', '2026-07-15T17:00'] } }],
        },
      },
      ['energy.bad-bill', 'tariff.demand.0.coincident.hours'],
    ],
    [
      'a site without a grid connection',
      {},
      { assets: { load: { kind: 'load', demand: 5 } } },
      ['energy.bad-bill', 'assets'],
    ],
  ])('refuses %s', async (_, input, setting, expected) => {
    expect(await problemOf(input, setting)).toEqual(expected)
  })
})
