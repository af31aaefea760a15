import { existsSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { discretiseZone, heatToReach, stepZone, type ZoneNetwork, type ZoneState } from './zone-physics.ts'

const building = new URL('../../../../shared/data/building/', import.meta.url)
const readJson = (file: string) => JSON.parse(readFileSync(new URL(file, building), 'utf8'))

/** Conductances between nodes, W/K; the last nodes are eliminated one by one (star-mesh transform, exact in any network). */
function withoutNodes(conductance: number[][], eliminated: readonly number[]): number[][] {
  const g = conductance.map((row) => [...row])
  for (const node of eliminated) {
    const star = [...g[node]!]
    const sum = star.reduce((total, value) => total + value, 0)
    for (const row of g) row[node] = 0
    g[node]!.fill(0)
    star.forEach((a, i) => {
      star.forEach((b, j) => {
        if (i !== j && i !== node && j !== node) g[i]![j]! += (a * b) / sum
      })
    })
  }
  return g
}

const symmetric = (size: number, ties: readonly (readonly [number, number, number])[]): number[][] => {
  const g = Array.from({ length: size }, () => new Array<number>(size).fill(0))
  for (const [i, j, value] of ties) {
    g[i]![j]! += value
    g[j]![i]! += value
  }
  return g
}

const [room, mass, outdoors] = [0, 1, 2]
const kPerKw = (wPerK: number): number => 1000 / wPerK
const joulesPerKwh = 3.6e6

const zone2r2c: ZoneNetwork = {
  resistanceKPerKw: 8,
  capacitanceKwhPerK: 0.6,
  mass: { capacitanceKwhPerK: 9, resistanceKPerKw: 2, outerResistanceKPerKw: 30, solarShare: 0.5 },
}
const networks = fc.record(
  {
    resistanceKPerKw: fc.double({ min: 0.1, max: 100, noNaN: true }),
    capacitanceKwhPerK: fc.double({ min: 0.01, max: 100, noNaN: true }),
    mass: fc.record(
      {
        capacitanceKwhPerK: fc.double({ min: 0.1, max: 500, noNaN: true }),
        resistanceKPerKw: fc.double({ min: 0.05, max: 50, noNaN: true }),
        outerResistanceKPerKw: fc.double({ min: 1, max: 500, noNaN: true }),
        solarShare: fc.constant(0.5),
      },
      { requiredKeys: ['capacitanceKwhPerK', 'resistanceKPerKw', 'solarShare'] },
    ),
  },
  { requiredKeys: ['resistanceKPerKw', 'capacitanceKwhPerK'] },
) as fc.Arbitrary<ZoneNetwork>
const temperature = fc.double({ min: -30, max: 50, noNaN: true })
const power = fc.double({ min: -20, max: 20, noNaN: true })

describe('a zone from step to step', () => {
  it('cools as EMHASS test_optimization.py expects: half an hour from 20 to about 17.5 °C at 10 °C outside (±0.5)', () => {
    // There: 20 − 0.5 · 0.5 · (20 − 10), a step of Euler at a loss of half the difference an hour; here the exact 17.79.
    const step = discretiseZone({ resistanceKPerKw: 2, capacitanceKwhPerK: 1 }, 0.5)
    const { airC } = stepZone(step, { airC: 20, massC: 20 }, { outdoorC: 10, airKw: 0, massKw: 0 })
    expect(Math.abs(airC - 17.5)).toBeLessThan(0.5)
    expect(airC).toBeCloseTo(10 + 10 * Math.exp(-0.25), 12)
  })

  it('agrees with thousands of small steps of Euler, for room and mass', () => {
    const exact = stepZone(discretiseZone(zone2r2c, 1), { airC: 18, massC: 21 }, { outdoorC: -5, airKw: 4, massKw: 1 })
    const { resistanceKPerKw, capacitanceKwhPerK, mass } = zone2r2c
    let [airC, massC] = [18, 21]
    const parts = 200_000
    for (let n = 0; n < parts; n += 1) {
      const intoMass = (airC - massC) / mass!.resistanceKPerKw
      const through = (-5 - massC) / mass!.outerResistanceKPerKw!
      const airRate = ((-5 - airC) / resistanceKPerKw - intoMass + 4) / capacitanceKwhPerK
      const massRate = (intoMass + through + 1) / mass!.capacitanceKwhPerK
      airC += airRate / parts
      massC += massRate / parts
    }
    expect(exact.airC).toBeCloseTo(airC, 4)
    expect(exact.massC).toBeCloseTo(massC, 5)
  })

  it('is the same in one step as in many short ones (law)', () => {
    fc.assert(
      fc.property(networks, temperature, temperature, power, power, (network, inC, outdoorC, airKw, massKw) => {
        const inputs = { outdoorC, airKw, massKw }
        const start: ZoneState = { airC: inC, massC: inC }
        const once = stepZone(discretiseZone(network, 1), start, inputs)
        const short = discretiseZone(network, 1 / 60)
        let state = start
        for (let n = 0; n < 60; n += 1) state = stepZone(short, state, inputs)
        expect(state.airC).toBeCloseTo(once.airC, 7)
        expect(state.massC).toBeCloseTo(once.massC, 7)
      }),
    )
  })

  it('stays where it is when nothing acts, and warms by heat, everywhere and never the other way (law)', () => {
    fc.assert(
      fc.property(networks, temperature, fc.double({ min: 0.01, max: 24, noNaN: true }), (network, outdoorC, hours) => {
        const step = discretiseZone(network, hours)
        const still = { airC: outdoorC, massC: outdoorC }
        const idle = stepZone(step, still, { outdoorC, airKw: 0, massKw: 0 })
        expect(idle.airC).toBeCloseTo(outdoorC, 8)
        expect(idle.massC).toBeCloseTo(outdoorC, 8)
        const heated = stepZone(step, still, { outdoorC, airKw: 1, massKw: 0 })
        expect(heated.airC).toBeGreaterThan(outdoorC)
        expect(heated.massC).toBeGreaterThanOrEqual(idle.massC - 1e-12)
        const kw = heatToReach(step, still, { outdoorC, airKw: 0, massKw: 0 }, outdoorC + 3)
        expect(stepZone(step, still, { outdoorC, airKw: kw, massKw: 0 }).airC).toBeCloseTo(outdoorC + 3, 7)
      }),
    )
  })

  it('keeps the energy balance: over a long time what is put in leaves through its walls (law)', () => {
    fc.assert(
      fc.property(networks, temperature, fc.double({ min: 0, max: 20, noNaN: true }), (network, outdoorC, airKw) => {
        const { airC } = stepZone(discretiseZone(network, 1e7), { airC: 0, massC: 0 }, { outdoorC, airKw, massKw: 0 })
        const { resistanceKPerKw, mass } = network
        const through = mass?.outerResistanceKPerKw
        const loss = 1 / resistanceKPerKw + (mass && through ? 1 / (mass.resistanceKPerKw + through) : 0)
        expect((airC - outdoorC) * loss).toBeCloseTo(airKw, 6)
      }),
    )
  })

  it('without capacity in the room goes to what a room with next to none does', () => {
    const nearly = discretiseZone({ ...zone2r2c, capacitanceKwhPerK: 1e-6 }, 0.25)
    const light = discretiseZone({ ...zone2r2c, capacitanceKwhPerK: 0 }, 0.25)
    const inputs = { outdoorC: 3, airKw: 5, massKw: 1 }
    const start = { airC: 20, massC: 20 }
    expect(stepZone(light, start, inputs).airC).toBeCloseTo(stepZone(nearly, start, inputs).airC, 5)
    expect(stepZone(light, start, inputs).massC).toBeCloseTo(stepZone(nearly, start, inputs).massC, 5)
  })
})

describe.skipIf(!existsSync(building))('a zone against published models (../shared/data/building)', () => {
  it('follows 5R1C hours of RC_BuildingSimulator: a massless room and one mass are the same network (±0.01 K)', () => {
    const cases = readJson('rc5r1c/cases.json') as readonly Rc5r1cCase[]
    const followed = cases.filter(({ zone }) => zone.heating_emission_system === 'AirConditioning')
    expect(followed).toHaveLength(17)
    for (const { name, zone, t_out, t_m_prev, internal_gains, solar_gains, expected } of followed) {
      // ISO 13790 annex C, W/K; gains by C.1 to C.3.
      const massArea = 2.5 * zone.floor_area
      const allArea = zone.total_internal_area
      const window = zone.u_windows * zone.window_area
      const surface = 3
      const changesPerHour = zone.ach_infl + zone.ach_vent * (1 - zone.ventilation_efficiency)
      const g = withoutNodes(
        symmetric(4, [
          [room, outdoors, (1200 * zone.room_vol * changesPerHour) / 3600],
          [room, surface, 3.45 * allArea],
          [surface, mass, 9.1 * massArea],
          [surface, outdoors, window],
          [mass, outdoors, zone.u_walls * zone.walls_area],
        ]),
        [surface],
      )
      const gains = 0.5 * internal_gains + solar_gains
      const onSurface = (1 - massArea / allArea - window / (9.1 * allArea)) * gains
      const around = 3.45 * allArea + 9.1 * massArea + window
      const heat = expected.energy_demand ?? 0
      const next = stepZone(
        discretiseZone(
          {
            resistanceKPerKw: kPerKw(g[room]![outdoors]!),
            capacitanceKwhPerK: 0,
            mass: {
              capacitanceKwhPerK: (zone.thermal_capacitance_per_floor_area * zone.floor_area) / joulesPerKwh,
              resistanceKPerKw: kPerKw(g[room]![mass]!),
              outerResistanceKPerKw: kPerKw(g[mass]![outdoors]!),
              solarShare: 0,
            },
          },
          1,
        ),
        { airC: 0, massC: t_m_prev },
        {
          outdoorC: t_out,
          airKw: (0.5 * internal_gains + (onSurface * 3.45 * allArea) / around + heat) / 1000,
          massKw: ((massArea / allArea) * gains + (onSurface * 9.1 * massArea) / around) / 1000,
        },
      )
      // The simulator tells the mean of before and after, and steps by Crank and Nicolson.
      expect(Math.abs((t_m_prev + next.massC) / 2 - expected.t_m), name).toBeLessThan(0.01)
    }
  })

  it('follows VDI 6007-1 test case 1 over 60 days within 0.4 K: two elements, here one mass', () => {
    const { rc_params, tables } = readJson('vdi6007/test_case_1.json') as Vdi6007Case
    const of = (name: string): number => Number(rc_params[name]!.replace(/[{}]/g, ''))
    const wallM2 = 10.5
    const [inner, outer] = [3, 4]
    const g = withoutNodes(
      symmetric(5, [
        [room, inner, of('hConInt') * of('AInt')],
        [room, outer, of('hConExt') * wallM2],
        [inner, outer, of('hRad') * wallM2],
        [inner, mass, 1 / of('RInt')],
        // Outside, 25 W/(m2·K).
        [outer, outdoors, 1 / (of('RExt') + of('RExtRem') + 1 / (25 * wallM2))],
      ]),
      [inner, outer],
    )
    // The outer wall swings with 0.71 of the room, so that its capacity counts by the square of that (Rayleigh's quotient).
    const capacityJPerK = of('CInt') + 0.71 ** 2 * of('CExt')
    const step = discretiseZone(
      {
        resistanceKPerKw: kPerKw(g[room]![outdoors]!),
        capacitanceKwhPerK: 0,
        mass: {
          capacitanceKwhPerK: capacityJPerK / joulesPerKwh,
          resistanceKPerKw: kPerKw(g[room]![mass]!),
          outerResistanceKPerKw: kPerKw(g[mass]![outdoors]!),
          solarShare: 0,
        },
      },
      1,
    )
    const references = new Map(tables.reference.rows)
    let state: ZoneState = { airC: 22, massC: 22 }
    let compared = 0
    for (let hour = 1; hour <= 1440; hour += 1) {
      const works = (hour - 1) % 24 >= 6 && (hour - 1) % 24 < 18
      state = stepZone(step, state, { outdoorC: 22, airKw: works ? 1 : 0, massKw: 0 })
      const reference = references.get(hour * 3600)
      if (reference === undefined) continue
      compared += 1
      expect(Math.abs(state.airC - reference), `hour ${hour}`).toBeLessThan(0.4)
    }
    expect(compared).toBe(72)
  })
})

interface Rc5r1cCase {
  readonly name: string
  readonly t_out: number
  readonly t_m_prev: number
  readonly internal_gains: number
  readonly solar_gains: number
  readonly zone: Readonly<
    Record<
      | 'floor_area'
      | 'total_internal_area'
      | 'u_windows'
      | 'window_area'
      | 'u_walls'
      | 'walls_area'
      | 'room_vol'
      | 'ach_vent'
      | 'ach_infl'
      | 'ventilation_efficiency'
      | 'thermal_capacitance_per_floor_area',
      number
    >
  > & { readonly heating_emission_system: string }
  readonly expected: { readonly t_m: number; readonly energy_demand?: number }
}

interface Vdi6007Case {
  readonly rc_params: Readonly<Record<string, string>>
  readonly tables: { readonly reference: { readonly rows: readonly (readonly [number, number])[] } }
}
