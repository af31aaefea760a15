import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createInlineSolver } from '../../solve/index.ts'
import { hourly, planTestPark, quarterHourly, type TestPark, testData, testSite } from '../park.fixture.ts'
import { formulatePark, prepareAssets, readOutcomes } from '../park-model.ts'
import { breachesOf } from '../plan-breaches.fixture.ts'
import { createFrame } from '../plan-frame.ts'
import type { ElectrolyserAsset } from '../schema/index.ts'
import { solvePark } from '../solve-park.ts'
import { electrolyser } from './electrolyser.ts'
import { checkCurve, curvePoints, hydrogenAt, relaxedPoints } from './electrolyser-curve.ts'
import { objectivesOf, planOnSteps, quartersThenHours, sumOverSteps } from './uneven.fixture.ts'

const solver = await createInlineSolver()
const kwhPerKg = 33.33
const grid = { kind: 'grid', importLimitKw: 5000 }
const machine = (fields: object = {}) => ({ kind: 'electrolyser', ratedKw: 1000, ...fields })
const vessel = (fields: object = {}) => ({
  kind: 'hydrogen-store',
  capacityKg: 1000,
  maxFillKgPerH: 100,
  maxDrawKgPerH: 100,
  compressionKwhPerKg: 0,
  minLevel: 0,
  terminalValuePerKg: 0,
  initialLevel: 0,
  ...fields,
})
const filled = (fields: object = {}): ElectrolyserAsset =>
  testSite({ grid: hourly(1), assets: { a: machine(fields) } }).assets[0] as unknown as ElectrolyserAsset

describe('the curve of an electrolyser', () => {
  /**
   * NREL/electrolyzer `PEM_cell.py` (Apache-2.0): Nernst voltage, Butler–Volmer and ohmic overpotentials, Faraday
   * efficiency and dryer loss, at 80 °C and up to 2 A/cm². kWh/kg of the stack.
   */
  const stackKwhPerKg = (ampsPerCm2: number): number => {
    const [gas, faraday, kelvin] = [8.314462618, 96485.33212, 353.15]
    const saturated = 0.61121 * Math.exp((18.678 - 80 / 234.5) * (80 / (257.14 + 80))) * 1000
    const dry = (101_325 - saturated) / 101_325
    const nernst = 237_240 / (2 * faraday) + ((gas * kelvin) / (2 * faraday)) * Math.log(dry * Math.sqrt(dry))
    const activation =
      ((gas * kelvin) / (2 * faraday)) * Math.asinh(ampsPerCm2 / 4e-7) +
      ((gas * kelvin) / (0.5 * faraday)) * Math.asinh(ampsPerCm2 / 4e-3)
    const lambda = (-2.89556 + 0.016 * kelvin + 1.625) / 0.1875
    const conductivity = (0.005139 * lambda - 0.00326) * Math.exp(1268 * (1 / 303 - 1 / kelvin))
    const volts = nernst + activation + ampsPerCm2 * (0.05 + 0.03 / conductivity)
    const faradaic = (0.996 * (1000 * ampsPerCm2) ** 2) / (250 + (1000 * ampsPerCm2) ** 2)
    const kgPerH = ((faradaic * ampsPerCm2 * 2.016) / (2 * faraday)) * 0.935 * 3.6
    return (ampsPerCm2 * volts) / 1000 / kgPerH
  }
  const stackKw = (ampsPerCm2: number): number => {
    const faradaic = (0.996 * (1000 * ampsPerCm2) ** 2) / (250 + (1000 * ampsPerCm2) ** 2)
    return stackKwhPerKg(ampsPerCm2) * ((faradaic * ampsPerCm2 * 2.016) / (2 * 96485.33212)) * 0.935 * 3.6
  }

  it('has the shape of NREL’s PEM cell with 4 % of auxiliaries, at 55 kWh/kg in full load, within 1 %', () => {
    const auxiliary = 0.04
    const system = (load: number): number => {
      const stackLoad = (load - auxiliary) / (1 - auxiliary)
      let [low, high] = [1e-3, 2]
      for (let k = 0; k < 60; k += 1) {
        const middle = (low + high) / 2
        if (stackKw(middle) / stackKw(2) < stackLoad) low = middle
        else high = middle
      }
      return (load / stackLoad) * stackKwhPerKg(low)
    }
    const scale = 55 / system(1)
    for (const [load, consumption] of filled().consumption) {
      expect(Math.abs((system(load) * scale) / consumption - 1), `load ${load}`).toBeLessThan(0.01)
    }
  })

  it('lies in the range of published full-load figures: 0.5874 of the lower heating value (DEA, alkaline), 55 kWh/kg (FCH 2 JU, PEM)', () => {
    const full = hydrogenAt(curvePoints(filled()), 1)
    expect(full).toBeGreaterThan(0.5874)
    expect(full).toBeCloseTo(kwhPerKg / 55, 9)
  })

  it('bends downwards, and is refused where it does not or does not reach the least load', () => {
    expect(checkCurve(filled())).toEqual([])
    expect(checkCurve(filled({ minLoad: 0.05 }))[0]?.detail).toContain('does not reach')
    const convex = [
      [0.2, 60],
      [0.5, 58],
      [1, 50],
    ]
    expect(checkCurve(filled({ minLoad: 0.2, consumption: convex }))[0]?.detail).toContain('never more')
    expect(
      checkCurve(
        filled({
          consumption: [
            [0.1, 60],
            [0.1, 55],
            [1, 55],
          ],
        }),
      )[0]?.detail,
    ).toContain('do not rise')
  })

  it('relaxed, gives at every load at least what the machine itself can', () => {
    const points = curvePoints(filled())
    const hull = relaxedPoints(points)
    fc.assert(
      fc.property(fc.double({ min: 0.15, max: 1, noNaN: true }), (load) => {
        expect(hydrogenAt(hull, load)).toBeGreaterThanOrEqual(hydrogenAt(points, load) - 1e-12)
      }),
    )
  })
})

