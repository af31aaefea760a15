import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MangroveError } from '../../../kernel/index.ts'
import { createNodeHeap } from './binary-heap.ts'
import { greatCircleBoundKm, greatCircleKm } from './great-circle.ts'
import { type NetworkInput, readNetwork } from './network.ts'
import type { Place } from './place.ts'
import { shortestWay } from './shortest-way.ts'

const at = (latitude: number, longitude: number): Place => ({ latitude, longitude })
const end = (label: string, place: Place) => ({ label, place })

/** T. Vincenty (1975), Direct and inverse solutions of geodesics on the ellipsoid; the two share no line of code. */
function vincentyKm(from: Place, to: Place): number {
  const [a, f] = [6_378_137, 1 / 298.257223563]
  const b = a * (1 - f)
  const radians = Math.PI / 180
  const [u1, u2] = [from, to].map(({ latitude }) => Math.atan((1 - f) * Math.tan(latitude * radians))) as [
    number,
    number,
  ]
  const L = (to.longitude - from.longitude) * radians
  let lambda = L
  for (let turn = 0; ; turn += 1) {
    const [sin, cos] = [Math.sin(lambda), Math.cos(lambda)]
    const sinSigma = Math.hypot(Math.cos(u2) * sin, Math.cos(u1) * Math.sin(u2) - Math.sin(u1) * Math.cos(u2) * cos)
    if (sinSigma === 0) return 0
    const cosSigma = Math.sin(u1) * Math.sin(u2) + Math.cos(u1) * Math.cos(u2) * cos
    const sigma = Math.atan2(sinSigma, cosSigma)
    const sinAlpha = (Math.cos(u1) * Math.cos(u2) * sin) / sinSigma
    const cos2Alpha = 1 - sinAlpha ** 2
    const cos2m = cos2Alpha === 0 ? 0 : cosSigma - (2 * Math.sin(u1) * Math.sin(u2)) / cos2Alpha
    const C = (f / 16) * cos2Alpha * (4 + f * (4 - 3 * cos2Alpha))
    const next = L + (1 - C) * f * sinAlpha * (sigma + C * sinSigma * (cos2m + C * cosSigma * (-1 + 2 * cos2m ** 2)))
    if (Math.abs(next - lambda) < 1e-12 || turn > 100) {
      const k = (cos2Alpha * (a ** 2 - b ** 2)) / b ** 2
      const A = 1 + (k / 16_384) * (4096 + k * (-768 + k * (320 - 175 * k)))
      const B = (k / 1024) * (256 + k * (-128 + k * (74 - 47 * k)))
      const delta =
        B *
        sinSigma *
        (cos2m +
          (B / 4) *
            (cosSigma * (-1 + 2 * cos2m ** 2) - (B / 6) * cos2m * (-3 + 4 * sinSigma ** 2) * (-3 + 4 * cos2m ** 2)))
      return (b * A * (sigma - delta)) / 1000
    }
    lambda = next
  }
}

describe('the great circle', () => {
  // C. F. F. Karney, test set of GeographicLib (GeodTest, 2010); the last is JFK to LHR of the manual of GeodSolve.
  it.each([
    [at(35.60777, -139.44815), at(-11.17491, -69.95921), 8935.24456048183],
    [at(55.52454, 106.05087), at(77.03196, 197.18234 - 360), 4105.08617139244],
    [at(-17.42761, 173.34268), at(-15.84784, 5.93557), 16076.6031631181],
    [at(-68.82867, -74.28391), at(-50.63005, -8.36685), 3956.936926063544],
    [at(40.6, -73.8), at(51.6, -0.5), 5551.7594],
  ])('%o to %o', (from, to, km) => {
    expect(Math.abs(greatCircleKm(from, to) - km)).toBeLessThan(km === 5551.7594 ? 5e-5 : 1e-9)
  })

  it('agrees with Vincenty to a millimetre, away from the antipodes', () => {
    const place = fc.tuple(fc.double({ min: -85, max: 85, noNaN: true }), fc.double({ min: -60, max: 60, noNaN: true }))
    fc.assert(
      fc.property(place, place, ([a, b], [c, d]) => {
        const km = greatCircleKm(at(a, b), at(c, d))
        expect(Math.abs(km - vincentyKm(at(a, b), at(c, d)))).toBeLessThan(1e-6)
        expect(greatCircleBoundKm(at(a, b), at(c, d))).toBeGreaterThanOrEqual(km)
        expect(greatCircleBoundKm(at(a, b), at(c, d))).toBeLessThanOrEqual(1.02 * km + 1e-9)
      }),
      { numRuns: 60 },
    )
  })
})

/** Shanghai to Rotterdam by land and by sea, roughly. */
const world: NetworkInput = {
  nodes: {
    Yangshan: { ...at(30.626, 122.065), locode: 'CNYSA' },
    Singapore: at(1.264, 103.84),
    Suez: at(29.93, 32.55),
    Rotterdam: { ...at(51.95, 4.05), locode: 'NLRTM' },
    Cape: at(-34.9, 18.4),
  },
  edges: [
    { from: 'Yangshan', to: 'Singapore', mode: 'sea', km: 4150 },
    { from: 'Singapore', to: 'Suez', mode: 'sea', km: 9250 },
    { from: 'Suez', to: 'Rotterdam', mode: 'sea', km: 6000 },
    { from: 'Singapore', to: 'Cape', mode: 'sea', km: 10400 },
    { from: 'Cape', to: 'Rotterdam', mode: 'sea', km: 11500 },
    { from: 'Yangshan', to: 'Rotterdam', mode: 'rail', km: 11000 },
  ],
}
const problemOf = (work: () => unknown) => {
  try {
    work()
  } catch (error) {
    if (error instanceof MangroveError) return error.problems[0]!
  }
  throw new Error('It was not refused')
}

