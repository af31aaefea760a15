import { quarterHourly, type TestPark } from '../src/energy/park.fixture.ts'

/** The park of the speed goals: PV, wind, battery with wear bands, gensets, EVs, demand charge, 96 quarter-hours. */
export function benchPark({ vehicles, gensets }: { readonly vehicles: number; readonly gensets: number }): TestPark {
  const count = 96
  const day = Array.from({ length: count }, (_, k) => (k / count) * 24)
  const sun = day.map((hour) => Math.max(0, 2500 * Math.sin(((hour - 6) / 12) * Math.PI)))
  const wind = day.map((hour) => 60 + 40 * Math.sin(hour / 3))
  const demand = day.map((hour) => 1200 + 1300 * Math.exp(-(((hour - 13) / 5) ** 2)) + 90 * Math.sin(hour * 5))
  const price = day.map((hour) => (hour < 6 ? 0.28 : hour >= 14 && hour < 22 ? 1.1 : 0.66))
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
      load: { kind: 'load', demand, shiftable: { share: 0.08, windowHours: 4, maxRaise: 0.1 } },
      ev: {
        kind: 'ev-charging',
        feederLimitKw: 250,
        sessions: Array.from({ length: vehicles }, (_, k) => ({
          id: `EV${k}`,
          arrival: stamp((k * 7) % 14),
          departure: stamp(((k * 7) % 14) + 4 + (k % 6)),
          energyKwh: 15 + (k % 5) * 8,
          maxKw: [7, 11, 22][k % 3],
        })),
      },
      grid: { kind: 'grid', importLimitKw: 2200, exportLimitKw: 1500 },
    },
  }
}