describe('the plan of an electrolyser', () => {
  it('draws what 10 kg/h need by its curve', async () => {
    const { point, relaxed } = await planTestPark(
      { grid: hourly(3), assets: { el: machine(), use: { kind: 'hydrogen-load', demand: 10 }, grid } },
      { solver },
    )
    // 333.3 kW of hydrogen lie between load 0.3 (193.78 kW) and 0.6 (383.10 kW): a straight line between the corners.
    const [low, high] = [(300 * kwhPerKg) / 51.6, (600 * kwhPerKg) / 52.2]
    const expected = 300 + (300 * (10 * kwhPerKg - low)) / (high - low)
    expect(relaxed).toEqual([])
    for (const power of point('el', 'powerKw')) expect(power).toBeCloseTo(expected, 2)
    expect(point('el', 'massKgPerH')).toEqual([10, 10, 10])
    expect(point('el', 'state')).toEqual([2, 2, 2])
  })

  it.each([
    { startCost: 100, between: 1, why: '3 h of standby (60) cost less than a start (100)' },
    { startCost: 40, between: 0, why: 'a start (40) costs less than 3 h of standby (60)' },
  ])('stays warm or stops between two runs: $why', async ({ startCost, between }) => {
    // 20 kW of standby at a price of 1; hydrogen can only be made in the first and the last hour.
    const { point } = await planTestPark(
      {
        grid: hourly(5),
        tariff: { import: { feePerKwh: 1 } },
        assets: {
          el: machine({ startCost }),
          use: { kind: 'hydrogen-load', demand: [8, 0, 0, 0, 8] },
          grid,
        },
      },
      { solver },
    )
    expect(point('el', 'state')).toEqual([2, between, between, between, 2])
    expect(point('el', 'powerKw').slice(1, 4)).toEqual(Array.from({ length: 3 }, () => 20 * between))
  })

  it('climbs no faster than its ramp, from the load it had, and stops at once', async () => {
    const { point } = await planTestPark(
      {
        grid: quarterHourly(6),
        tariff: { import: { spot: [0, 0, 0, 0, 9, 9] } },
        assets: {
          el: machine({ rampPerHour: 0.8, initialState: 'on', initialLoad: 0.3 }),
          store: vessel({ terminalValuePerKg: 20 }),
          grid,
        },
      },
      { solver },
    )
    // 0.8 an hour is 200 kW a quarter-hour.
    expect(point('el', 'powerKw')).toEqual([500, 700, 900, 1000, 0, 0])
  })

  it('does not burn power off its curve when power is paid for and there is little room for hydrogen', async () => {
    const plan = await planTestPark(
      {
        grid: hourly(4),
        tariff: { import: { spot: [-2, -2, -1, -1] } },
        assets: { el: machine(), store: vessel({ capacityKg: 20, terminalValuePerKg: 0 }), grid },
      },
      { solver },
    )
    expect(breachesOf(plan)).toEqual([])
    expect(plan.relaxed).toEqual([])
    const points = curvePoints(filled())
    plan.point('el', 'powerKw').forEach((power, k) => {
      const hydrogen = power > 1 ? 1000 * hydrogenAt(points, power / 1000) : 0
      expect(plan.point('el', 'hydrogenKw')[k]).toBeCloseTo(hydrogen, 2)
    })
    // Full: 20 kg at no less than the best 51.6 kWh/kg, at no more than the least load's 57.1.
    const energyKwh = plan.point('el', 'powerKw').reduce((sum, power) => sum + power, 0)
    expect(energyKwh).toBeGreaterThan(20 * 51.6)
    expect(energyKwh).toBeLessThan(20 * 57.2)
  })

  it('gives the heat that it can recover to those who want it', async () => {
    const { point } = await planTestPark(
      {
        grid: hourly(1),
        assets: {
          el: machine({ heatRecovery: 0.64 }),
          use: { kind: 'hydrogen-load', demand: 1000 / 55 },
          homes: { kind: 'heat-load', demand: 900 },
          boiler: { kind: 'boiler', ratedKw: 1000, electric: true, efficiency: 1 },
          grid,
        },
      },
      { solver },
    )
    // DEA data (PyPSA technology-data, alkaline 100 MW): 0.264 of the input recovered at 0.5874; here 0.64 of what is lost.
    expect(point('el', 'heatKw')[0]).toBeCloseTo(0.64 * (1000 - (1000 / 55) * kwhPerKg), 2)
  })

  it('is decided in size by the same curve: a size that serves the demand, no integer', async () => {
    const park: TestPark = {
      grid: hourly(4),
      tariff: { import: { feePerKwh: 0.5 } },
      assets: { el: machine(), use: { kind: 'hydrogen-load', demand: [0, 10, 10, 0] }, grid },
    }
    const frame = { ...(await createFrame(testSite(park), park.grid, testData)), cyclic: true }
    const assets = await prepareAssets(frame, testData)
    let size = -1
    const model = formulatePark(frame, assets, (builder, asset, field) => {
      if (asset.id !== 'el' || field !== 'ratedKw') return undefined
      size = builder.addColumns('el.ratedKw', 1, { upper: 5000, cost: 100 })
      return { column: size, per: 1, most: 5000 }
    })
    expect(model.integers).toEqual([])
    const { solution } = await solvePark(model, { solver, sessionKey: 'size', relativeGap: 1e-9, timeLimitMs: 10_000 })
    const outcomes = readOutcomes(model, solution.columnValues)
    // Capacity is dear, so it runs at full load: 55 kWh/kg.
    expect(solution.columnValues[size]).toBeCloseTo(550, 4)
    expect([...(outcomes.get('el')?.points.powerKw ?? [])].map(Math.round)).toEqual([0, 550, 550, 0])
  })

  it('of no size makes nothing and hinders nothing', async () => {
    const plan = await planTestPark(
      { grid: hourly(2), assets: { el: machine({ ratedKw: 0 }), use: { kind: 'hydrogen-load', demand: 3 }, grid } },
      { solver },
    )
    expect(plan.point('el', 'powerKw')).toEqual([0, 0])
    expect(plan.relaxed).toMatchObject([{ reasonCode: 'hydrogen.unserved', wish: 'serve-load', unit: 'kWh' }])
    expect(plan.relaxed[0]?.amount).toBeCloseTo(2 * 3 * kwhPerKg, 6)
  })
})

