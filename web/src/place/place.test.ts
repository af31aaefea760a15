import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { arrangeLabels, type Label } from './arrange-labels.ts'
import { outletsOf, vehiclesAt } from './bays.ts'
import { drawnPlace } from './drawn-place.ts'
import { nextPace } from './frame-pace.ts'
import { areaM2, boundsOf, edgesOf, headingTo, isInside, outlineOf, signedAreaM2, turned } from './geometry.ts'
import { moduleRows, rowPitchM } from './module-rows.ts'
import { placeMoment } from './moment-state.ts'
import { asset, from, siteOf } from './place.fixture.ts'
import type { PlacePoint, Route } from './place-types.ts'
import { movedPlan, nearerPlan, shownPart, wholePlan } from './plan-view.ts'
import { carbonOf, loadFactorOf, powerOf, quantitiesOf, roundUp, scaleOf } from './quantities.ts'
import { routeFlows, supplyOf } from './route-flows.ts'
import { tokenOn } from './scale-tokens.ts'
import { fittedView, turnedView, viewOf, viewsOf } from './views.ts'

const assets = [
  asset('grid', 'grid', { importLimitKw: 400, exportLimitKw: 200 }),
  asset('roof', 'pv', { capacityKwp: 210, tiltDeg: 10, azimuthDeg: 180 }),
  asset('cell', 'battery', { capacityKwh: 4000, maxChargeKw: 50, maxDischargeKw: 100 }),
  asset('works', 'load', { demand: [50, 200] }),
]
const place = {
  assets: {
    grid: { atM: [100, 0], headingDeg: 0, rows: 1 },
    roof: { on: ['hall'], headingDeg: 0, rows: 1 },
    cell: { atM: [60, -40], sizeM: [12, 3], headingDeg: 90, rows: 3, rowSpacingM: 5 },
    works: { in: ['hall'], headingDeg: 0, rows: 1 },
  },
  buildings: { hall: { atM: [-100, 50], sizeM: [80, 40], heightM: 9, headingDeg: 0, title: 'Hall' } },
  joints: { corner: [0, 0] as PlacePoint },
  ground: [
    {
      cover: 'road',
      lineM: [
        [-100, -80],
        [100, -80],
      ] as PlacePoint[],
      widthM: 8,
    },
  ],
  cables: [
    { from: 'grid', to: 'corner', viaM: [], carrier: 'electricity' },
    { from: 'corner', to: 'works', viaM: [[-50, 0]] as PlacePoint[], carrier: 'electricity' },
    { from: 'works', to: 'roof', viaM: [], carrier: 'electricity' },
    { from: 'cell', to: 'corner', viaM: [], carrier: 'electricity' },
  ],
  models: {},
}
const site = siteOf(assets, { place })
const values = { 'grid.powerKw': 90, 'roof.powerKw': 60, 'cell.powerKw': -20, 'works.powerKw': 130, 'cell.soc': 0.5 }

describe('the place of a site file', () => {
  const drawn = drawnPlace(site)
  const thing = (id: string) => drawn.things.find((one) => one.id === id)!

  it('stands modules on the roofs of their buildings and a load in its own', () => {
    expect(drawn.schematic).toBe(false)
    expect(thing('roof').bodies[0]).toMatchObject({ baseM: 9, rectangle: { at: [-100, 50], widthM: 80 } })
    expect(thing('works')).toMatchObject({ form: 'building', buildings: ['hall'], anchor: { heightM: 9 } })
    expect(thing('hall')).toMatchObject({ title: 'Hall', buildings: [] })
  })

  it('stands rows one behind the other along the heading, around where they are', () => {
    // Towards the east, 5 m from middle to middle.
    expect(thing('cell').bodies.map(({ rectangle }) => rectangle.at.map(Math.round))).toEqual([
      [55, -40],
      [60, -40],
      [65, -40],
    ])
  })

  it('leads cables from thing to thing by their corners', () => {
    expect(drawn.routes[1]?.line).toEqual([
      [0, 0],
      [-50, 0],
      [-100, 50],
    ])
  })
})

