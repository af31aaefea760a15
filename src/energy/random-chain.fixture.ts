import fc from 'fast-check'

type Fields = { readonly kind: string; readonly [field: string]: unknown }

/**
 * Hydrogen, gas engines, reservoirs and lines for random parks. Mostly none: a park of all kinds takes long to solve, and
 * what a large park finds, a small one finds sooner.
 */
export function randomChain(steps: number): fc.Arbitrary<Readonly<Record<string, Fields>>> {
  const size = (max: number): fc.Arbitrary<number> =>
    fc.oneof({ weight: 1, arbitrary: fc.constant(0) }, { weight: 5, arbitrary: fc.integer({ min: 0, max }) })
  const share = fc.oneof(
    fc.constantFrom(0, 1),
    fc.integer({ min: 0, max: 100 }).map((value) => value / 100),
  )
  const band = fc.tuple(share, share).map((pair) => ({ minLevel: Math.min(...pair), maxLevel: Math.max(...pair) }))
  const series = (max: number) => fc.array(size(max), { minLength: steps, maxLength: steps })
  const record = (kind: string, required: object, optional: object = {}) =>
    fc.record({ kind: fc.constant(kind), ...required, ...optional } as Record<string, fc.Arbitrary<unknown>>, {
      requiredKeys: ['kind', ...Object.keys(required)],
    }) as fc.Arbitrary<Fields>

  const electrolyser = record(
    'electrolyser',
    { ratedKw: size(300), initialState: fc.constantFrom('off', 'standby', 'on') },
    {
      minLoad: fc.constantFrom(0.15, 0.2, 0.5),
      rampPerHour: fc.constantFrom(0.1, 0.5, 3),
      startCost: fc.constantFrom(0, 30),
      standbyShare: fc.constantFrom(0, 0.02, 0.1),
      heatRecovery: fc.constantFrom(0, 0.6),
      initialLoad: share,
    },
  )
  const hydrogenStore = fc
    .tuple(
      record(
        'hydrogen-store',
        { capacityKg: size(20), maxFillKgPerH: size(6), maxDrawKgPerH: size(6), initialLevel: share },
        {
          compressionKwhPerKg: fc.constantFrom(0, 1.7, 10),
          lossPerDay: fc.constantFrom(0, 0.2),
          terminalValuePerKg: fc.constantFrom(0, 30),
        },
      ),
      band,
    )
    .map(([fields, levels]) => ({ ...fields, ...levels }))
  const hydrogenLoad = record(
    'hydrogen-load',
    { demand: series(5) },
    {
      deliveries: fc.array(
        fc.record({
          id: fc.constantFrom('trucks', 'buses'),
          massKg: size(30),
          from: fc.constantFrom('00:00', '02:00', '22:00'),
          to: fc.constantFrom('24:00', '04:00', '01:00'),
          maxKgPerH: fc.integer({ min: 1, max: 20 }),
        }),
        { minLength: 1, maxLength: 2 },
      ),
    },
  )
  const fuelCell = record(
    'fuel-cell',
    { ratedKw: size(100), minLoad: fc.constantFrom(0, 0, 0.3) },
    { heatEfficiency: fc.constantFrom(0, 0.4), startCost: fc.constantFrom(0, 20), initiallyOn: fc.boolean() },
  )
  const chp = fc
    .tuple(
      record(
        'chp',
        { ratedKw: size(200) },
        {
          minLoad: fc.constantFrom(0.01, 0.5, 1),
          heatRejection: fc.boolean(),
          standbyHeatKw: fc.constantFrom(0, 5),
          startCost: fc.constantFrom(0, 40),
          runningCostPerHour: fc.constantFrom(0, 15),
          minUpHours: fc.constantFrom(0, 2),
          minDownHours: fc.constantFrom(0, 1),
          initiallyOnHours: fc.constantFrom(0, 1),
        },
      ),
      fc.oneof(
        fc.record({
          fuel: fc.record({
            kwhPerUnit: fc.constantFrom(1, 10),
            pricePerUnit: fc.constantFrom(0, 4),
            kgCo2ePerUnit: fc.constantFrom(0, 2),
          }),
        }),
        fc.tuple(band, share, series(100), size(400)).map(([levels, initialLevel, production, holderM3]) => ({
          biogas: { ...levels, initialLevel, production, holderM3 },
        })),
      ),
    )
    .map(([fields, fuel]) => ({ ...fields, ...fuel }))
  const reservoir = fc
    .tuple(
      record(
        'hydro-reservoir',
        {
          ratedKw: size(150),
          headM: fc.integer({ min: 1, max: 60 }),
          inflow: series(3),
          initialVolumeM3: size(30_000),
        },
        {
          maxFlowM3PerS: size(3),
          minReleaseM3PerS: fc.constantFrom(0, 0.5, 2),
          pump: fc.record({ maxKw: size(60) }),
          waterValuePerM3: fc.constantFrom(0, 0.1),
        },
      ),
      fc.tuple(size(30_000), size(30_000)),
    )
    .map(([fields, volumes]) => ({ ...fields, minVolumeM3: Math.min(...volumes), volumeM3: Math.max(...volumes) }))
  const line = record(
    'line',
    { from: fc.constant('main'), to: fc.constantFrom('port', 'yard'), limitKw: size(200) },
    { reactancePerUnit: fc.constantFrom(0.003, 0.5), lossShare: fc.constantFrom(0, 0.03) },
  )
  const transformer = record(
    'transformer',
    { from: fc.constantFrom('main', 'yard'), to: fc.constant('port'), ratedKw: size(200) },
    { efficiency: fc.constantFrom(0.9, 1), reactancePerUnit: fc.constantFrom(0.04, 0.1) },
  )
  const cranes = record('load', { bus: fc.constant('port'), demand: series(150) })
  const quay = record('pv', { bus: fc.constant('port'), capacityKwp: size(100), production: series(100) })
  const some = (kinds: Readonly<Record<string, fc.Arbitrary<Fields>>>) =>
    fc.record(kinds, { requiredKeys: [] }) as fc.Arbitrary<Readonly<Record<string, Fields>>>
  return fc.oneof(
    { weight: 3, arbitrary: fc.constant({}) },
    {
      weight: 2,
      arbitrary: some({
        electrolyser,
        'hydrogen-store': hydrogenStore,
        'hydrogen-load': hydrogenLoad,
        'fuel-cell': fuelCell,
      }),
    },
    { weight: 2, arbitrary: some({ 'line-a': line, 'line-b': line, transformer, cranes, quay }) },
    { weight: 2, arbitrary: some({ chp, reservoir }) },
  )
}
