import { existsSync, readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MangroveError } from '../../../src/kernel/index.ts'
import { createInlineSolver } from '../../../src/solve/index.ts'
import { cycleBasis } from './cycles.ts'
import { acDcMeshed, type Files, hydrogenChain, oneBus, twoPeriods, writeFolder } from './networks.fixture.ts'
import { readFolder } from './read-folder.ts'
import { solveNetwork } from './solve-network.ts'

const solver = await createInlineSolver()
const solve = async (files: Files) => solveNetwork(solver, await readFolder(writeFolder(files)))
const whole = (values: Float64Array | undefined) => Array.from(values ?? [], (value) => Math.round(value) + 0)

describe('unit commitment (PyPSA test/test_lopf_unit_commitment.py)', () => {
  const coalAndGas = (extra = '', values: readonly [string, string] = ['', '']) =>
    `name,bus,committable,p_nom,p_min_pu,marginal_cost${extra}
coal,bus,True,10000,0.3,20${values[0]}
gas,bus,True,1000,0.1,70${values[1]}
`

  it('part load: coal [4000, 6000, 5000, 0], gas [0, 0, 0, 800]', async () => {
    const { dispatch, objective } = await solve(oneBus([4000, 6000, 5000, 800], coalAndGas()))
    expect(whole(dispatch.coal)).toEqual([4000, 6000, 5000, 0])
    expect(whole(dispatch.gas)).toEqual([0, 0, 0, 800])
    expect(objective).toBeCloseTo(356000, 3)
  })

  it('start-up costs 3000 and 1000: objective 359000', async () => {
    const units = `name,bus,committable,p_nom,p_min_pu,marginal_cost,start_up_cost,up_time_before
coal,bus,True,10000,0.1,20,3000,0
gas,bus,True,10000,0,70,1000,1
`
    expect((await solve(oneBus([4000, 6000, 5000, 800], units))).objective).toBeCloseTo(359000, 3)
  })

  it('shut-down costs of 1000 each: objective 358000', async () => {
    const units = coalAndGas(',shut_down_cost', [',1000', ',1000'])
    expect((await solve(oneBus([4000, 6000, 5000, 800], units))).objective).toBeCloseTo(358000, 3)
  })

  it('gas up for 3 and off before: coal [3900, 0, 4900, 3000], gas [100, 800, 100, 0]', async () => {
    const units = coalAndGas(',min_up_time,up_time_before', [',0,1', ',3,0'])
    const { dispatch } = await solve(oneBus([4000, 800, 5000, 3000], units))
    expect(whole(dispatch.coal)).toEqual([3900, 0, 4900, 3000])
    expect(whole(dispatch.gas)).toEqual([100, 800, 100, 0])
  })

  it('coal down for 2 and down before: objective 486000 (PyPSA 1.3.0)', async () => {
    const units = `name,bus,committable,p_nom,p_min_pu,marginal_cost,min_down_time,down_time_before
coal,bus,True,10000,0.3,20,2,1
gas,bus,True,4000,0.1,70,0,0
`
    expect((await solve(oneBus([3000, 800, 3000, 8000], units))).objective).toBeCloseTo(486000, 3)
  })

  it('a unit to be found and committed: objective 416000 (PyPSA 1.3.0)', async () => {
    const units = `name,bus,committable,p_nom,p_nom_extendable,p_nom_max,p_min_pu,marginal_cost,capital_cost
unit,bus,True,0,True,8000,0.4,20,10
gas,bus,False,10000,False,inf,0,70,0
`
    expect((await solve(oneBus([4000, 6000, 5000, 800], units))).objective).toBeCloseTo(416000, 3)
  })
})