describe('the scheme of a site without a place', () => {
  it('gives every asset a plot of its own, always the same', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('pv', 'wind', 'battery', 'grid', 'load', 'genset', 'heat-pump', 'electrolyser'), {
          minLength: 1,
          maxLength: 40,
        }),
        (kinds) => {
          const own = siteOf(
            kinds.map((kind, index) => asset(`a${index}`, kind, { capacityKwp: 5000, capacityKwh: 1e5 })),
          )
          const drawn = drawnPlace(own)
          expect(drawn.schematic).toBe(true)
          expect(drawn.things).toHaveLength(kinds.length)
          expect(drawnPlace(own)).toEqual(drawn)
          const middles = drawn.things.map(({ bodies }) => bodies[Math.floor(bodies.length / 2)]!.rectangle.at)
          middles.forEach((one, index) => {
            for (const other of middles.slice(index + 1))
              expect(Math.hypot(one[0] - other[0], one[1] - other[1])).toBeGreaterThan(60)
          })
        },
      ),
      { numRuns: 40 },
    )
  })

  it('joins what has to do with a carrier', () => {
    const { routes } = drawnPlace(siteOf(assets))
    expect(routes.map(({ to }) => to).toSorted()).toEqual(['cell', 'grid', 'roof', 'works'])
  })
})

describe('flows along cables', () => {
  const { routes } = drawnPlace(site)
  const isRoot = (id: string) => id === 'grid'

  it('carry what lies behind them, in the direction it goes', () => {
    // grid → corner: 130 of the works and 20 of the cell, less 60 of the roof. works → roof: against its direction.
    expect(routeFlows(routes, supplyOf(assets, from(values)), isRoot)).toEqual([90, 70, -60, -20])
  })

  it('are not known where a power behind them is not', () => {
    const { 'roof.powerKw': _, ...known } = values
    expect(routeFlows(routes, supplyOf(assets, from(known)), isRoot)).toEqual([undefined, undefined, undefined, -20])
  })

  it('balance at every joint of any tree', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -500, max: 500 }), { minLength: 2, maxLength: 20 }), (powers) => {
        const tree = powers.map((_, index): Route => {
          const [one, other] = [`n${index + 1}`, `n${Math.floor(index / 2)}`]
          const ends = index % 3 === 0 ? { from: one, to: other } : { from: other, to: one }
          return { ...ends, carrier: 'electricity', line: [] }
        })
        const flows = routeFlows(
          tree,
          (id) => powers[Number(id.slice(1)) - 1] ?? 0,
          (id) => id === 'n0',
        )
        powers.forEach((powerKw, index) => {
          const id = `n${index + 1}`
          const outKw = tree.reduce(
            (sum, route, at) => sum + (route.from === id ? flows[at]! : route.to === id ? -flows[at]! : 0),
            0,
          )
          expect(outKw).toBeCloseTo(powerKw, 6)
        })
      }),
      { numRuns: 60 },
    )
  })
})

describe('rows of modules', () => {
  const outline = outlineOf({ at: [10, 20], widthM: 60, depthM: 40, headingDeg: 0 })

  it('stay within their roof and keep apart, whatever way they look', () => {
    fc.assert(
      fc.property(fc.integer({ min: 90, max: 270 }), fc.integer({ min: 0, max: 40 }), (azimuthDeg, tiltDeg) => {
        const tables = moduleRows({ outline, tiltDeg, azimuthDeg, areaM2: Number.POSITIVE_INFINITY, marginM: 2 })
        expect(tables.length).toBeGreaterThan(10)
        for (const { at, lengthM } of tables) {
          for (const side of [-1, 1]) {
            const [east, north] = turned([(side * lengthM) / 2, 0], azimuthDeg)
            expect(isInside([at[0] + east, at[1] + north], outline)).toBe(true)
          }
        }
      }),
      { numRuns: 40 },
    )
    expect(rowPitchM(30)).toBeGreaterThan(rowPitchM(10))
  })

  it('are as many as there are modules', () => {
    const tables = moduleRows({ outline, tiltDeg: 10, azimuthDeg: 180, areaM2: 400, marginM: 2 })
    const area = tables.reduce((sum, { lengthM, slopeM }) => sum + lengthM * slopeM, 0)
    expect(area).toBeGreaterThan(340)
    expect(area).toBeLessThan(430)
  })
})

