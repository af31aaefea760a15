import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { gridOfSegments } from '../../kernel/index.ts'
import { createInlineSolver } from '../../solve/index.ts'
import { hourly, planTestPark as planPark, quarterHourly, type TestPark, testSite } from '../park.fixture.ts'
import { baselineAssets } from '../park-model.ts'
import { breachesOf } from '../plan-breaches.fixture.ts'
import { objectivesOf, planOnSteps, quartersThenHours } from './uneven.fixture.ts'
import { zone } from './zone.ts'

const solver = await createInlineSolver()
const planTestPark = (park: TestPark) => planPark(park, { solver })
const grid = { kind: 'grid', importLimitKw: 1000 }
/** Loses half its difference to the outside in about 14 h. */
const room = {
  kind: 'zone',
  resistanceKPerKw: 4,
  capacitanceKwhPerK: 5,
  outdoor: 0,
  heatedBy: 'electricity',
  heatingKw: 12,
  comfort: { lowC: 20, highC: 24 },
}
const at = { timestampMs: 0, offeredKw: 0 }
const feels = { outdoorC: 0, roomGainsKw: 0, massGainsKw: 0, lowC: 20, highC: 24, cop: 1 }

describe('a zone in a plan', () => {
  it('holds its lower limit with the heat it loses: 20 K over 4 K/kW are 5 kW', async () => {
    const plan = await planTestPark({ grid: hourly(4), assets: { room, grid } })
    expect(plan.point('room', 'airC')).toEqual([20, 20, 20, 20])
    expect(plan.point('room', 'ownHeatKw')).toEqual([5, 5, 5, 5])
    expect(plan.relaxed).toEqual([])
    expect(breachesOf(plan)).toEqual([])
  })

  it('is warmed ahead while electricity is cheap, inside its band, and costs less than under a thermostat', async () => {
    const park = {
      grid: hourly(6),
      tariff: { import: { spot: [0.1, 0.1, 0.1, 2, 2, 2] } },
      assets: { room, grid },
    }
    const plan = await planTestPark(park)
    const airC = plan.point('room', 'airC')
    // As warm as it must be to cool to 20 °C in the three dear hours.
    expect(airC[2]).toBeCloseTo(20 * Math.exp(3 / 20), 3)
    expect(airC.at(-1)).toBeCloseTo(20, 3)
    expect(
      plan
        .point('room', 'ownHeatKw')
        .slice(3)
        .reduce((sum, heat) => sum + heat, 0),
    ).toBeLessThan(5)
    const { inputs } = baselineAssets(plan.assets, plan.frame).find(({ asset }) => asset.id === 'room')!
    const { heatingShare } = inputs as { readonly heatingShare: Float64Array }
    expect(Array.from(heatingShare, (share) => share * 12)).toEqual(Array(6).fill(expect.closeTo(5, 9)))
    expect(breachesOf(plan)).toEqual([])
  })

  it('is warm again when the setback ends, though nobody pays for it then', async () => {
    const plan = await planTestPark({
      grid: quarterHourly(48),
      tariff: { import: { feePerKwh: 3 } },
      assets: {
        room: {
          ...room,
          heatingKw: 15,
          comfort: { lowC: 20, highC: 24, setback: [{ from: '00:00', to: '06:00', lowC: 16, highC: 24 }] },
        },
        grid,
      },
    })
    const airC = plan.point('room', 'airC')
    expect(Math.min(...airC.slice(0, 23))).toBeGreaterThanOrEqual(15.999)
    expect(Math.min(...airC.slice(0, 23))).toBeLessThan(18)
    expect(Math.min(...airC.slice(24))).toBeGreaterThanOrEqual(19.999)
    expect(plan.relaxed).toEqual([])
  })

  it('does not sell a single quarter of an hour of comfort for the heat it takes to be there', async () => {
    const plan = await planTestPark({
      grid: quarterHourly(16),
      tariff: { import: { feePerKwh: 3 } },
      assets: {
        room: {
          ...room,
          initialC: 15,
          heatingKw: 60,
          comfort: { lowC: 12, highC: 24, setback: [{ from: '02:00', to: '02:15', lowC: 20, highC: 24 }] },
        },
        grid,
      },
    })
    expect(plan.point('room', 'airC')[8]).toBeGreaterThanOrEqual(19.999)
    expect(plan.relaxed).toEqual([])
  })

  it('that cannot be held says by how much, how long and in degree-hours', async () => {
    const plan = await planTestPark({
      grid: hourly(4),
      assets: { room: { ...room, heatingKw: 3, initialC: 20 }, grid },
    })
    expect(plan.point('room', 'ownHeatKw')).toEqual([3, 3, 3, 3])
    const expected = [1, 2, 3, 4].map((hours) => 12 + 8 * Math.exp(-hours / 20))
    plan.point('room', 'airC').forEach((airC, k) => void expect(airC).toBeCloseTo(expected[k]!, 3))
    const [missed] = plan.relaxed
    expect(missed).toMatchObject({ wish: 'comfort', unit: 'K·h', reasonCode: 'zone.too-cold' })
    expect(missed?.amount).toBeCloseTo(
      expected.reduce((sum, airC) => sum + 20 - airC, 0),
      3,
    )
    expect(missed?.reason).toBe('room is up to 1.5 °C below 20 °C for 4.0 h.')
    expect(breachesOf(plan)).toEqual([])
  })

  it('that the sun overheats cools when it can, else says so', async () => {
    const sunny = { ...room, outdoor: 20, initialC: 23, solarGains: 6 }
    const hot = await planTestPark({ grid: hourly(6), assets: { room: sunny, grid } })
    expect(hot.relaxed).toMatchObject([{ wish: 'comfort', reasonCode: 'zone.too-warm' }])
    const cooled = await planTestPark({
      grid: hourly(6),
      assets: { room: { ...sunny, cooling: { ratedKw: 8, eer: 4 } }, grid },
    })
    expect(cooled.relaxed).toEqual([])
    expect(cooled.point('room', 'airC').at(-1)).toBeCloseTo(24, 3)
    // 24 °C are 4 K over 20 °C: 1 kW leaves by itself.
    expect(cooled.point('room', 'coolKw').at(-1)).toBeCloseTo(5, 3)
    expect(cooled.point('grid', 'powerKw').at(-1)).toBeCloseTo(1.25, 3)
    expect(breachesOf(cooled)).toEqual([])
  })

  it('gives way in its place among the wishes: to a heat demand that comes before it, not to one that comes after', async () => {
    const park = (order: string[]) =>
      planTestPark({
        grid: hourly(4),
        wishes: { order },
        assets: {
          room: { ...room, heatedBy: 'heat-bus' },
          homes: { kind: 'heat-load', demand: 20 },
          heater: { kind: 'boiler', electric: true, efficiency: 1, ratedKw: 20 },
          grid,
        },
      })
    const loadFirst = await park(['serve-load', 'comfort'])
    expect(loadFirst.relaxed.map(({ wish }) => wish)).toEqual(['comfort'])
    const comfortFirst = await park(['comfort', 'serve-load'])
    expect(comfortFirst.relaxed.map(({ wish }) => wish)).toEqual(['serve-load'])
    expect(comfortFirst.relaxed[0]?.amount).toBeCloseTo(20, 3)
    expect([...breachesOf(loadFirst), ...breachesOf(comfortFirst)]).toEqual([])
  })

  it('is caught when it is warmer than its heat makes it', async () => {
    const plan = await planTestPark({ grid: hourly(4), assets: { room, grid } })
    plan.outcomes.get('room')!.points.airC![2]! += 0.5
    expect(breachesOf(plan).join('\n')).toContain('room: is as warm as no heat made it in step 2')
  })
})

