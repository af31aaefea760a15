import fc from 'fast-check'

const price = fc.integer({ min: 0, max: 200 }).map((value) => value / 100)
const anyPrice = fc.integer({ min: -50, max: 200 }).map((value) => value / 100)
const clock = fc.constantFrom('00:00', '06:00', '08:30', '17:00', '22:15', '24:00')

/** Parts of the day, week and year; one that never holds is none. */
const window = fc
  .record(
    {
      from: clock,
      to: clock,
      months: fc.uniqueArray(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 11 }),
      weekdays: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 6 }),
      holidays: fc.constantFrom('only', 'never'),
      season: fc.constantFrom({ from: '11-15', to: '03-10' }, { from: '03-05', to: '09-30' }),
    },
    { requiredKeys: [] },
  )
  .filter(({ from, to }) => !(from === '24:00' && to === '00:00'))

const timeOfUse = fc.array(fc.record({ price: anyPrice, window }), { maxLength: 3 }).chain((periods) =>
  anyPrice.map((rest) => ({
    periods: [
      ...periods.map((period, i) => ({ ...period.window, name: `p${i}`, pricePerKwh: period.price })),
      { name: 'rest', pricePerKwh: rest },
    ],
  })),
)

const ends = (scale: number) =>
  fc
    .uniqueArray(fc.integer({ min: 1, max: 20 }), { maxLength: 3 })
    .map((parts) => parts.sort((a, b) => a - b).map((part) => part * scale))

const tiersOf = (blockKwh: number) =>
  fc
    .record({
      ends: ends(blockKwh),
      prices: fc.array(anyPrice, { minLength: 4, maxLength: 4 }),
      window,
      per: fc.constantFrom('month', 'year'),
    })
    .map(({ ends: upTo, prices, window: when, per }) => ({
      ...when,
      name: 'blocks',
      per,
      blocks: [...upTo.map((upToKwh, i) => ({ upToKwh, pricePerKwh: prices[i]! })), { pricePerKwh: prices[3]! }],
    }))

const demand = fc
  .record({
    price,
    window,
    interval: fc.constantFrom(60, 30, 15),
    kind: fc.constantFrom('plain', 'blocks', 'contract', 'measured', 'lookBack', 'mean', 'coincident'),
    ends: ends(20),
    prices: fc.array(price, { minLength: 4, maxLength: 4 }),
    demandKw: fc.integer({ min: 20, max: 300 }),
    share: fc.integer({ min: 0, max: 100 }).map((value) => value / 100),
  })
  .map(({ price: pricePerKwMonth, window: when, interval, kind, ends: upTo, prices, demandKw, share }) => {
    const base = { name: `charge ${kind}`, pricePerKwMonth, intervalMinutes: interval, ...when }
    switch (kind) {
      case 'blocks':
        return {
          ...base,
          blocks: [
            ...upTo.map((upToKw, j) => ({ upToKw, pricePerKwMonth: prices[j]! })),
            { pricePerKwMonth: prices[3]! },
          ],
        }
      case 'contract':
        return { ...base, contract: { demandKw, leastShare: share } }
      case 'measured':
        return { ...base, contract: { demandKw, billed: 'measured', leastShare: 0.85, excessFactor: 2 } }
      case 'lookBack':
        return {
          ...base,
          lookBack: { months: 3, share },
          peaks: [{ month: '2026-01', peakKw: demandKw }],
          since: '2026-01',
        }
      case 'mean':
        return {
          ...base,
          billedOn: 'twelve-month-mean',
          peaks: [{ month: '2026-01', peakKw: demandKw }],
          since: '2026-01',
        }
      case 'coincident':
        return {
          name: base.name,
          pricePerKwMonth,
          coincident: {
            hours: ['2026-02-02T00:30', '2026-02-03T18:00'],
            minutes: 60,
            take: share > 0.5 ? 'mean' : 'highest',
          },
        }
      default:
        return base
    }
  })

/** `blockKwh`: blocks of energy end at up to twenty times this. Any valid tariff whose money a plan can move: no minimum bill, no power factor, no rounding. */
export const randomTariff = (blockKwh: number) =>
  fc
    .record({
      timeOfUse,
      feePerKwh: anyPrice,
      tiers: fc.array(tiersOf(blockKwh), { maxLength: 2 }),
      export: fc.option(fc.record({ timeOfUse, feePerKwh: anyPrice }), { nil: undefined }),
      netMetering: fc.option(
        fc.record({
          surplus: fc.constantFrom('paid', 'carried'),
          surplusPricePerKwh: anyPrice,
          yearBegins: fc.constantFrom(1, 3, 4),
        }),
        { nil: undefined },
      ),
      demand: fc.array(demand, { maxLength: 3 }),
      capacity: fc.constantFrom([], [{ name: 'kVA', capacityKva: 400, pricePerKvaMonth: 26 }]),
      fixed: fc.constantFrom(
        [],
        [{ name: 'meter', price: 12, per: 'day' }],
        [{ name: 'service', price: 120, per: 'year' }],
      ),
      surcharges: fc.constantFrom([], [{ name: 'fund', pricePerKwh: 0.03 }]),
      taxes: fc.constantFrom([], [{ name: 'VAT', share: 0.13 }]),
      billingDay: fc.constantFrom(1, 1, 15, 28),
    })
    .map(({ timeOfUse: periods, feePerKwh, tiers: lists, export: exported, netMetering, ...rest }) => ({
      ...rest,
      holidays: ['2026-02-17', '2026-02-18'],
      import: { timeOfUse: periods, feePerKwh, tiers: netMetering ? [] : lists },
      ...(exported ? { export: exported } : {}),
      ...(netMetering ? { netMetering } : {}),
    }))