describe('geometry', () => {
  it('turns clockwise, as a compass does', () => {
    expect(turned([0, 1], 90).map((part) => Math.round(part))).toEqual([1, 0])
    expect(headingTo([0, 0], [-1, 0])).toBe(270)
  })

  it('keeps areas, and outlines against the clock', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 500 }),
        fc.integer({ min: 1, max: 500 }),
        fc.integer({ min: -360, max: 360 }),
        (widthM, depthM, headingDeg) => {
          const outline = outlineOf({ at: [7, -9], widthM, depthM, headingDeg })
          expect(signedAreaM2(outline)).toBeCloseTo(widthM * depthM, 3)
          expect(areaM2(outline.toReversed())).toBeCloseTo(widthM * depthM, 3)
          expect(boundsOf(outline, headingDeg)).toMatchObject({
            widthM: expect.closeTo(widthM, 3),
            depthM: expect.closeTo(depthM, 3),
          })
        },
      ),
      { numRuns: 60 },
    )
  })

  it('gives a road its width, at corners too', () => {
    const { left, right } = edgesOf(
      [
        [0, 0],
        [100, 0],
        [100, 100],
      ],
      10,
    )
    expect(left.map((point) => point.map(Math.round))).toEqual([
      [0, 5],
      [95, 5],
      [95, 100],
    ])
    expect(right.map((point) => point.map(Math.round))).toEqual([
      [0, -5],
      [105, -5],
      [105, 100],
    ])
  })
})

describe('what things are coloured by', () => {
  it('is power with its sign, share of what could be, and carbon of what emits', () => {
    const [grid, roof, cell, works] = assets
    expect([grid, roof, cell, works].map((one) => powerOf(one!, from(values)))).toEqual([90, 60, -20, -130])
    expect([grid, roof, cell, works].map((one) => loadFactorOf(one!, from(values)))).toEqual([
      0.225,
      60 / 210,
      0.4,
      undefined,
    ])
    expect(carbonOf(grid!, from({ ...values, 'grid.carbonIntensity': 0.5 }))).toBe(45)
    const genset = asset('genset', 'genset', { fuel: { kgCo2ePerUnit: 2.5, perKwh: 0.2, perHourRunning: 4 } })
    expect(carbonOf(genset, from({ 'genset.powerKw': 100 }))).toBe(60)
    expect(carbonOf(genset, from({ 'genset.powerKw': 0 }))).toBe(0)
    expect(quantitiesOf({ assets })).toEqual(['kind', 'power', 'soc', 'load-factor', 'carbon'])
  })

  it('has a round scale, of which nothing is the middle', () => {
    expect(roundUp(1300)).toBe(2000)
    const scale = scaleOf('power', [90, -130, undefined])
    expect(scale).toEqual({ least: -200, most: 200, signed: true })
    expect([-200, -1, 0, 1, 200].map((value) => tokenOn(scale, value))).toEqual([
      'place-takes-3',
      'place-takes-1',
      'place-rests',
      'place-gives-1',
      'place-gives-3',
    ])
    const share = scaleOf('soc', [0.5])
    expect([0, 0.5, 1].map((value) => tokenOn(share, value))).toEqual([
      'place-scale-0',
      'place-scale-3',
      'place-scale-6',
    ])
  })
})

describe('a moment of the place', () => {
  it('lights windows by load, fills the battery by its charge, and tints only what has a value', () => {
    const asked = { site, place: drawnPlace(site), lookUp: from(values), timestampMs: Date.UTC(2026, 5, 21, 4) }
    const { state, scale } = placeMoment({ ...asked, quantity: 'soc' })
    expect(state.lit.get('hall')).toBeCloseTo((130 / 200) * 0.85)
    expect(state.soc).toEqual(new Map([['cell', 0.5]]))
    expect([...(state.tints ?? [])]).toEqual([['cell', 'place-scale-3']])
    expect(scale).toEqual({ least: 0, most: 1, signed: false })
    expect(placeMoment({ ...asked, quantity: 'kind' }).state.tints).toBeUndefined()
    expect(placeMoment({ ...asked, lookUp: from({}), quantity: 'kind' }).state.lit.get('hall')).toBe(0)
  })
})

describe('vehicles', () => {
  const ev = asset('ev', 'ev-charging', {
    sessions: [
      { id: 'a', arrival: '08:00', departure: '17:00' },
      { id: 'b', arrival: '21:00', departure: '05:00' },
    ],
  })
  const sections = {
    charging: { asset: 'ev', gateway: 'posts' },
    gateways: { posts: { stations: [{ evses: [{ asset: 'p1' }, { asset: 'p2' }] }, {}] } },
  }

  it('charge where an outlet says so', () => {
    const outlets = outletsOf({ sections }, 'ev')
    expect(outlets).toEqual(['p1', 'p2'])
    const lookUp = from({ 'p1.powerKw': 0, 'p2.powerKw': 7 })
    expect(vehiclesAt({ bays: 3, asset: ev, outlets, lookUp, localTime: '12:00' })).toEqual([
      'empty',
      'charges',
      'empty',
    ])
  })

  it('stand there by their sessions where no outlet is metered, over midnight too', () => {
    const at = (localTime: string, powerKw: number) =>
      vehiclesAt({ bays: 2, asset: ev, outlets: [], lookUp: from({ 'ev.powerKw': powerKw }), localTime })
    expect(at('02:00', 20)).toEqual(['charges', 'empty'])
    expect(at('12:00', 0)).toEqual(['there', 'empty'])
    expect(at('19:00', 0)).toEqual(['empty', 'empty'])
  })
})

