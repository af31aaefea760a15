import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { componentOf } from '../components/index.ts'
import { testData, testSite } from '../park.fixture.ts'
import { prepareAssets } from '../park-model.ts'
import { createFrame } from '../plan-frame.ts'
import { createPlant } from '../plant.ts'
import { randomPark } from '../random-park.fixture.ts'
import type { BatteryAsset, EvChargingAsset, GensetAsset } from '../schema/index.ts'
import { momentAt } from './roll-out.ts'
import { safeSetpoints, setpointBreaches } from './safe-setpoints.ts'

/** Whatever a broken plan, a lying solver or a wrong hand may ask for. */
const garbage = fc.oneof(
  fc.double({ noNaN: false }),
  fc.integer({ min: -500, max: 500 }),
  fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e300, -1e300, -0),
)
const dust = 1e-6

describe('the last gate before a command leaves', () => {
  it('lets nothing pass that a machine cannot do, whatever is asked for (law)', async () => {
    await fc.assert(
      fc.asyncProperty(
        randomPark,
        fc.array(garbage, { minLength: 24, maxLength: 24 }),
        fc.constantFrom(1 / 3600, 0.25, 1),
        async (park, wishes, stepHours) => {
          const site = testSite(park)
          const frame = await createFrame(site, park.grid, testData)
          const assets = await prepareAssets(frame, testData)
          const plant = createPlant(site)
          for (let k = 0; k < 3; k += 1) {
            const moment = { ...momentAt(frame, assets, k), stepHours }
            const ids = [...site.assets.map(({ id }) => id), 'a stranger']
            const wanted = new Map(ids.map((id, index) => [id, wishes[(index + 7 * k) % 24]!]))
            const { setpointKw, corrections } = safeSetpoints(site, plant, moment, wanted)
            expect(setpointBreaches(site, plant, moment, setpointKw)).toEqual([])
            expect(setpointKw.has('a stranger')).toBe(false)
            for (const [id, powerKw] of setpointKw) {
              expect(Number.isFinite(powerKw), id).toBe(true)
              const asset = site.assets.find((candidate) => candidate.id === id)!
              const offeredKw = moment.offeredKw.get(id) ?? 0
              // Limits as the site file says them, not as the physics works them out.
              switch (asset.kind) {
                case 'battery': {
                  const { maxChargeKw, maxDischargeKw } = asset as unknown as BatteryAsset
                  expect(powerKw).toBeGreaterThanOrEqual(-maxChargeKw - dust)
                  expect(powerKw).toBeLessThanOrEqual(maxDischargeKw + dust)
                  break
                }
                case 'genset': {
                  const { ratedKw, minLoad } = asset as unknown as GensetAsset
                  expect(powerKw === 0 || powerKw >= minLoad * ratedKw - dust).toBe(true)
                  expect(powerKw).toBeLessThanOrEqual(ratedKw + dust)
                  break
                }
                case 'ev-charging': {
                  const { feederLimitKw, sessions } = asset as unknown as EvChargingAsset
                  expect(Math.abs(powerKw)).toBeLessThanOrEqual(feederLimitKw + dust)
                  if (!sessions.some(({ v2gKw = 0 }) => v2gKw > 0)) expect(powerKw).toBeLessThanOrEqual(0)
                  break
                }
                case 'pv':
                case 'wind':
                case 'hydro':
                  expect(powerKw).toBeGreaterThanOrEqual(0)
                  expect(powerKw).toBeLessThanOrEqual(offeredKw + dust)
                  break
                case 'load':
                  expect(powerKw).toBeLessThanOrEqual(0)
                  break
              }
            }
            const asked = [...wanted].filter(([id]) => componentOf(site.assets.find((a) => a.id === id)?.kind ?? ''))
            expect(
              setpointKw.size + corrections.filter(({ givenKw }) => givenKw === undefined).length,
            ).toBeGreaterThanOrEqual(asked.length)
            plant.step({ ...moment, setpointKw })
            for (const { id, kind, ...asset } of site.assets) {
              if (kind !== 'battery') continue
              const { minSoc, maxSoc, initialSoc, capacityKwh } = asset as unknown as BatteryAsset
              const { soc } = plant.stateOf(id) as { soc: number }
              if (capacityKwh === 0) continue
              expect(soc).toBeGreaterThanOrEqual(Math.min(minSoc, initialSoc) - dust)
              expect(soc).toBeLessThanOrEqual(Math.max(maxSoc, initialSoc) + dust)
            }
          }
        },
      ),
      { seed: 20260706, numRuns: 60 },
    )
  })

  it('speaks of hydrogen with a hydrogen store and of heat with a heat store, not of the power of their pumps', () => {
    const site = testSite({
      grid: { startMs: 0, stepMs: 900_000, count: 1 },
      assets: {
        vessel: { kind: 'hydrogen-store', capacityKg: 40, maxFillKgPerH: 3, maxDrawKgPerH: 3, initialLevel: 0.5 },
        tank: { kind: 'thermal-store', capacityKwh: 100, maxChargeKw: 50, maxDischargeKw: 50, initialSoc: 0.5 },
      },
    })
    const moment = { timestampMs: 0, stepHours: 0.25, offeredKw: new Map<string, number>() }
    for (const wanted of [-33, 33]) {
      const asked = new Map([
        ['vessel', wanted],
        ['tank', wanted],
      ])
      const { setpointKw, corrections } = safeSetpoints(site, createPlant(site), moment, asked)
      expect(corrections).toEqual([])
      expect(setpointKw.get('vessel')).toBeCloseTo(wanted, 9)
      expect(setpointKw.get('tank')).toBeCloseTo(wanted, 9)
    }
  })

  it('passes what a machine can do as it is, without a correction', () => {
    const site = testSite({
      grid: { startMs: 0, stepMs: 900_000, count: 1 },
      assets: { battery: { kind: 'battery', capacityKwh: 100, maxChargeKw: 50, maxDischargeKw: 40 } },
    })
    const moment = { timestampMs: 0, stepHours: 0.25, offeredKw: new Map<string, number>() }
    const told = (powerKw: number) => safeSetpoints(site, createPlant(site), moment, new Map([['battery', powerKw]]))
    expect(told(-50)).toEqual({ setpointKw: new Map([['battery', -50]]), corrections: [] })
    expect(told(40)).toEqual({ setpointKw: new Map([['battery', 40]]), corrections: [] })
    expect(told(41)).toEqual({
      setpointKw: new Map([['battery', 40]]),
      corrections: [{ asset: 'battery', wantedKw: 41, givenKw: 40 }],
    })
    expect(told(Number.NaN).corrections).toEqual([{ asset: 'battery', wantedKw: Number.NaN }])
    expect(setpointBreaches(site, createPlant(site), moment, new Map([['battery', 41]]))).toHaveLength(1)
  })
})
