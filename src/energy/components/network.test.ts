import { describe, expect, it } from 'vitest'
import { MangroveError, type Problem, readSite } from '../../kernel/index.ts'
import { createInlineSolver } from '../../solve/index.ts'
import { busPrices } from '../explain/bus-prices.ts'
import { energyPack } from '../pack.ts'
import { hourly, planTestPark, type SolvedPark, type TestPark, testSite } from '../park.fixture.ts'
import { breachesOf } from '../plan-breaches.fixture.ts'
import { createPlant } from '../plant.ts'

const solver = await createInlineSolver()
const set = (bus: string, price: number) => ({
  kind: 'genset',
  bus,
  ratedKw: 1000,
  minLoad: 0,
  fuel: { pricePerUnit: price, kgCo2ePerUnit: 0, perKwh: 1 },
})
const line = (from: string, to: string, fields: object = {}) => ({
  kind: 'line',
  from,
  to,
  limitKw: 1000,
  reactancePerUnit: 0.1,
  ...fields,
})
/** Three buses in a ring; cheap power at a, dear at b, the load at c. */
const ring = (fields: { ab?: object; bc?: object; ac?: object; demand?: number } = {}): TestPark => ({
  grid: hourly(1),
  assets: {
    cheap: set('a', 1),
    dear: set('b', 3),
    load: { kind: 'load', bus: 'c', demand: fields.demand ?? 300 },
    ab: line('a', 'b', fields.ab),
    bc: line('b', 'c', fields.bc),
    ac: line('a', 'c', fields.ac),
  },
})
const priceAt = (plan: SolvedPark, bus: string): number =>
  busPrices(plan.model, plan.frame, plan.solved.solution).find(({ name }) => name === bus)!.pricePerKwh[0]!

describe('linear power flow around a ring', () => {
  it('divides by reactance: of 300 kW two thirds take the short way, one third the long one', async () => {
    const plan = await planTestPark(ring(), { solver })
    expect(plan.point('ac', 'flowKw')).toEqual([200])
    expect(plan.point('ab', 'flowKw')).toEqual([100])
    expect(plan.point('bc', 'flowKw')).toEqual([100])
    expect(breachesOf(plan)).toEqual([])
  })

  it.each([0.0001, 0.003, 1, 50])('does so at any scale of reactance: %d per unit', async (x) => {
    const each = { reactancePerUnit: x }
    const plan = await planTestPark(ring({ ab: each, bc: each, ac: each }), { solver })
    expect(plan.point('ac', 'flowKw')).toEqual([200])
    expect(plan.solved.certificate.ok).toBe(true)
  })

  it('divides against unequal reactances: 0.3 against 0.1 + 0.2 are halves', async () => {
    const plan = await planTestPark(ring({ ac: { reactancePerUnit: 0.3 }, bc: { reactancePerUnit: 0.2 } }), { solver })
    expect(plan.point('ac', 'flowKw')).toEqual([150])
    expect(plan.point('bc', 'flowKw')).toEqual([150])
  })

  it('prices each bus by itself when a line is full: the textbook case with 1, 3 and 5', async () => {
    // Flow on ac = 2/3 · cheap + 1/3 · dear ≤ 150 and cheap + dear = 300: cheap 150, dear 150. One more kWh at c takes
    // two of the dear set and one less of the cheap: 2 · 3 − 1 = 5 (Schweppe et al. 1988, Spot Pricing of Electricity).
    const plan = await planTestPark(ring({ ac: { limitKw: 150 } }), { solver })
    expect(plan.point('cheap', 'powerKw')).toEqual([150])
    expect(plan.point('dear', 'powerKw')).toEqual([150])
    expect(plan.point('ac', 'flowKw')).toEqual([150])
    expect(plan.point('ab', 'flowKw')).toEqual([0])
    expect(['a', 'b', 'c'].map((bus) => Math.round(priceAt(plan, bus) * 1e6) / 1e6)).toEqual([1, 3, 5])
    expect(breachesOf(plan)).toEqual([])
  })

  it('is free without reactances: then the whole flow takes whatever line has room', async () => {
    const { reactancePerUnit: _x, ...free } = line('a', 'c')
    const plan = await planTestPark(
      { ...ring(), assets: { ...ring().assets, ab: line('a', 'b', { limitKw: 0 }), ac: free } },
      { solver },
    )
    expect(plan.point('ac', 'flowKw')).toEqual([300])
  })

  it('is caught when published flows break the voltage law', async () => {
    const plan = await planTestPark(ring(), { solver })
    for (const [id, change] of [
      ['ac', 30],
      ['ab', -30],
      ['bc', -30],
    ] as const) {
      const { points } = plan.outcomes.get(id)!
      points.flowKw![0]! += change
      points.toKw![0]! += change
      points.fromKw![0]! -= change
    }
    // Every bus is still in balance and no line passes its limit.
    expect(breachesOf(plan)).toEqual([expect.stringContaining('against the voltage law in step 0')])
  })
})