describe('a zone on steps of 15 and 60 minutes', () => {
  const hours = [0.25, 0.25, 0.25, 0.25, 1, 1, 1]

  it('cools over the hours of each step, and is warmed ahead for the long ones', async () => {
    const plan = await planOnSteps(
      quartersThenHours(4, 3),
      { tariff: { import: { spot: [0.1, 0.1, 0.1, 0.1, 2, 2, 2] } }, assets: { room, grid } },
      { solver },
    )
    expect(breachesOf(plan)).toEqual([])
    expect(plan.relaxed).toEqual([])
    const { airC, ownHeatKw } = plan.outcomes.get('room')!.points
    let expectedC = 20
    hours.forEach((length, k) => {
      // 5 kWh/K behind 4 K/kW: 20 h; a steady heat leads to 4 K for each kW.
      const keep = Math.exp(-length / 20)
      expectedC = keep * expectedC + (1 - keep) * 4 * ownHeatKw![k]!
      expect(airC![k]).toBeCloseTo(expectedC, 6)
    })
    // With 12 kW for an hour it does not get warm enough for three hours, but as warm as it can.
    expect(airC![3]).toBeCloseTo(20 * Math.exp(-1 / 20) + 48 * (1 - Math.exp(-1 / 20)), 3)
  })

  it('with a mass is where its walls would have it be, and so under its thermostat', async () => {
    const mass = { capacitanceKwhPerK: 20, resistanceKPerKw: 2, solarShare: 0.5 }
    const plan = await planOnSteps(
      quartersThenHours(4, 3),
      {
        tariff: { import: { spot: [3, 1, 2, 1, 2, 1, 3] } },
        assets: { room: { ...room, mass, solarGains: [0, 0, 1, 1, 2, 3, 0] }, grid },
      },
      { solver },
    )
    expect(breachesOf(plan)).toEqual([])
    const { asset, component, inputs } = plan.assets.find(({ asset }) => asset.id === 'room')!
    const { points } = plan.outcomes.get('room')!
    let state = component.initialState(asset)
    hours.forEach((stepHours, k) => {
      const surroundings = component.surroundings!(inputs, k)
      const setpointKw = -points.powerKw![k]!
      state = component.simulate(asset, state, { ...at, stepHours, setpointKw, surroundings }).state
      expect(Math.abs(state.airC - points.airC![k]!)).toBeLessThan(2e-6)
    })
    const alone = baselineAssets(plan.assets, plan.frame).find(({ asset }) => asset.id === 'room')!
    const { heatingShare } = alone.inputs as { readonly heatingShare: Float64Array }
    let held = component.initialState(asset)
    hours.forEach((stepHours, k) => {
      const next = component.simulate(asset, held, {
        ...at,
        stepHours,
        surroundings: component.surroundings!(inputs, k),
      })
      expect(next.points.ownHeatKw).toBeCloseTo(12 * heatingShare[k]!, 9)
      held = next.state
    })
  })

  it('has a plan though a minute hardly moves its heavy walls', async () => {
    const minutes = 60_000
    const plan = await planOnSteps(
      gridOfSegments(Date.UTC(2026, 6, 6), [
        { stepMs: minutes, count: 3 },
        { stepMs: 4 * minutes, count: 1 },
        { stepMs: 8 * minutes, count: 1 },
        { stepMs: 15 * minutes, count: 3 },
        { stepMs: 60 * minutes, count: 3 },
      ]),
      {
        assets: {
          room: {
            ...{ kind: 'zone', resistanceKPerKw: 0.2, capacitanceKwhPerK: 40, initialC: 31, heatingKw: 13 },
            mass: { capacitanceKwhPerK: 80, resistanceKPerKw: 3, outerResistanceKPerKw: 100 },
            outdoor: [30, 34, 4, 35, -13, -5, -19, -7, -10, -4, -3],
            ...{ comfort: { lowC: 19, highC: 23 }, heatedBy: 'electricity', cooling: { ratedKw: 3, eer: 1 } },
          },
          wind: { kind: 'wind', ratedKw: 100, production: 100, curtailable: false },
        },
      },
      { solver },
    )
    expect(plan.relaxed.map(({ reasonCode }) => reasonCode)).toContain('zone.too-warm')
    expect(breachesOf(plan)).toEqual([])
  })

  it('that cannot be held says for how many hours, and by how many degree-hours', async () => {
    const { relaxed } = await planOnSteps(
      quartersThenHours(4, 3),
      { assets: { room: { ...room, heatingKw: 3 }, grid } },
      { solver },
    )
    const missedK = [0.25, 0.5, 0.75, 1, 2, 3, 4].map((after) => 8 * (1 - Math.exp(-after / 20)))
    expect(relaxed[0]?.amount).toBeCloseTo(
      missedK.reduce((sum, missing, k) => sum + missing * hours[k]!, 0),
      3,
    )
    expect(relaxed[0]?.reason).toContain('for 4.0 h')
  })

  it('costs no less than on short steps, in a band that does not change (law)', async () => {
    const values = (min: number, max: number) => fc.array(fc.integer({ min, max }), { minLength: 5, maxLength: 5 })
    await fc.assert(
      fc.asyncProperty(values(0, 9), values(-5, 12), async (spot, outdoor) => {
        const { uneven, fine } = await objectivesOf(
          quartersThenHours(3, 2),
          (laid) => ({
            tariff: { import: { spot: laid(spot) } },
            assets: { room: { ...room, initialC: 21, outdoor: laid(outdoor) }, grid },
          }),
          { solver },
        )
        expect(uneven).toBeGreaterThanOrEqual(fine - 1e-6 * Math.max(1, fine))
      }),
      { numRuns: 15 },
    )
  })
})

