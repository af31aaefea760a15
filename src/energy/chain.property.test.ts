import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { stepStartMs } from '../kernel/index.ts'
import { createInlineSolver } from '../solve/index.ts'
import { planTestPark, type SolvedPark, type TestPark } from './park.fixture.ts'
import type { PreparedAsset } from './park-model.ts'
import { flowsOf } from './park-model.ts'
import { breachesOf } from './plan-breaches.fixture.ts'
import { randomChain } from './random-chain.fixture.ts'

const solver = await createInlineSolver()
const seed = 20260707
const count = 8
const startMs = Date.UTC(2026, 6, 6)
const relativeGap = 1e-3

const prices = fc.array(
  fc.integer({ min: -50, max: 300 }).map((value) => value / 100),
  { minLength: 24, maxLength: 24 },
)
/** Chains with a connection and a load, so that they have something to do. */
const parks: fc.Arbitrary<TestPark> = fc
  .tuple(
    randomChain(24).filter((some) => Object.keys(some).length > 0),
    prices,
  )
  .map(([chain, spot]) => ({
    assets: {
      ...chain,
      works: { kind: 'load', demand: 60 },
      homes: { kind: 'heat-load', demand: 30 },
      grid: { kind: 'grid', importLimitKw: 600, exportLimitKw: 300 },
    },
    tariff: {
      import: { spot },
      export: { spot: spot.map((price) => price / 2) },
      carbonIntensity: 0.5,
      carbonPricePerKg: 0.1,
    },
    grid: { startMs, stepMs: 1_800_000, count },
  }))

/** The point of a kind that its simulation follows, and the carrier that it is asked for. */
const leading: Readonly<Record<string, { readonly point: string; readonly sign: number; readonly on?: 'hydrogen' }>> = {
  electrolyser: { point: 'powerKw', sign: -1 },
  'hydrogen-store': { point: 'hydrogenKw', sign: 1, on: 'hydrogen' },
  'fuel-cell': { point: 'powerKw', sign: 1 },
  'hydrogen-load': { point: 'hydrogenKw', sign: -1, on: 'hydrogen' },
  'hydro-reservoir': { point: 'powerKw', sign: 1 },
  chp: { point: 'powerKw', sign: 1 },
  line: { point: 'toKw', sign: 1 },
  transformer: { point: 'toKw', sign: 1 },
}

/** Steps the physics of an asset along its plan; the largest difference from what the plan gives each bus, kW. */
function furthest({ frame, outcomes }: SolvedPark, prepared: PreparedAsset): number {
  const { asset, component, inputs } = prepared
  const follows = leading[asset.kind]
  const outcome = outcomes.get(asset.id)!
  if (!follows) return 0
  const planned = flowsOf(prepared, outcome)
  let state = component.initialState(asset)
  let worst = 0
  for (let k = 0; k < count; k += 1) {
    const next = component.simulate(asset, state, {
      timestampMs: stepStartMs(frame.grid, k),
      stepHours: frame.hours[k]!,
      offeredKw: component.offeredKw(inputs, k),
      setpointKw: follows.sign * outcome.points[follows.point]![k]!,
      ...(follows.on ? { setpointOn: follows.on } : {}),
    })
    state = next.state
    for (const { carrier, bus, powerKw } of planned) {
      // Heat that nobody takes is thrown away in the plan and offered in the simulation.
      if (carrier === 'heat') continue
      const far = carrier === 'electricity' && bus === asset.from && next.farKw !== undefined
      const simulated = far ? next.farKw : carrier === 'electricity' ? next.busKw : (next.otherKw?.[carrier] ?? 0)
      worst = Math.max(worst, Math.abs(simulated! - powerKw[k]!))
    }
  }
  return worst
}