describe('an electrolyser on steps of 15 and 60 minutes', () => {
  it('climbs by its ramp over as long as each step is, and fills its store by the hours', async () => {
    const plan = await planOnSteps(
      quartersThenHours(2, 3),
      {
        tariff: { import: { spot: [0, 0, 0, 0, 9] } },
        assets: {
          el: machine({ rampPerHour: 0.4, initialState: 'on', initialLoad: 0.3, startCost: 10 }),
          store: vessel({ terminalValuePerKg: 20 }),
          grid,
        },
      },
      { solver },
    )
    // 0.4 an hour is 100 kW a quarter-hour and 400 kW an hour.
    expect(plan.point('el', 'powerKw')).toEqual([400, 500, 900, 1000, 0])
    expect(breachesOf(plan)).toEqual([])
    const hours = [0.25, 0.25, 1, 1, 1]
    const { massKgPerH } = plan.outcomes.get('el')!.points
    expect(plan.point('store', 'levelKg').at(-1)).toBeCloseTo(sumOverSteps(massKgPerH!, hours), 3)
    const { asset, component } = plan.assets.find(({ asset }) => asset.id === 'el')!
    let state = component.initialState(asset)
    hours.forEach((stepHours, k) => {
      const setpointKw = -plan.outcomes.get('el')!.points.powerKw![k]!
      const next = component.simulate(asset, state, { timestampMs: 0, stepHours, offeredKw: 0, setpointKw })
      expect(next.busKw).toBeCloseTo(setpointKw, 6)
      state = next.state
    })
  })

  it('is held to its ramp only in the steps that are too short for it', async () => {
    const plan = await planOnSteps(
      quartersThenHours(2, 1),
      {
        tariff: { import: { feePerKwh: 0.01 } },
        assets: {
          el: machine({ rampPerHour: 1, initialState: 'on', initialLoad: 0.2 }),
          store: vessel({ terminalValuePerKg: 20 }),
          grid,
        },
      },
      { solver },
    )
    expect(plan.point('el', 'powerKw')).toEqual([450, 700, 1000])
    expect(breachesOf(plan)).toEqual([])
  })

  it('costs no less than on short steps (law)', async () => {
    const values = (max: number) => fc.array(fc.integer({ min: 0, max }), { minLength: 5, maxLength: 5 })
    await fc.assert(
      fc.asyncProperty(values(9), values(15), fc.constantFrom(0, 30), async (spot, demand, startCost) => {
        const { uneven, fine } = await objectivesOf(
          quartersThenHours(3, 2),
          (laid) => ({
            tariff: { import: { spot: laid(spot) } },
            assets: {
              el: machine({ startCost }),
              store: vessel({ capacityKg: 10, initialLevel: 0.5 }),
              use: { kind: 'hydrogen-load', demand: laid(demand) },
              grid,
            },
          }),
          { solver },
        )
        expect(uneven).toBeGreaterThanOrEqual(fine - 3e-6 * Math.max(1, Math.abs(fine)))
      }),
      { numRuns: 6 },
    )
  })
})

