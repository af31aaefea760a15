import { existsSync, readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MangroveError } from '../../../src/kernel/index.ts'
import { createInlineSolver } from '../../../src/solve/index.ts'
import { evcc } from './index.ts'
import { readEvccCase } from './read-case.ts'
import type { EvccCase } from './request.ts'
import { peerObjective, socReference } from './schedule.ts'
import { solveEvccCase } from './solve-case.ts'

const folder = new URL('../../../../shared/data/energy/evcc_optimizer_cases/', import.meta.url)
const solver = await createInlineSolver()
const read = (content: unknown): EvccCase => readEvccCase('case.json', JSON.stringify(content))

/** Objectives of reference/energy.md 4.4; 013 is what its stored schedule is worth, not what the file says of it. */
const expected: Readonly<Record<string, number>> = {
  '009': 2.6513393,
  '010': 0.21802653,
  '012': 1.5244173,
  '013': 17.5294759,
  '015': -6.42245281,
  '016': 2.6513393,
  '017': 5.6556706,
  '019': 1.23937357,
  '021': 1.4243783,
  '022': 200.38,
  '024': -1263.15792,
  '025': 1178.94736,
  '026': -389.47364,
  '027': 136.9,
}

describe.skipIf(!existsSync(folder))('evcc-io/optimizer test_cases (MIT; needs ../shared/data)', () => {
  const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json')) : []

  it.each(files)('%s: objective within 1e-4, schedule within 1 Wh where the case is strict', async (name) => {
    const peerCase = readEvccCase(name, readFileSync(new URL(name, folder), 'utf8'))
    const { objective, schedule } = await solveEvccCase(solver, peerCase)
    expect(Math.abs(objective - expected[name.slice(0, 3)]!)).toBeLessThan(1e-4)
    const stored = peerCase.expected!.schedule!
    if (!peerCase.strict) return
    const near = (found: Float64Array, wanted: readonly number[]) =>
      expect(Math.max(...found.map((value, t) => Math.abs(value - wanted[t]!)))).toBeLessThan(1)
    near(schedule.importWh, stored.importWh)
    near(schedule.exportWh, stored.exportWh)
    schedule.chargeWh.forEach((charge, i) => void near(charge, stored.chargeWh[i]!))
    schedule.dischargeWh.forEach((discharge, i) => void near(discharge, stored.dischargeWh[i]!))
  })

  it('013: the difference is that of the file’s own value from its own schedule', async () => {
    const name = files.find((file) => file.startsWith('013'))!
    const { difference } = await evcc.run(new URL(name, folder).pathname, solver)
    expect(difference).toBeCloseTo(-0.007787, 5)
  })
})

const battery = {
  charge_from_grid: false,
  discharge_to_grid: false,
  s_capacity: 10000,
  s_min: 0,
  s_max: 10000,
  s_initial: 5000,
  c_min: 0,
  c_max: 0,
  d_max: 2000,
  p_a: 0.0004,
}
const hours = (count: number) => new Array(count).fill(3600) as number[]

