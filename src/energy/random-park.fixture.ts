import fc from 'fast-check'
import type { TestPark } from './park.fixture.ts'
import { randomChain } from './random-chain.fixture.ts'
import { randomHeat } from './random-heat.fixture.ts'

/** Longest horizon; series are drawn this long and a plan reads as many values as it has steps. */
const maxSteps = 24

const startMs = Date.UTC(2026, 6, 6)

/** Zero often: capacities of nothing are where formulations break. */
const size = (max: number): fc.Arbitrary<number> =>
  fc.oneof({ weight: 1, arbitrary: fc.constant(0) }, { weight: 5, arbitrary: fc.integer({ min: 0, max }) })
const share = fc.oneof(
  fc.constantFrom(0, 1),
  fc.integer({ min: 0, max: 100 }).map((value) => value / 100),
)
const powers = fc.array(size(300), { minLength: maxSteps, maxLength: maxSteps })
/** Negative hours and spikes of thousands among ordinary prices, per kWh. */
const price = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 200 }).map((value) => value / 100) },
  { weight: 2, arbitrary: fc.integer({ min: -100, max: 0 }).map((value) => value / 100) },
  { weight: 1, arbitrary: fc.constantFrom(-500, 3000, 9000) },
)
const prices = fc.array(price, { minLength: maxSteps, maxLength: maxSteps })

const pv = fc.record({
  kind: fc.constant('pv'),
  capacityKwp: size(300),
  curtailable: fc.boolean(),
  production: powers,
})
const wind = fc.record({
  kind: fc.constant('wind'),
  ratedKw: size(300),
  hubHeightM: fc.constant(60),
  powerCurve: fc.constant([
    [3, 0],
    [12, 300],
  ]),
  curtailable: fc.boolean(),
  production: powers,
})
const hydro = fc.record({
  kind: fc.constant('hydro'),
  ratedKw: size(80),
  headM: fc.integer({ min: 1, max: 30 }),
  flow: fc.array(fc.integer({ min: 0, max: 3 }), { minLength: maxSteps, maxLength: maxSteps }),
  curtailable: fc.boolean(),
})
const battery = fc
  .record(
    {
      capacityKwh: size(600),
      maxChargeKw: size(200),
      maxDischargeKw: size(200),
      // An efficiency of nothing is none.
      chargeEfficiency: fc.integer({ min: 60, max: 100 }).map((value) => value / 100),
      dischargeEfficiency: fc.integer({ min: 60, max: 100 }).map((value) => value / 100),
      selfDischargePerDay: fc.constantFrom(0, 0.001, 0.3),
      band: fc.tuple(share, share),
      initialSoc: share,
      taperSoc: share,
      taperPower: share,
      wear: fc.constantFrom({}, { replacementCostPerKwh: 0 }, { depthExponent: 1 }, { depthExponent: 3 }),
    },
    { requiredKeys: ['capacityKwh', 'maxChargeKw', 'maxDischargeKw', 'band', 'initialSoc'] },
  )
  .map(({ band, ...fields }) => ({ ...fields, kind: 'battery', minSoc: Math.min(...band), maxSoc: Math.max(...band) }))
const genset = fc.record({
  kind: fc.constant('genset'),
  ratedKw: fc.integer({ min: 1, max: 300 }),
  minLoad: share,
  fuel: fc.record({
    pricePerUnit: fc.constantFrom(0, 8),
    kgCo2ePerUnit: fc.constantFrom(0, 2.68),
    perKwh: fc.constantFrom(0, 0.24),
    perHourRunning: fc.constantFrom(0, 7),
  }),
  startCost: fc.constantFrom(0, 60),
  stopCost: fc.constantFrom(0, 20),
  runningCostPerHour: fc.constantFrom(0, 40),
  minUpHours: fc.constantFrom(0, 0.5, 2, 9),
  minDownHours: fc.constantFrom(0, 1, 3),
  initiallyOnHours: fc.constantFrom(0, 1, 20),
})
const load = fc.record(
  {
    kind: fc.constant('load'),
    demand: powers,
    curtailable: fc.record({ share, costPerKwh: fc.constantFrom(0, 2, 50) }),
    shiftable: fc.record({ share, windowHours: fc.constantFrom(0.5, 3, 24), maxRaise: share }),
  },
  { requiredKeys: ['kind', 'demand'] },
)
const minutes = fc.integer({ min: -300, max: 1500 })
const session = fc
  .record({
    arrival: minutes,
    stay: fc.integer({ min: 1, max: 900 }),
    energyKwh: size(200),
    maxKw: fc.integer({ min: 1, max: 150 }),
    minShare: fc.constantFrom(0, 0, 0.4),
    back: fc.option(
      fc.record({ v2gKw: size(60), arrivalKwh: size(80), minKwh: size(60), v2gWearPerKwh: fc.constantFrom(0, 0.2) }),
    ),
  })
  .map(({ arrival, stay, minShare, back, ...rest }) => ({
    ...rest,
    ...(minShare > 0 ? { minKw: minShare * rest.maxKw } : {}),
    ...(back ? { ...back, batteryKwh: Math.max(1, rest.energyKwh + back.arrivalKwh) } : {}),
    arrival: new Date(startMs + arrival * 60_000).toISOString(),
    departure: new Date(startMs + (arrival + stay) * 60_000).toISOString(),
  }))
