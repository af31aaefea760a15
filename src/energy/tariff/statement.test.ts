import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MangroveError } from '../../kernel/index.ts'
import { randomTariff } from './random-tariff.fixture.ts'
import { roundMoney, sumMoney } from './rounding.ts'
import { billsOf, evaluated, gridBetween, totalOf } from './statement.fixture.ts'

const wave = (step: number): number => 100 + 40 * Math.sin(step / 5)

describe('a bill', () => {
  const tariff = {
    import: {
      timeOfUse: {
        periods: [
          { name: 'holiday', pricePerKwh: 0.1, holidays: 'only' },
          { name: 'night', pricePerKwh: 0.2, from: '22:00', to: '06:00' },
          { name: 'day', pricePerKwh: 0.6 },
        ],
      },
    },
    fixed: [
      { name: 'meter', price: 1, per: 'day' },
      { name: 'service', price: 50 },
    ],
    holidays: ['2026-10-01'],
  }

  it('of a month whose clock changes counts the hour that the night has more or less', async () => {
    const of = async (month: string, next: string) => {
      const grid = gridBetween(month, next, 15, 'Europe/Madrid')
      const [bill] = await billsOf({ tariff, grid, zone: 'Europe/Madrid', importKw: 1 })
      return bill!
    }
    const march = await of('2026-03-01', '2026-04-01')
    expect(march.importKwh).toBeCloseTo(31 * 24 - 1, 9)
    expect(march.lines.map(({ period, quantity }) => [period, Math.round(quantity)])).toEqual([
      ['night', 31 * 8 - 1],
      ['day', 31 * 16],
      ['', 31],
      ['', 1],
    ])
    const october = await of('2026-10-01', '2026-11-01')
    expect(october.lines.map(({ period, quantity }) => [period, Math.round(quantity)])).toEqual([
      ['holiday', 24],
      ['night', 30 * 8 + 1],
      ['day', 30 * 16],
      ['', 31],
      ['', 1],
    ])
    expect([march.covered, october.covered]).toEqual([1, 1])
  })

  it('of a February has a day more in a leap year', async () => {
    const days = async (year: number) => {
      const [bill] = await billsOf({ tariff, grid: gridBetween(`${year}-02-01`, `${year}-03-01`, 60), importKw: 0 })
      return bill!.byKind.fixed - 50
    }
    expect([await days(2027), await days(2028)]).toEqual([28, 29])
  })

  it('begins with the billing day, and charges a cut month for its part', async () => {
    const grid = gridBetween('2026-06-01', '2026-08-15', 60)
    const bills = await billsOf({ tariff: { ...tariff, billingDay: 15 }, grid, importKw: 1 })
    expect(bills.map(({ month, covered }) => [month, Math.round(covered * 31)])).toEqual([
      ['2026-05', 14],
      ['2026-06', 31],
      ['2026-07', 31],
    ])
    expect(bills[0]!.byKind.fixed).toBeCloseTo((31 + 50) * (14 / 31), 9)
  })

  it('rounds every line to the cent and adds up what it prints', async () => {
    const [bill] = await billsOf({
      tariff: { ...tariff, rounding: 0.01, taxes: [{ name: 'VAT', share: 0.0725 }] },
      grid: gridBetween('2026-05-01', '2026-06-01', 15),
      importKw: (step) => 1 + ((step * 37) % 11) / 7,
    })
    const cents = bill!.lines.map(({ amount }) => amount * 100)
    for (const cent of cents) expect(Math.abs(cent - Math.round(cent))).toBeLessThan(1e-9 * Math.abs(cent) + 1e-9)
    expect(Math.round(bill!.total * 100)).toBe(cents.reduce((sum, cent) => sum + Math.round(cent), 0))
    const tax = bill!.lines.find(({ kind }) => kind === 'tax')!
    const before = bill!.lines.filter(({ kind }) => kind !== 'tax').reduce((sum, { amount }) => sum + amount, 0)
    expect(tax.amount).toBe(roundMoney(before * 0.0725, 0.01))
    expect(String(bill!.total)).toMatch(/^\d+(\.\d{1,2})?$/)
  })

  it('is at least the minimum, before what export earns', async () => {
    const [bill] = await billsOf({
      tariff: { import: { feePerKwh: 0.5 }, export: { feePerKwh: 0.1 }, minimumBill: 1000 },
      grid: gridBetween('2026-06-01', '2026-07-01', 60),
      importKw: 1,
      exportKw: 2,
    })
    expect([bill!.byKind.energy, bill!.byKind.minimum, bill!.byKind.export]).toEqual([360, 640, -144])
    expect(bill!.total).toBeCloseTo(856, 9)
  })

  it('carries a surplus from month to month and pays the rest at the end of the netting year', async () => {
    const netMetering = { surplus: 'carried', surplusPricePerKwh: 0.05, yearBegins: 4 }
    const hoursOf = [31 * 24, 28 * 24, 31 * 24]
    const grid = gridBetween('2026-01-01', '2026-04-01', 60)
    const monthOf = (step: number): number => (step < hoursOf[0]! ? 0 : step < hoursOf[0]! + hoursOf[1]! ? 1 : 2)
    const imported = [100, 500, 300]
    const exported = [300, 200, 700]
    const bills = await billsOf({
      tariff: { import: { feePerKwh: 0.5 }, netMetering },
      grid,
      importKw: (step) => imported[monthOf(step)]! / hoursOf[monthOf(step)]!,
      exportKw: (step) => exported[monthOf(step)]! / hoursOf[monthOf(step)]!,
    })
    const shown = bills.map(({ lines }) =>
      lines.map(({ code, quantity, amount }) => [code, Math.round(quantity), Math.round(amount * 100) / 100]),
    )
    expect(shown).toEqual([
      [
        ['energy.fee', 100, 50],
        ['net-metering.netted', 100, -50],
        ['net-metering.carried', 200, 0],
      ],
      [
        ['energy.fee', 500, 250],
        ['net-metering.netted', 400, -200],
      ],
      [
        ['energy.fee', 300, 150],
        ['net-metering.netted', 300, -150],
        ['net-metering.surplus', 400, -20],
      ],
    ])
  })

  it('counts a gap as nothing and says how many steps it is', async () => {
    const grid = gridBetween('2026-06-01', '2026-07-01', 60)
    const [bill] = await billsOf({ tariff, grid, importKw: (step) => (step < 10 ? Number.NaN : 1) })
    expect([bill!.missingSteps, bill!.importKwh]).toEqual([10, 710])
  })

  it('of a mean of twelve months divides by the months that there were', async () => {
    const demand = [{ name: 'd', pricePerKwMonth: 12, billedOn: 'twelve-month-mean', since: '2026-01' }]
    const bills = await billsOf({
      tariff: { import: { feePerKwh: 0.1 }, demand },
      grid: gridBetween('2026-01-01', '2026-04-01', 15),
      importKw: (step) => (step === 0 ? 120 : 60),
    })
    expect(bills.map(({ byKind }) => byKind.demand)).toEqual([12 * 120, 12 * 90, 12 * 80])
  })
})