describe('the shortest feasible way', () => {
  const network = readNetwork(world)
  const [from, to] = [end('Yangshan', network.places[0]!), end('NLRTM', { ...at(51.95, 4.05), locode: 'NLRTM' })]

  it('goes by the edges of its mode alone, and says which', () => {
    expect(shortestWay(network, from, to, 'sea')).toEqual({
      ...{ km: 19_400, accessKm: 0 },
      nodes: ['Yangshan', 'Singapore', 'Suez', 'Rotterdam'],
    })
    expect(shortestWay(network, from, to, 'rail').km).toBe(11_000)
    expect(problemOf(() => shortestWay(network, from, to, 'air'))).toMatchObject({ code: 'carbon.no-way' })
  })

  it('finds another where one is closed, and none against a one-way edge', () => {
    const edges = world.edges.filter(({ to: node }) => node !== 'Suez')
    expect(shortestWay(readNetwork({ ...world, edges }), from, to, 'sea').nodes).toContain('Cape')
    const oneWay = readNetwork({ ...world, edges: [{ from: 'Yangshan', to: 'Singapore', mode: 'sea', oneWay: true }] })
    const [a, b] = [end('Singapore', oneWay.places[1]!), end('Yangshan', oneWay.places[0]!)]
    expect(problemOf(() => shortestWay(oneWay, a, b, 'sea')).detail).toMatch(/no way by sea from Singapore/)
  })

  it('begins at the nearest node within reach, straight', () => {
    const near = end('Works', at(30.7, 122.0))
    expect(problemOf(() => shortestWay(network, near, to, 'sea')).found).toMatch(/^Yangshan is the nearest, 10\.\d+ km/)
    const { km, accessKm } = shortestWay(readNetwork({ ...world, accessKm: 15 }), near, to, 'sea')
    expect(km).toBeCloseTo(19_400 + accessKm, 9)
    expect(accessKm).toBeGreaterThan(10)
  })

  it('refuses an edge that is shorter than the straight line, and one to nowhere', () => {
    const edge = { from: 'Yangshan', to: 'Singapore', mode: 'sea', km: 3700 } as const
    expect(problemOf(() => readNetwork({ ...world, edges: [edge] }))).toMatchObject({ code: 'carbon.bad-network' })
    expect(problemOf(() => readNetwork({ ...world, edges: [{ ...edge, to: 'Nowhere' }] })).found).toBe('Nowhere')
  })

  it('is never shorter than the great circle, and the shortest of all', () => {
    const place = fc.tuple(
      fc.double({ min: -80, max: 80, noNaN: true }),
      fc.double({ min: -180, max: 180, noNaN: true }),
    )
    const shape = fc.record({
      places: fc.array(place, { minLength: 2, maxLength: 7 }),
      joins: fc.array(fc.tuple(fc.nat(6), fc.nat(6), fc.double({ min: 1, max: 2, noNaN: true })), { maxLength: 14 }),
    })
    fc.assert(
      fc.property(shape, ({ places, joins }) => {
        const nodes = Object.fromEntries(places.map(([lat, lon], index) => [`n${index}`, at(lat, lon)]))
        const ends = joins.map(([a, b, detour]) => [a % places.length, b % places.length, detour] as const)
        const edges = ends.map(([a, b, detour]) => ({
          ...{ from: `n${a}`, to: `n${b}`, mode: 'road' as const },
          km: Math.min(50_000, detour * greatCircleKm(nodes[`n${a}`]!, nodes[`n${b}`]!)),
        }))
        const all = readNetwork({ nodes, edges })
        // R. W. Floyd (1962): all pairs, without a heap.
        const km = places.map((_, i) => places.map((__, j) => (i === j ? 0 : Number.POSITIVE_INFINITY)))
        for (const [k, [a, b]] of ends.entries()) {
          km[a]![b] = Math.min(km[a]![b]!, edges[k]!.km)
          km[b]![a] = Math.min(km[b]![a]!, edges[k]!.km)
        }
        for (const [k] of places.entries()) {
          for (const [i] of places.entries()) {
            for (const [j] of places.entries()) km[i]![j] = Math.min(km[i]![j]!, km[i]![k]! + km[k]![j]!)
          }
        }
        const last = places.length - 1
        if (!Number.isFinite(km[0]![last]!)) return
        const way = shortestWay(all, end('n0', nodes.n0!), end(`n${last}`, nodes[`n${last}`]!), 'road')
        expect(way.km).toBeCloseTo(km[0]![last]!, 6)
        expect(way.km).toBeGreaterThanOrEqual(greatCircleKm(nodes.n0!, nodes[`n${last}`]!) - 1e-6)
      }),
      { numRuns: 60 },
    )
  })
})

describe('the heap', () => {
  it('gives nodes in the order of their last distance', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(9), fc.nat(100)), { maxLength: 40 }), (puts) => {
        const heap = createNodeHeap(10)
        const best = new Map<number, number>()
        for (const [node, distance] of puts) {
          if (distance >= (best.get(node) ?? Number.POSITIVE_INFINITY)) continue
          best.set(node, distance)
          heap.put(node, distance)
        }
        expect(heap.size).toBe(best.size)
        const taken = Array.from({ length: best.size }, () => best.get(heap.take()))
        expect(taken).toEqual([...best.values()].toSorted((a, b) => a - b))
        expect(heap.take()).toBe(-1)
      }),
      { numRuns: 60 },
    )
  })
})