describe('names in the picture', () => {
  it('never stand on each other nor beyond the edge, and the first in rank is written', () => {
    const picture = { widthPx: 400, heightPx: 300 }
    const label = fc.record({
      x: fc.integer({ min: -50, max: 450 }),
      y: fc.integer({ min: -50, max: 350 }),
      widthPx: fc.integer({ min: 20, max: 150 }),
      heightPx: fc.constant(20),
      rank: fc.integer({ min: 0, max: 1000 }),
    })
    fc.assert(
      fc.property(fc.array(label, { maxLength: 30 }), (found) => {
        const labels = found.map((one, index): Label => ({ ...one, id: String(index) }))
        const written = arrangeLabels(labels, picture)
        const boxes = labels.flatMap((one) => {
          const corner = written.get(one.id)
          return corner ? [{ ...one, ...corner }] : []
        })
        boxes.forEach((a, index) => {
          expect(a.x >= 0 && a.y >= 0 && a.x + a.widthPx <= 400 && a.y + a.heightPx <= 300).toBe(true)
          for (const b of boxes.slice(index + 1)) {
            expect(a.x + a.widthPx <= b.x || b.x + b.widthPx <= a.x || a.y + 20 <= b.y || b.y + 20 <= a.y).toBe(true)
          }
        })
      }),
      { numRuns: 80 },
    )
    const covered = [{ x: 0, y: 0, widthPx: 400, heightPx: 300 }]
    const one = { id: 'a', x: 200, y: 150, widthPx: 60, heightPx: 20, rank: 1 }
    expect(arrangeLabels([one], { ...picture, covered }).size).toBe(0)
    const two = [0, 1].map((rank): Label => ({ id: `${rank}`, x: 30, y: 20, widthPx: 60, heightPx: 20, rank }))
    expect([...arrangeLabels(two, { widthPx: 60, heightPx: 20 }).keys()]).toEqual(['1'])
  })
})

describe('views', () => {
  const drawn = drawnPlace(site)

  it('show the whole place in any shape of picture', () => {
    for (const aspect of [0.5, 1, 2.4]) {
      const { distanceM, target } = fittedView(drawn.extent, { headingDeg: 334, steepDeg: 42 }, aspect)
      expect(distanceM).toBeGreaterThan(100)
      expect(distanceM).toBeLessThan(2500)
      expect(Math.hypot(...target)).toBeLessThan(300)
    }
    expect(viewOf('top', drawn, 1).headingDeg).toBe(0)
    expect(viewsOf(drawn)).toEqual(['whole', 'battery', 'top'])
  })

  it('never go under the ground nor over the zenith', () => {
    const view = viewOf('whole', drawn, 1)
    expect(turnedView(view, 0, 500).steepDeg).toBeLessThan(90)
    expect(turnedView(view, 0, -500).steepDeg).toBeGreaterThan(0)
  })
})

describe('the pace of drawing', () => {
  it('gets coarser and slower where drawing takes long, and finer again', () => {
    let pace = { ratio: 1, everyMs: 50 }
    for (let frame = 0; frame < 5; frame += 1) pace = nextPace(pace, 120, 1)
    expect(pace).toEqual({ ratio: 0.6, everyMs: 300 })
    for (let frame = 0; frame < 12; frame += 1) pace = nextPace(pace, 4, 1)
    expect(pace).toEqual({ ratio: 1, everyMs: 50 })
  })
})

describe('the view of a plan', () => {
  const box = { x: -100, y: -50, width: 200, height: 100, rim: 5 }
  const whole = wholePlan(box)

  it('keeps what stands under the pointer where it is', () => {
    const near = nearerPlan(box, whole, 0.5, [50, 25])
    expect(near).toEqual({ middle: [25, 12.5], times: 2 })
    expect(shownPart(box, near)).toMatchObject({ x: -25, y: -12.5, width: 100, height: 50 })
  })

  it('never shows anything beyond the plan', () => {
    const near = nearerPlan(box, whole, 0.5)
    expect(movedPlan(box, near, [1000, -1000]).middle).toEqual([50, -25])
    expect(nearerPlan(box, near, 10)).toEqual(whole)
  })
})