describe('a zone in simulation', () => {
  const kinds = fc.record({
    heatedBy: fc.constantFrom('heat-bus', 'electricity', 'heat-pump'),
    mass: fc.option(
      fc.record({
        capacitanceKwhPerK: fc.integer({ min: 2, max: 60 }),
        resistanceKPerKw: fc.integer({ min: 1, max: 5 }),
        solarShare: fc.constant(0.5),
      }),
      { nil: undefined },
    ),
    capacitanceKwhPerK: fc.integer({ min: 1, max: 9 }),
    outdoor: fc.array(fc.integer({ min: -15, max: 15 }), { minLength: 8, maxLength: 8 }),
    solarGains: fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 8, maxLength: 8 }),
    spot: fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 8, maxLength: 8 }),
  })

  it('is where the plan is when it follows the set points of the plan, to 1e-6 (law)', async () => {
    await fc.assert(
      fc.asyncProperty(kinds, async ({ spot, mass, ...fields }) => {
        const plan = await planTestPark({
          grid: hourly(8),
          tariff: { import: { spot } },
          assets: {
            room: { ...room, ...fields, ...(mass ? { mass } : {}) },
            heater: { kind: 'boiler', electric: true, ratedKw: 20 },
            grid,
          },
        })
        expect(breachesOf(plan)).toEqual([])
        const { asset, component, inputs } = plan.assets.find(({ asset }) => asset.id === 'room')!
        const { points } = plan.outcomes.get('room')!
        let state = component.initialState(asset)
        for (let k = 0; k < 8; k += 1) {
          const setpointKw = -(points.powerKw ?? points.heatKw)![k]!
          const surroundings = component.surroundings!(inputs, k)
          const next = component.simulate(asset, state, { ...at, stepHours: 1, setpointKw, surroundings })
          state = next.state
          expect(Math.abs(state.airC - points.airC![k]!)).toBeLessThan(2e-6)
          const [given, planned] = [next.points, points].map((of) => of.heatKw ?? of.ownHeatKw) as [
            number,
            Float64Array,
          ]
          expect(Math.abs(given - planned[k]!)).toBeLessThan(2e-6)
        }
      }),
      { numRuns: 15 },
    )
  })

  it('alone is held at its lower limit by its thermostat', () => {
    const [asset] = testSite({ grid: hourly(1), assets: { room } }).assets as [never]
    let state = { airC: 18, massC: 18 }
    for (let minute = 0; minute < 600; minute += 1) {
      state = zone.simulate(asset, state, { ...at, stepHours: 1 / 60, surroundings: feels }).state
    }
    expect(state.airC).toBeCloseTo(20, 6)
  })

  it('told to draw more than its band takes, draws what brings it to the upper limit', () => {
    const [asset] = testSite({ grid: hourly(1), assets: { room } }).assets as [never]
    const next = zone.simulate(
      asset,
      { airC: 23.9, massC: 23.9 },
      { ...at, stepHours: 1, setpointKw: -12, surroundings: feels },
    )
    expect(next.state.airC).toBeCloseTo(24, 9)
    expect(next.busKw).toBeGreaterThan(-12)
  })
})