const evCharging = fc
  .record({
    feederLimitKw: size(200),
    efficiency: fc.constantFrom(0.5, 0.93, 1),
    sessions: fc.array(session, { maxLength: 6 }),
  })
  .map(({ sessions, ...rest }) => ({
    ...rest,
    kind: 'ev-charging',
    sessions: sessions.map((fields, index) => ({ ...fields, id: `ev${index}` })),
  }))
const frequencyReserve = fc
  .record(
    {
      upKw: size(100),
      downKw: powers,
      upPricePerKwh: fc.constantFrom(0, 0.5, -1),
      downPricePerKwh: fc.constantFrom(0, 0.5),
      penaltyPerKwh: fc.constantFrom(0, 1),
      sustainHours: fc.constantFrom(0, 0.25, 4),
      blockHours: fc.constantFrom(0.5, 4),
      operating: fc.record({ loadShare: share, sourceShare: share, largestUnit: fc.boolean() }),
    },
    { requiredKeys: [] },
  )
  .map((fields) => ({ ...fields, kind: 'frequency-reserve' }))
const grid = fc.record({ kind: fc.constant('grid'), importLimitKw: size(400), exportLimitKw: size(100) })

const assets = fc.record(
  {
    pv,
    wind,
    hydro,
    'battery-a': battery,
    'battery-b': battery,
    'genset-a': genset,
    'genset-b': genset,
    load,
    shop: load,
    ev: evCharging,
    reserve: frequencyReserve,
    ...randomHeat(maxSteps),
    grid,
  },
  { requiredKeys: [] },
)

const demandCharge = fc.record({
  name: fc.constantFrom('month', 'evening'),
  pricePerKwMonth: fc.constantFrom(0, 40, 300),
  peakSoFarKw: size(300),
  from: fc.constantFrom('00:00', '03:00'),
  to: fc.constantFrom('24:00', '05:00', '01:00'),
})
const tariff = fc.record(
  {
    import: fc.record({ spot: prices }),
    export: fc.record({ spot: prices }),
    demand: fc.array(demandCharge, { maxLength: 2 }),
    carbonIntensity: fc.array(share, { minLength: maxSteps, maxLength: maxSteps }),
    carbonPricePerKg: fc.constantFrom(0, 0.08, 1),
  },
  { requiredKeys: ['import'] },
)
const wishes = fc.record(
  {
    order: fc.shuffledSubarray(['serve-load', 'ev-energy', 'comfort', 'finish-shift', 'reserve', 'peak-import']),
    reserveSoc: share,
    peakImportKw: size(300),
  },
  { requiredKeys: [] },
)

/** Any valid park: some assets of every kind, capacities of nothing, wild prices, contradictory wishes. */
export const randomPark: fc.Arbitrary<TestPark> = fc.record(
  {
    // A site on which nothing takes part in energy is refused.
    assets: fc
      .tuple(assets, randomChain(maxSteps))
      .map(([some, chain]) => ({ ...some, ...chain }) as TestPark['assets'])
      .filter((some) => Object.keys(some).length > 0),
    tariff,
    limits: fc.record({ importKw: size(300), exportKw: size(100) }, { requiredKeys: [] }),
    wishes,
    grid: fc.record({
      startMs: fc.constant(startMs),
      stepMs: fc.constantFrom(15, 30, 60).map((value) => value * 60_000),
      // Mostly short: what a long horizon finds, a short one finds sooner.
      count: fc.oneof(
        { weight: 3, arbitrary: fc.integer({ min: 4, max: 9 }) },
        { weight: 1, arbitrary: fc.integer({ min: 10, max: maxSteps }) },
      ),
    }),
  },
  { requiredKeys: ['assets', 'tariff', 'grid'] },
)