describe('evcc requests', () => {
  it('028-demand-rate-peak-shaving of evcc-io/optimizer (MIT): −11.05 with 2000 W above none', async () => {
    const request = {
      grid: { p_max_imp: 1000, prc_p_exc_imp: 0.01 },
      batteries: [battery],
      time_series: {
        dt: hours(4),
        gt: [4000, 500, 500, 500],
        ft: [0, 0, 0, 0],
        p_N: new Array(4).fill(0.0003),
        p_E: [0, 0, 0, 0],
      },
    }
    const { objective, schedule } = await solveEvccCase(solver, read({ request }))
    expect(objective).toBeCloseTo(-11.05, 6)
    expect(Array.from(schedule.importWh, (value) => Math.round(value) + 0)).toEqual([2000, 500, 500, 500])
    expect(Math.round(schedule.importExcessWh[0]!)).toBe(1000)
  })

  it('029-forced-discharge of evcc-io/optimizer (MIT): −1.07894737 against the price', async () => {
    const forced = {
      ...battery,
      discharge_to_grid: true,
      s_min: 2000,
      s_initial: 10000,
      c_max: 5000,
      d_max: 5000,
      p_a: 0.0003,
      d_demand: [0, 2000, 3000, 0, 0, 0],
    }
    const none = new Array(6).fill(0)
    const time_series = { dt: hours(6), gt: none, ft: none, p_N: none.map(() => 3e-4), p_E: none.map(() => 1e-4) }
    const { objective, schedule } = await solveEvccCase(solver, read({ request: { batteries: [forced], time_series } }))
    expect(objective).toBeCloseTo(-1.07894737, 6)
    expect(Array.from(schedule.dischargeWh[0]!, (value) => Math.round(value) + 0)).toEqual([0, 2000, 3000, 0, 0, 0])
  })

  it('counts from the state of charge that the stored schedule proves, after the first step or before it', () => {
    const series = { dt: hours(2), gt: [0, 0], ft: [1000, 1000], p_N: [3e-4, 3e-4], p_E: [1e-4, 1e-4] }
    const store = { ...battery, s_initial: 0, c_max: 1000, d_max: 0, p_a: 3e-4 }
    const stored = (objective_value: number) => ({
      request: { batteries: [store], time_series: series, eta_c: 1, eta_d: 1 },
      expected_response: {
        status: 'Optimal',
        objective_value,
        grid_import: [0, 0],
        grid_export: [0, 0],
        batteries: [{ charging_power: [1000, 1000], discharging_power: [0, 0], state_of_charge: [1000, 2000] }],
      },
    })
    for (const [value, reference] of [
      [0.3, 'first'],
      [0.6, 'initial'],
    ] as const) {
      const peerCase = read(stored(value))
      expect(socReference(peerCase.request, peerCase.expected!)).toBe(reference)
      const none = new Float64Array(2)
      const own = {
        importWh: none,
        exportWh: none,
        importExcessWh: none,
        peakExcessW: 0,
        socWh: [Float64Array.of(0, 2000)],
        chargeWh: [none],
        dischargeWh: [none],
      }
      expect(peerObjective(peerCase.request, own, peerCase.expected)).toBeCloseTo(value, 9)
    }
  })

  it('keeps every rule of a request, whatever its numbers (30 random requests)', async () => {
    const whole = (max: number) => fc.integer({ min: 0, max })
    const price = fc.integer({ min: -50, max: 400 }).map((value) => value * 1e-6)
    const steps = 5
    const list = <T>(arbitrary: fc.Arbitrary<T>) => fc.array(arbitrary, { minLength: steps, maxLength: steps })
    const anyBattery = fc.record({
      charge_from_grid: fc.boolean(),
      discharge_to_grid: fc.boolean(),
      s_min: whole(3000),
      s_max: whole(9000),
      s_capacity: fc.constant(10000),
      s_initial: whole(10000),
      c_min: fc.constantFrom(0, 1380),
      c_max: fc.constantFrom(0, 3680, 11000),
      d_max: fc.constantFrom(0, 4000),
      p_a: price,
      s_goal: fc.option(list(whole(8000)), { nil: undefined }),
      p_demand: fc.option(list(whole(3000)), { nil: undefined }),
      c_priority: whole(2),
    })
    const anyRequest = fc.record({
      strategy: fc.record({
        charging_strategy: fc.constantFrom('none', 'charge_before_export', 'attenuate_grid_peaks'),
        discharging_strategy: fc.constantFrom('none', 'discharge_before_import'),
      }),
      grid: fc.constantFrom({}, { p_max_imp: 3000 }, { p_max_exp: 2000 }, { p_max_imp: 2000, prc_p_exc_imp: 1e-3 }),
      batteries: fc.array(anyBattery, { minLength: 1, maxLength: 2 }),
      time_series: fc.record({
        dt: list(fc.constantFrom(900, 3600)),
        gt: list(whole(5000)),
        ft: list(whole(6000)),
        p_N: list(price),
        p_E: list(price),
      }),
    })
    await fc.assert(
      fc.asyncProperty(anyRequest, async (request) => {
        const peerCase = read({ request })
        const { schedule } = await solveEvccCase(solver, peerCase)
        const hasRate = peerCase.request.excessPricePerW !== undefined
        peerCase.request.stepS.forEach((seconds, t) => {
          const step = seconds / 3600
          const excess = hasRate ? 0 : schedule.importExcessWh[t]!
          let net = schedule.importWh[t]! + excess + peerCase.request.solarWh[t]! - peerCase.request.loadWh[t]!
          peerCase.request.batteries.forEach((own, i) => {
            const charge = schedule.chargeWh[i]![t]!
            const discharge = schedule.dischargeWh[i]![t]!
            net += discharge - charge
            expect(Math.min(charge, discharge)).toBeLessThan(0.1)
            if (!own.demandWh && charge > 1) expect(charge).toBeGreaterThan(own.minChargeW * step - 1)
            if (!own.chargeFromGrid) expect(Math.min(charge, schedule.importWh[t]! - excess)).toBeLessThan(1)
            if (!own.dischargeToGrid) expect(Math.min(discharge, schedule.exportWh[t]!)).toBeLessThan(1)
          })
          // What the export limit keeps back is all that may be left over.
          expect(net - schedule.exportWh[t]!).toBeGreaterThan(-1)
          if (peerCase.request.maxExportW === undefined) expect(net - schedule.exportWh[t]!).toBeLessThan(1)
          expect(Math.min(schedule.importWh[t]!, schedule.exportWh[t]!)).toBeLessThan(1)
        })
      }),
      { numRuns: 30 },
    )
  })
})