describe('laws of a bill', () => {
  const grid = gridBetween('2026-02-01', '2026-03-01', 60)

  it('splitting every step in parts of the same power changes no line, whatever the tariff', async () => {
    await fc.assert(
      fc.asyncProperty(randomTariff(2000), fc.constantFrom(4, 2), async (tariff, parts) => {
        // A tariff that is measured on less than the step of the meter, or changes within it, is no case of this law.
        const coarse = gridBetween('2026-02-01', '2026-03-01', 15)
        const fine = { ...coarse, stepMs: coarse.stepMs / parts, count: coarse.count * parts }
        const sign = (power: number): number => power - 80
        const of = (at: typeof coarse, each: number) =>
          billsOf({
            tariff,
            grid: at,
            importKw: (step) => Math.max(0, sign(wave(Math.floor(step / each)))),
            exportKw: (step) => Math.max(0, -sign(wave(Math.floor(step / each)))),
          })
        const [before, after] = [await of(coarse, 1), await of(fine, parts)]
        expect(after.map(({ lines }) => lines.map(({ code, period }) => [code, period]))).toEqual(
          before.map(({ lines }) => lines.map(({ code, period }) => [code, period])),
        )
        before.forEach(({ total }, i) => {
          expect(Math.abs(after[i]!.total - total)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(total)) + 1e-6)
        })
      }),
      { numRuns: 25 },
    )
  })

  it('all prices times a factor are the bill times the factor', async () => {
    const prices = (factor: number) => ({
      import: {
        timeOfUse: {
          periods: [
            { name: 'a', pricePerKwh: 0.7 * factor, to: '12:00' },
            { name: 'b', pricePerKwh: 0.3 * factor },
          ],
        },
        tiers: [{ name: 't', blocks: [{ upToKwh: 9000, pricePerKwh: 0.1 * factor }, { pricePerKwh: 0.4 * factor }] }],
      },
      demand: [{ name: 'd', pricePerKwMonth: 30 * factor, contract: { demandKw: 90 } }],
      fixed: [{ name: 'f', price: 20 * factor }],
      taxes: [{ name: 'VAT', share: 0.13 }],
    })
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 1000 }), async (factor) => {
        const one = totalOf(await billsOf({ tariff: prices(1), grid, importKw: wave }))
        const many = totalOf(await billsOf({ tariff: prices(factor), grid, importKw: wave }))
        expect(many / one / factor).toBeCloseTo(1, 9)
      }),
      { numRuns: 15 },
    )
  })

  it('more import costs no less while no price is below zero', async () => {
    await fc.assert(
      fc.asyncProperty(
        randomTariff(2000),
        fc.nat({ max: 671 }),
        fc.integer({ min: 1, max: 500 }),
        async (any, at, moreKw) => {
          const { netMetering: _, export: __, ...rest } = any
          const tariff = { ...rest, import: { ...rest.import, feePerKwh: 1 } }
          const less = totalOf(await billsOf({ tariff, grid, importKw: wave }))
          const more = totalOf(
            await billsOf({ tariff, grid, importKw: (step) => wave(step) + (step === at ? moreKw : 0) }),
          )
          expect(more).toBeGreaterThanOrEqual(less - 1e-6)
        },
      ),
      { numRuns: 30 },
    )
  })

  it('the bills of two months are those of each by itself, where nothing is carried over', async () => {
    const tariff = {
      import: {
        feePerKwh: 0.4,
        tiers: [{ name: 't', blocks: [{ upToKwh: 9000, pricePerKwh: 0.1 }, { pricePerKwh: 0.4 }] }],
      },
      demand: [{ name: 'd', pricePerKwMonth: 30, intervalMinutes: 60 }],
    }
    const both = await billsOf({ tariff, grid: gridBetween('2026-02-01', '2026-04-01', 60), importKw: wave })
    const first = await billsOf({ tariff, grid, importKw: wave })
    const second = await billsOf({
      tariff,
      grid: gridBetween('2026-03-01', '2026-04-01', 60),
      importKw: (step) => wave(step + 28 * 24),
    })
    expect(both.map(({ total }) => total)).toEqual([first[0]!.total, second[0]!.total])
  })

  it('rounding is half away from zero, by decimal fractions', () => {
    expect([1.005, -1.005, 2.675, 0.004].map((amount) => roundMoney(amount, 0.01))).toEqual([1.01, -1.01, 2.68, 0])
    expect(sumMoney([0.1, 0.2, 0.3], 0.01)).toBe(0.6)
    expect([roundMoney(12.5, 5), roundMoney(1.25, undefined)]).toEqual([15, 1.25])
  })
})