describe('hydrogen, engines, reservoirs and lines', () => {
  it('come out with a proof, and keep their physics and every balance, whatever they are', async () => {
    await fc.assert(
      fc.asyncProperty(parks, async (park) => {
        const plan = await planTestPark(park, { solver, relativeGap })
        expect(plan.solved.certificate.ok).toBe(true)
        expect(plan.solved.certificate.boundGap).toBeLessThanOrEqual(relativeGap * 1.05)
        expect(breachesOf(plan)).toEqual([])
      }),
      { seed, numRuns: 80 },
    )
  })

  it('do in simulation what the plan asks of them', async () => {
    await fc.assert(
      fc.asyncProperty(parks, async (park) => {
        // A vessel or digester that begins outside its limits comes back by ways that only the plan chooses.
        const plan = await planTestPark(withinLimits(park), { solver, relativeGap })
        for (const prepared of plan.assets) {
          expect(furthest(plan, prepared), prepared.asset.kind).toBeLessThan(1e-5)
        }
      }),
      { seed, numRuns: 60 },
    )
  })
})

describe('the laws of hydrogen, engines and reservoirs', () => {
  it.each([
    ['el', 'hydrogenKw', 5, 'makes hydrogen off its curve'],
    ['el', 'state', -2, 'draws power while it is off'],
    ['store', 'levelKg', 1, 'holds what it was not given'],
    ['store', 'hydrogenKw', -900, 'passes its limits'],
    ['cell', 'hydrogenKw', 7, 'takes hydrogen that its power does not need'],
    ['use', 'hydrogenKw', -40, 'goes without 40 kWh and names 0'],
    ['engine', 'fuelKw', 9, 'burns off its line'],
    ['engine', 'gasLevelM3', 3, 'holds what it was not given'],
    ['lake', 'volumeM3', 500, 'holds what it was not given'],
    ['lake', 'powerKw', 30, 'gives power that its water does not'],
    ['cable', 'flowKw', 400, 'passes its limit'],
    ['cable', 'toKw', 20, 'gives its end what it was not sent'],
  ] as const)('catch a plan whose published %s.%s was changed by %d', async (asset, point, change, words) => {
    const plan = await planTestPark(
      {
        grid: { startMs, stepMs: 3_600_000, count: 4 },
        tariff: { import: { spot: [0.2, 0.2, 9, 9] } },
        assets: {
          el: { kind: 'electrolyser', ratedKw: 500 },
          store: { kind: 'hydrogen-store', capacityKg: 40, maxFillKgPerH: 10, maxDrawKgPerH: 10 },
          cell: { kind: 'fuel-cell', ratedKw: 50 },
          use: { kind: 'hydrogen-load', demand: 2 },
          engine: { kind: 'chp', ratedKw: 100, biogas: { production: 20, holderM3: 100 } },
          lake: {
            kind: 'hydro-reservoir',
            ratedKw: 100,
            headM: 20,
            inflow: 0.3,
            volumeM3: 4000,
            initialVolumeM3: 2000,
          },
          works: { kind: 'load', demand: 300 },
          cranes: { kind: 'load', bus: 'port', demand: 90 },
          cable: { kind: 'line', from: 'main', to: 'port', limitKw: 200, lossShare: 0.02 },
          grid: { kind: 'grid', importLimitKw: 1000 },
        },
      },
      { solver },
    )
    expect(breachesOf(plan)).toEqual([])
    plan.outcomes.get(asset)!.points[point]![1]! += change
    expect(breachesOf(plan).join('\n')).toContain(words)
  })
})

/** The same park with every store inside its limits at the start. */
function withinLimits(park: TestPark): TestPark {
  const inside = <T extends Readonly<Record<string, unknown>>>(levels: T): T =>
    typeof levels.initialLevel === 'number'
      ? {
          ...levels,
          initialLevel: Math.min(levels.maxLevel as number, Math.max(levels.minLevel as number, levels.initialLevel)),
        }
      : levels
  const assets = Object.fromEntries(
    Object.entries(park.assets).map(([id, fields]) => {
      const biogas = fields.biogas as Readonly<Record<string, unknown>> | undefined
      const volume = fields.volumeM3 as number | undefined
      return [
        id,
        {
          ...inside(fields),
          ...(biogas ? { biogas: inside(biogas) } : {}),
          ...(volume === undefined
            ? {}
            : {
                initialVolumeM3: Math.min(
                  volume,
                  Math.max(fields.minVolumeM3 as number, fields.initialVolumeM3 as number),
                ),
              }),
        },
      ]
    }),
  )
  return { ...park, assets: assets as TestPark['assets'] }
}
