import { quarterHourly, type TestPark } from '../src/energy/park.fixture.ts'

export interface BenchParkOptions {
  readonly vehicles: number
  readonly gensets: number
  /**
   * Vehicles that need no more than their charger can bring. A need that cannot be met costs 25 times the money of the day
   * in penalties, and a gap relative to that says little about the money.
   */
  readonly attainable?: boolean
  /** With an electrolyser, a hydrogen store and deliveries to trucks. */
  readonly hydrogen?: boolean
  /** Varies the prices of every step, so that no two days are alike; 0: the tariff as it is. */
  readonly priceSeed?: number
}

/** Factors between 0.7 and 1.3 from a seed: Lehmer's generator (Park & Miller 1988). */
function priceFactors(seed: number, count: number): number[] {
  let state = seed * 7919 + 1
  return Array.from({ length: count }, () => {
    state = (state * 48_271) % 2_147_483_647
    return seed === 0 ? 1 : 0.7 + (0.6 * state) / 2_147_483_647
  })
}

const hydrogenAssets: TestPark['assets'] = {
  electrolyser: { kind: 'electrolyser', ratedKw: 1000, rampPerHour: 2, startCost: 60 },
  tank: { kind: 'hydrogen-store', capacityKg: 300, maxFillKgPerH: 25, maxDrawKgPerH: 80, initialLevel: 0.3 },
  trucks: {
    kind: 'hydrogen-load',
    deliveries: [
      { id: 'morning', massKg: 90, from: '05:00', to: '09:00', maxKgPerH: 60 },
      { id: 'evening', massKg: 90, from: '17:00', to: '21:00', maxKgPerH: 60 },
    ],
  },
}

/** The park of the speed goals: PV, wind, battery with wear bands, gensets, EVs, demand charge, 96 quarter-hours. */
export function benchPark({
  vehicles,
  gensets,
  attainable = false,
  hydrogen = false,
  priceSeed = 0,
}: BenchParkOptions): TestPark {
  const count = 96
  const day = Array.from({ length: count }, (_, k) => (k / count) * 24)
  const sun = day.map((hour) => Math.max(0, 2500 * Math.sin(((hour - 6) / 12) * Math.PI)))
  const wind = day.map((hour) => 60 + 40 * Math.sin(hour / 3))
  const demand = day.map((hour) => 1200 + 1300 * Math.exp(-(((hour - 13) / 5) ** 2)) + 90 * Math.sin(hour * 5))
  const factors = priceFactors(priceSeed, count)
  const price = day.map((hour, k) => (hour < 6 ? 0.28 : hour >= 14 && hour < 22 ? 1.1 : 0.66) * factors[k]!)
  const stamp = (hour: number): string => new Date(Date.UTC(2026, 6, 6) + hour * 3_600_000).toISOString()
  const sets = Object.fromEntries(
    Array.from({ length: gensets }, (_, k) => [
      `genset${k}`,
      {
        kind: 'genset',
        ratedKw: 400 + 100 * k,
        minLoad: 0.3,
        fuel: { unit: 'L', pricePerUnit: 3.4, kgCo2ePerUnit: 2.68, perKwh: 0.24, perHourRunning: 6 },
        startCost: 40,
        minUpHours: 1,
        minDownHours: 1,
      },
    ]),
  )
  return {
    grid: quarterHourly(count),
    tariff: {
      import: { spot: price },
      export: { feePerKwh: 0.39 },
      demand: [{ name: 'month', pricePerKwMonth: 40, peakSoFarKw: 900 }],
      carbonIntensity: 0.58,
      carbonPricePerKg: 0.08,
    },
    wishes: { reserveSoc: 0.2 },
    assets: {
      pv: { kind: 'pv', capacityKwp: 3000, production: sun },
      wind: {
        kind: 'wind',
        ratedKw: 100,
        hubHeightM: 37,
        powerCurve: [
          [0, 0],
          [12, 100],
        ],
        production: wind,
      },
      battery: { kind: 'battery', capacityKwh: 4000, maxChargeKw: 1500, maxDischargeKw: 1500 },
      ...sets,
      ...(hydrogen ? hydrogenAssets : {}),
      load: { kind: 'load', demand, shiftable: { share: 0.08, windowHours: 4, maxRaise: 0.1 } },
      ev: {
        kind: 'ev-charging',
        feederLimitKw: 250,
        sessions: Array.from({ length: vehicles }, (_, k) => ({
          id: `EV${k}`,
          arrival: stamp((k * 7) % 14),
          departure: stamp(((k * 7) % 14) + 4 + (k % 6)),
          energyKwh: attainable
            ? Math.min(15 + (k % 5) * 8, 0.8 * (4 + (k % 6)) * [7, 11, 22][k % 3]!)
            : 15 + (k % 5) * 8,
          maxKw: [7, 11, 22][k % 3],
        })),
      },
      grid: { kind: 'grid', importLimitKw: 2200, exportLimitKw: 1500 },
    },
  }
}