describe('a tariff that is described wrongly', () => {
  const grid = gridBetween('2026-06-01', '2026-07-01', 60)
  const problemsOf = async (tariff: object): Promise<readonly (readonly [string | undefined, string])[]> => {
    try {
      await evaluated({ tariff, grid })
    } catch (error) {
      if (!(error instanceof MangroveError)) throw error
      return error.problems.map(({ place, code }) => [place?.path, code])
    }
    return []
  }
  const fee = { feePerKwh: 1 }
  const charge = { name: 'd', pricePerKwMonth: 1 }

  it.each<readonly [string, object, string]>([
    ['a price that is no number', { import: { feePerKwh: Number.NaN } }, 'tariff.import.feePerKwh'],
    ['a window of no length', { import: fee, demand: [{ ...charge, from: '24:00', to: '00:00' }] }, 'tariff.demand.0'],
    [
      'a window in no month',
      { import: { timeOfUse: { periods: [{ name: 'x', pricePerKwh: 1, months: [] }] } } },
      'tariff.import.timeOfUse.periods.0',
    ],
    [
      'blocks that do not rise',
      {
        import: {
          ...fee,
          tiers: [
            { name: 't', blocks: [{ upToKwh: 9, pricePerKwh: 1 }, { upToKwh: 9, pricePerKwh: 1 }, { pricePerKwh: 2 }] },
          ],
        },
      },
      'tariff.import.tiers.0.blocks.1',
    ],
    [
      'a last block with an end',
      { import: { ...fee, tiers: [{ name: 't', blocks: [{ upToKwh: 9, pricePerKwh: 1 }] }] } },
      'tariff.import.tiers.0.blocks.0',
    ],
    [
      'an inner block without an end',
      { import: fee, demand: [{ ...charge, blocks: [{ pricePerKwMonth: 1 }, { pricePerKwMonth: 2 }] }] },
      'tariff.demand.0.blocks.0',
    ],
    [
      'a look-back beyond what is known',
      { import: fee, demand: [{ ...charge, lookBack: { months: 2 }, peaks: [{ month: '2026-05', peakKw: 3 }] }] },
      'tariff.demand.0.peaks',
    ],
    [
      'a peak that stands twice',
      {
        import: fee,
        demand: [
          {
            ...charge,
            peaks: [
              { month: '2026-05', peakKw: 3 },
              { month: '2026-05', peakKw: 4 },
            ],
          },
        ],
      },
      'tariff.demand.0.peaks.1',
    ],
    [
      'an hour that is none',
      { import: fee, demand: [{ ...charge, coincident: { hours: ['tomorrow'] } }] },
      'tariff.demand.0.coincident.hours.0',
    ],
    ['net metering of a spot price', { import: { spot: 1 }, netMetering: {} }, 'tariff.netMetering'],
    ['a holiday that is no date', { import: fee, holidays: ['2026-02-30'] }, 'tariff.holidays.0'],
    [
      'a table that does not rise',
      {
        import: fee,
        powerFactor: {
          table: [
            { from: 0, share: 1 },
            { from: 0, share: 0 },
          ],
        },
      },
      'tariff.powerFactor.table.1',
    ],
    [
      'two prices of one period in net metering',
      {
        import: {
          timeOfUse: {
            periods: [
              { name: 'x', pricePerKwh: 1, to: '12:00' },
              { name: 'x', pricePerKwh: 2 },
            ],
          },
        },
        netMetering: {},
      },
      'tariff.import.timeOfUse.periods',
    ],
  ])('%s is refused at its place', async (_, tariff, path) => {
    expect(await problemsOf(tariff)).toEqual([[path, 'energy.bad-tariff']])
  })

  it('a contract that began later needs no peaks of before', async () => {
    expect(
      await problemsOf({ import: fee, demand: [{ ...charge, lookBack: { months: 11 }, since: '2026-06' }] }),
    ).toEqual([])
  })
})