describe('the physics of an electrolyser', () => {
  const step = (asset: ElectrolyserAsset, setpointKw: number, state = electrolyser.initialState(asset as never)) =>
    electrolyser.simulate(asset as never, state, { timestampMs: 0, stepHours: 0.25, offeredKw: 0, setpointKw })

  it('is cut to what the machine can do, whatever is asked', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -5000, max: 5000, noNaN: true }),
        fc.constantFrom(0, 50),
        fc.constantFrom(undefined, 0.4),
        (setpointKw, startCost, rampPerHour) => {
          const asset = filled({ startCost, ...(rampPerHour === undefined ? {} : { rampPerHour }) })
          const { busKw, otherKw, points } = step(asset, setpointKw)
          const load = -busKw / asset.ratedKw
          if (points.state === 2) {
            expect(load).toBeGreaterThanOrEqual(asset.minLoad - 1e-12)
            expect(load).toBeLessThanOrEqual(1)
            expect(otherKw?.hydrogen).toBeCloseTo(1000 * hydrogenAt(curvePoints(asset), load), 9)
          } else {
            expect(load).toBe(points.state === 1 ? asset.standbyShare : 0)
            expect(otherKw?.hydrogen).toBe(0)
          }
        },
      ),
    )
  })

  it('answers to a wish for hydrogen with the power that it needs', () => {
    const asset = filled()
    const { otherKw } = electrolyser.simulate(asset as never, electrolyser.initialState(asset as never), {
      timestampMs: 0,
      stepHours: 0.25,
      offeredKw: 0,
      setpointKw: 400,
      setpointOn: 'hydrogen',
    })
    expect(otherKw?.hydrogen).toBeCloseTo(400, 9)
  })
})