describe('investment', () => {
  it('store over two periods: 44 with the CO2 cap 0.8 (PyPSA test/test_lopf_multiinvest.py)', async () => {
    const cap = 'name,type,carrier_attribute,sense,constant\nco2,primary_energy,co2_emissions,<=,0.8\n'
    expect((await solve(twoPeriods(cap))).objective).toBeCloseTo(44, 6)
  })

  it('store over two periods: 26 with the operational limit 6 (PyPSA test/test_lopf_multiinvest.py)', async () => {
    const cap = 'name,type,carrier_attribute,sense,constant\ngas,operational_limit,gas,<=,6\n'
    expect((await solve(twoPeriods(cap))).objective).toBeCloseTo(26, 6)
  })

  it('AC-DC meshed: capacities of PyPSA’s results-lopf within 1e-6, n.objective −3474256.0405 (PyPSA 1.3.0)', async () => {
    const { capacities, objective, objectiveConstant, boundGap } = await solve(acDcMeshed)
    const expected = {
      'Manchester Wind': 4090.80977835,
      'Norway Wind': 1533.59985785,
      'Frankfurt Wind': 1667.72441974,
      'Frankfurt Gas': 982.034482721,
    }
    for (const [name, power] of Object.entries(expected)) expect(capacities.generators?.[name]).toBeCloseTo(power, 6)
    expect(objectiveConstant).toBeCloseTo(21915277.5183, 3)
    expect(objective - objectiveConstant).toBeCloseTo(-3474256.0405, 3)
    expect(Math.abs(boundGap)).toBeLessThan(1e-9)
  })

  it('hydrogen chain with inflow, modules, ramps and two limits: 66156.12420611 (PyPSA 1.3.0)', async () => {
    const { capacities, objective } = await solve(hydrogenChain)
    expect(objective).toBeCloseTo(66156.12420611, 5)
    expect(capacities.generators?.pv).toBeCloseTo(208.52948321, 5)
    expect(capacities.storage_units?.battery).toBeCloseTo(18.95684879, 5)
    expect(capacities.stores?.tank).toBeCloseTo(121.74739729, 5)
    expect(capacities.links).toMatchObject({ electrolyser: expect.closeTo(50, 5), 'fuel cell': expect.closeTo(50, 5) })
  })
})

const model = new URL('../../../../shared/data/energy/pypsa_model_energy/', import.meta.url)
const modelFiles = (rows: number): Files =>
  Object.fromEntries(
    readdirSync(model).map((name) => {
      const lines = readFileSync(new URL(name, model), 'utf8').split('\n')
      return [name, lines.slice(0, rows + 1).join('\n')]
    }),
  )

describe.skipIf(!existsSync(model))('model-energy (PyPSA examples, CC-BY-4.0; needs ../shared/data)', () => {
  it('its first eight weeks: 7,586,831,555.2558 EUR and capacities (PyPSA 1.3.0)', async () => {
    const { capacities, objective, boundGap } = await solve(modelFiles(448))
    expect(objective / 7586831555.2557335).toBeCloseTo(1, 9)
    expect(capacities.generators).toMatchObject({
      wind: expect.closeTo(31923.405325, 2),
      solar: expect.closeTo(25448.341912, 2),
    })
    expect(capacities.stores?.['hydrogen storage']).toBeCloseTo(588047.3551, 1)
    expect(Math.abs(boundGap)).toBeLessThan(1e-8)
  })

  // Some 12 s of two idle cores; set MANGROVE_LONG=1.
  it.skipIf(!process.env.MANGROVE_LONG)(
    'its whole year: 8,078,135,675.451 EUR (reference/energy.md 4.2)',
    async () => {
      const { capacities, objective } = await solve(modelFiles(2920))
      expect(objective / 8078135675.451).toBeCloseTo(1, 10)
      expect(capacities.generators?.solar).toBeCloseTo(26116.800755, 3)
      expect(capacities.generators?.wind).toBeCloseTo(32474.380586, 3)
      expect(capacities.links?.electrolysis).toBeCloseTo(3025.153433, 3)
      expect(capacities.links?.turbine).toBeCloseTo(10073.614723, 3)
      expect(capacities.storage_units?.['battery storage']).toBeCloseTo(14854.329569, 3)
      expect(capacities.stores?.['hydrogen storage']).toBeCloseTo(3786558.312, 2)
    },
    600_000,
  )
})

describe('cycle basis', () => {
  it('has edges − vertices + parts cycles, each closed, that no tree edge alone closes', () => {
    const graph = fc.integer({ min: 1, max: 9 }).chain((vertices) => {
      const vertex = fc.integer({ min: 0, max: vertices - 1 })
      return fc.record({
        vertices: fc.constant(vertices),
        edges: fc.array(fc.record({ from: vertex, to: vertex }), { maxLength: 14 }),
      })
    })
    fc.assert(
      fc.property(graph, ({ vertices, edges }) => {
        const part = Array.from({ length: vertices }, (_, v) => v)
        const root = (v: number): number => (part[v] === v ? v : root(part[v]!))
        for (const { from, to } of edges) part[root(from)] = root(to)
        const parts = part.filter((parent, v) => parent === v).length
        const cycles = cycleBasis(vertices, edges)
        expect(cycles).toHaveLength(edges.length - vertices + parts)
        for (const cycle of cycles) {
          let at = cycle[0]![1] === 1 ? edges[cycle[0]![0]]!.from : edges[cycle[0]![0]]!.to
          const begin = at
          for (const [edge, direction] of cycle) {
            const { from, to } = edges[edge]!
            expect(direction === 1 ? from : to).toBe(at)
            at = direction === 1 ? to : from
          }
          expect(at).toBe(begin)
        }
      }),
      { numRuns: 200 },
    )
  })
})