describe('a line and a transformer on their own', () => {
  it('lose a share of what is sent, either way', async () => {
    const park = (bus: string) =>
      planTestPark(
        {
          grid: hourly(1),
          assets: {
            set: set(bus === 'main' ? 'port' : 'main', 1),
            load: { kind: 'load', bus, demand: 98 },
            cable: { kind: 'line', from: 'main', to: 'port', limitKw: 500, lossShare: 0.02 },
          },
        },
        { solver },
      )
    const there = await park('port')
    expect(there.point('set', 'powerKw')).toEqual([100])
    expect([there.point('cable', 'fromKw'), there.point('cable', 'toKw')]).toEqual([[-100], [98]])
    const back = await park('main')
    expect(back.point('set', 'powerKw')).toEqual([100])
    expect(back.point('cable', 'flowKw')).toEqual([-100])
    expect([back.point('cable', 'fromKw'), back.point('cable', 'toKw')]).toEqual([[98], [-100]])
  })

  it('do not burn power by sending it both ways when power is paid for', async () => {
    const plan = await planTestPark(
      {
        grid: hourly(1),
        tariff: { import: { feePerKwh: -1 } },
        assets: {
          grid: { kind: 'grid', importLimitKw: 1000 },
          load: { kind: 'load', bus: 'port', demand: 90 },
          unit: { kind: 'transformer', from: 'main', to: 'port', ratedKw: 500, efficiency: 0.9 },
        },
      },
      { solver },
    )
    expect(plan.point('unit', 'flowKw')).toEqual([100])
    expect(breachesOf(plan)).toEqual([])
  })

  it('share by rating: of two transformers with one short-circuit voltage the larger carries more', async () => {
    const unit = (ratedKw: number) => ({
      kind: 'transformer',
      from: 'main',
      to: 'port',
      ratedKw,
      efficiency: 1,
      reactancePerUnit: 0.06,
    })
    const plan = await planTestPark(
      {
        grid: hourly(1),
        assets: {
          grid: { kind: 'grid', importLimitKw: 2000 },
          load: { kind: 'load', bus: 'port', demand: 900 },
          small: unit(400),
          large: unit(800),
        },
      },
      { solver },
    )
    expect(plan.point('small', 'flowKw')).toEqual([300])
    expect(plan.point('large', 'flowKw')).toEqual([600])
  })

  it('leave what does not fit unserved, and name it', async () => {
    const { relaxed } = await planTestPark(
      {
        grid: hourly(1),
        assets: {
          grid: { kind: 'grid', importLimitKw: 2000 },
          load: { kind: 'load', bus: 'port', demand: 90 },
          cable: { kind: 'line', from: 'main', to: 'port', limitKw: 60 },
        },
      },
      { solver },
    )
    expect(relaxed).toMatchObject([{ reasonCode: 'load.unserved', amount: expect.closeTo(30, 5) }])
  })
})

describe('a simulated park of three buses in a row', () => {
  it('is balanced everywhere: each line brings its end what is missing there', () => {
    const site = testSite({
      grid: hourly(1),
      assets: {
        grid: { kind: 'grid', importLimitKw: 2000 },
        near: { kind: 'line', from: 'main', to: 'yard', limitKw: 500, lossShare: 0.1 },
        far: { kind: 'line', from: 'yard', to: 'quay', limitKw: 500 },
        cranes: { kind: 'load', bus: 'quay', demand: 80 },
        office: { kind: 'load', bus: 'yard', demand: 10 },
      },
    })
    const plant = createPlant(site)
    const points = plant.step({
      timestampMs: 0,
      stepHours: 1 / 3600,
      offeredKw: new Map([
        ['cranes', 80],
        ['office', 10],
      ]),
      setpointKw: new Map(),
    })
    expect(points.get('far.toKw')).toBeCloseTo(80, 9)
    expect(points.get('near.toKw')).toBeCloseTo(90, 9)
    expect(points.get('grid.powerKw')).toBeCloseTo(100, 9)
    for (const bus of ['main', 'yard', 'quay']) expect(plant.imbalanceOn('electricity', bus)).toBeCloseTo(0, 9)
  })
})

describe('buses that nothing stands on', () => {
  function problemsOf(assets: Readonly<Record<string, unknown>>): readonly Problem[] {
    const site = {
      id: 'x',
      name: 'x',
      location: { latitude: 31, longitude: 119 },
      zone: 'Asia/Shanghai',
      currency: 'CNY',
    }
    try {
      readSite(JSON.stringify({ ...site, assets }), { file: 'site.json', packs: [energyPack] })
      return []
    } catch (error) {
      if (error instanceof MangroveError) return error.problems
      throw error
    }
  }
  const grid = { kind: 'grid', importLimitKw: 10 }
  const cranes = { kind: 'load', bus: 'quay', demand: 5 }
  const cable = { kind: 'line', from: 'main', to: 'quay', limitKw: 10 }

  it('are told with the buses that there are', () => {
    expect(problemsOf({ grid, cranes, cable })).toEqual([])
    expect(problemsOf({ grid, cranes, cable: { ...cable, to: 'qauy' } })).toMatchObject([
      { place: { path: 'assets.cable.to' }, found: 'qauy', expected: 'a bus that assets stand on: main, quay' },
    ])
  })

  it('may be where only lines meet', () => {
    const first = { ...cable, to: 'joint' }
    const second = { ...cable, from: 'joint' }
    expect(problemsOf({ grid, cranes, first, second })).toEqual([])
  })

  it('are not joined to themselves', () => {
    expect(problemsOf({ grid, cable: { ...cable, to: 'main' } })).toMatchObject([
      { place: { path: 'assets.cable.to' }, detail: 'It begins and ends on the same bus' },
    ])
  })
})
