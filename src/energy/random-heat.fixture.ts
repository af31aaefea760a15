import fc from 'fast-check'

/** Zero often: capacities of nothing are where formulations break. */
const size = (max: number): fc.Arbitrary<number> =>
  fc.oneof({ weight: 1, arbitrary: fc.constant(0) }, { weight: 5, arbitrary: fc.integer({ min: 0, max }) })
const share = fc.oneof(
  fc.constantFrom(0, 1),
  fc.integer({ min: 0, max: 100 }).map((value) => value / 100),
)

/** Assets that make, store and use heat, of every kind; series are `steps` long. */
export function randomHeat(steps: number) {
  const seriesOf = (value: fc.Arbitrary<number>) => fc.array(value, { minLength: steps, maxLength: steps })
  const outdoor = seriesOf(fc.integer({ min: -20, max: 40 }))
  const heatPump = fc.record({
    kind: fc.constant('heat-pump'),
    ratedKw: size(200),
    minLoad: fc.constantFrom(0, 0, 0.3, 1),
    source: outdoor,
    cop: fc.constantFrom(
      {},
      { model: 'air-source' },
      {
        model: 'table',
        table: [
          [-10, 1],
          [5, 4],
        ],
      },
    ),
  })
  const boiler = fc
    .record({ ratedKw: size(200), electric: fc.boolean(), pricePerUnit: fc.constantFrom(0, 3, 90) })
    .map(({ ratedKw, electric, pricePerUnit }) => ({
      kind: 'boiler',
      ratedKw,
      electric,
      ...(electric ? {} : { fuel: { pricePerUnit, kgCo2ePerUnit: 2, kwhPerUnit: 10 } }),
    }))
  const thermalStore = fc
    .record({
      capacityKwh: size(500),
      maxChargeKw: size(150),
      maxDischargeKw: size(150),
      lossPerHour: fc.constantFrom(0, 0.01, 0.5, 1),
      band: fc.tuple(share, share),
      initialSoc: share,
    })
    .map(({ band, ...fields }) => ({
      ...fields,
      kind: 'thermal-store',
      minSoc: Math.min(...band),
      maxSoc: Math.max(...band),
    }))
  const heatLoad = fc.record(
    {
      kind: fc.constant('heat-load'),
      demand: seriesOf(size(200)),
      curtailable: fc.record({ share, costPerKwh: fc.constantFrom(0, 2, 50) }),
    },
    { requiredKeys: ['kind', 'demand'] },
  )
  const band = { lowC: fc.integer({ min: 15, max: 21 }), highC: fc.integer({ min: 21, max: 27 }) }
  const zone = fc.record(
    {
      kind: fc.constant('zone'),
      resistanceKPerKw: fc.constantFrom(0.2, 2, 20),
      capacitanceKwhPerK: fc.constantFrom(0.1, 3, 40),
      mass: fc.record({
        capacitanceKwhPerK: fc.constantFrom(1, 80),
        resistanceKPerKw: fc.constantFrom(0.1, 3),
        outerResistanceKPerKw: fc.constantFrom(5, 100),
      }),
      initialC: fc.integer({ min: 0, max: 35 }),
      outdoor,
      internalGains: seriesOf(size(5)),
      comfort: fc.record({
        ...band,
        setback: fc.constantFrom([], [{ from: '02:00', to: '05:00', lowC: 12, highC: 28 }]),
      }),
      heatedBy: fc.constantFrom('heat-bus', 'heat-pump', 'electricity'),
      heatingKw: size(60),
      cooling: fc.record({ ratedKw: size(30), eer: fc.constantFrom(1, 3) }),
    },
    {
      requiredKeys: ['kind', 'resistanceKPerKw', 'capacitanceKwhPerK', 'outdoor', 'heatedBy', 'heatingKw', 'comfort'],
    },
  )
  return { pump: heatPump, boiler, 'hot-water': thermalStore, homes: heatLoad, room: zone }
}