describe('folder reader', () => {
  const problemOf = async (files: Files) => {
    try {
      await solve(files)
    } catch (error) {
      if (error instanceof MangroveError) return error.problems[0]
      throw error
    }
    return undefined
  }
  const good = oneBus([1, 2], 'name,bus,p_nom,marginal_cost\nunit,bus,5,10\n')

  it.each([
    ['no buses', { 'buses.csv': undefined }, { code: 'peer-case.missing' }],
    ['no snapshot', { 'snapshots.csv': ',snapshot\n' }, { code: 'peer-case.malformed' }],
    ['an empty file', { 'loads.csv': '' }, { code: 'peer-case.malformed', place: { file: 'loads.csv' } }],
    [
      'a bus that is not there',
      { 'generators.csv': 'name,bus,p_nom\nunit,bis,5\n' },
      { code: 'peer-case.bad-value', found: 'bis', place: { file: 'generators.csv', line: 2 } },
    ],
    [
      'a number that is none',
      { 'generators.csv': 'name,bus,p_nom\nunit,bus,five\n' },
      { code: 'peer-case.bad-value', found: 'five', place: { file: 'generators.csv', line: 2, path: 'unit.p_nom' } },
    ],
    [
      'a row cut short',
      { 'generators.csv': 'name,bus,p_nom\nunit,bus\n' },
      { code: 'peer-case.malformed', place: { file: 'generators.csv', line: 2 } },
    ],
    [
      'a series cut short',
      { 'loads-p_set.csv': ',load\n0,1\n' },
      { code: 'peer-case.malformed', place: { file: 'loads-p_set.csv' } },
    ],
    [
      'a name twice',
      { 'generators.csv': 'name,bus,p_nom\nunit,bus,5\nunit,bus,5\n' },
      { code: 'peer-case.bad-value', place: { file: 'generators.csv', line: 3 } },
    ],
    [
      'a quadratic cost',
      { 'generators.csv': 'name,bus,p_nom,marginal_cost_quadratic\nunit,bus,5,1\n' },
      { code: 'peer-case.unsupported', place: { path: 'unit.marginal_cost_quadratic' } },
    ],
    [
      'a global constraint of another kind',
      { 'global_constraints.csv': 'name,type,sense,constant\nx,moon,<=,1\n' },
      { code: 'peer-case.unsupported', found: 'moon' },
    ],
    [
      'a limit on growth over periods',
      {
        'carriers.csv': 'name,max_growth\ngas,5\n',
        'snapshots.csv': ',period,timestep\n0,2030,0\n1,2040,0\n',
        'investment_periods.csv': 'period,objective,years\n2030,1,1\n2040,1,1\n',
      },
      { code: 'peer-case.unsupported', place: { path: 'gas.max_growth' } },
    ],
    ['too little power', { 'generators.csv': 'name,bus,p_nom\nunit,bus,1\n' }, { code: 'peer-case.infeasible' }],
    [
      'money for nothing',
      { 'generators.csv': 'name,bus,p_nom_extendable,capital_cost\nunit,bus,True,-1\n' },
      { code: 'peer-case.unbounded' },
    ],
    [
      'an infinite coefficient',
      { 'generators.csv': 'name,bus,p_nom,marginal_cost\nunit,bus,5,inf\n' },
      { code: 'peer-case.bad-value' },
    ],
  ] as const)('tells of %s', async (_, change, problem) => {
    const { ...files }: Record<string, string> = good
    for (const [name, content] of Object.entries<string | undefined>(change)) {
      if (content === undefined) delete files[name]
      else files[name] = content
    }
    expect(await problemOf(files)).toMatchObject(problem)
  })

  it('ends in a named error or an answer, wherever a file is cut or a cell exchanged', async () => {
    const names = Object.keys(hydrogenChain)
    const junk = fc.constantFrom('', 'x', '-1', 'inf', 'nan', 'True', '"', '1e400', 'gas')
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...names), fc.nat(400), junk, fc.boolean(), async (name, at, value, cut) => {
        const text = hydrogenChain[name]!
        const cells = text.split(/(?<=[,\n])|(?=[,\n])/)
        const broken = cut
          ? text.slice(0, at % text.length)
          : cells.map((cell, k) => (k === at % cells.length && !/^[,\n]$/.test(cell) ? value : cell)).join('')
        await problemOf({ ...hydrogenChain, [name]: broken })
      }),
      { numRuns: 60 },
    )
  })
})