describe('evcc reader', () => {
  const good = {
    request: {
      batteries: [battery],
      time_series: { dt: hours(2), gt: [1, 2], ft: [0, 0], p_N: [3e-4, 3e-4], p_E: [0, 0] },
    },
    expected_response: { status: 'Optimal', objective_value: 1 },
  }
  const problemsOf = (content: unknown) => {
    try {
      read(content)
    } catch (error) {
      if (error instanceof MangroveError) return error.problems
      throw error
    }
    throw new Error('no problem was found')
  }
  const changed = (change: (copy: typeof good) => void) => {
    const copy = structuredClone(good)
    change(copy)
    return copy
  }

  it('tells what is missing and what cannot be used, each with its path', () => {
    const problems = problemsOf(
      changed(({ request }) => {
        request.time_series.p_N = [3e-4]
        Object.assign(request.batteries[0]!, { c_max: 'much', s_max: undefined })
      }),
    )
    expect(problems.map(({ code, place }) => [code, place?.path])).toEqual([
      ['peer-case.missing', 'request.batteries[0].s_max'],
      ['peer-case.bad-value', 'request.batteries[0].c_max'],
      ['peer-case.bad-value', 'request.time_series.p_N'],
    ])
  })

  it('refuses fields that it does not model instead of passing them by', () => {
    const [problem] = problemsOf(
      changed(({ request }) => Object.assign(request.batteries[0]!, { r_departure: [1, 0] })),
    )
    expect(problem).toMatchObject({
      code: 'peer-case.unsupported',
      place: { path: 'request.batteries[0].r_departure' },
    })
  })

  it('ends in a named error on any truncation or exchange of a value, never in a crash', () => {
    const text = JSON.stringify(good)
    const junk = fc.constantFrom<unknown>(null, 'x', -1, Number.NaN, [], {}, true, [[]], 1e308)
    const paths = ['request', 'expected_response', 'request.batteries', 'request.time_series', 'request.time_series.dt']
    fc.assert(
      fc.property(fc.nat(text.length - 1), junk, fc.constantFrom(...paths), (cut, value, path) => {
        const broken = changed((copy) => {
          const keys = path.split('.')
          let at = copy as unknown as Record<string, unknown>
          for (const key of keys.slice(0, -1)) at = at[key] as Record<string, unknown>
          at[keys.at(-1)!] = value
        })
        for (const attempt of [text.slice(0, cut), JSON.stringify(broken)]) {
          try {
            readEvccCase('case.json', attempt)
          } catch (error) {
            expect(error).toBeInstanceOf(MangroveError)
          }
        }
      }),
      { numRuns: 300 },
    )
  })
})
