import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { PointColumn } from '../expression/index.ts'
import { problemsOf, testPack } from '../kernel.fixture.ts'
import { quality } from '../series/quality.ts'
import { readSite } from '../site/read-site.ts'
import { computeBalance } from './compute-balance.ts'
import { computedPoints, computePoints, measuredInputs } from './compute-points.ts'
import { balancesOf, declaredPoints } from './declarations.ts'

const head = `id: park
name: Park
location: { latitude: 31.4, longitude: 119.5 }
zone: Asia/Shanghai
currency: CNY
assets:
  works: { kind: load, demand: 60 }
  line-2: { kind: load, demand: 5 }
`
const read = (rest: string, changes?: unknown) =>
  readSite(head + rest, { file: 'park.yaml', packs: [testPack], ...(changes === undefined ? {} : { changes }) })
const problemsIn = (rest: string) => problemsOf(() => read(rest))
const column = (...values: readonly number[]): PointColumn => ({
  values: Float64Array.from(values),
  quality: new Uint8Array(values.length),
})

const points = `points:
  works.meterKwh: { title: Works meter, unit: kWh, counter: { rollover: 1 GWh, maxPerHour: 3 MW }, accuracyClass: 0.5 % }
  works.powerKw: { accuracyClass: 1, retentionDays: 400 }
  park.share: { unit: "%", expression: works.powerKw / park.totalKw }
  park.totalKw: { title: All use, unit: kW, expression: works.powerKw + line-2.powerKw }
  park.cost: { unit: CUR/h, expression: park.totalKw * 0.66 CUR/kWh }
`

describe('points of a site file', () => {
  it('are measured ones, counters, more about those of a kind, and computed ones', () => {
    expect(declaredPoints(read(points))).toEqual([
      {
        ref: 'works.meterKwh',
        owner: 'works',
        id: 'meterKwh',
        title: 'Works meter',
        unit: 'kWh',
        role: 'measured',
        ofKind: false,
        counter: { rollover: 1e6, maxPerHour: 3000 },
        accuracyClass: 0.5,
      },
      {
        ref: 'works.powerKw',
        owner: 'works',
        id: 'powerKw',
        title: 'Power',
        unit: 'kW',
        role: 'measured',
        ofKind: true,
        retentionDays: 400,
        accuracyClass: 1,
      },
      expect.objectContaining({
        ref: 'park.share',
        owner: 'park',
        title: 'park.share',
        role: 'computed',
        inputs: { 'works.powerKw': 'kW', 'park.totalKw': 'kW' },
      }),
      expect.objectContaining({ ref: 'park.totalKw', unit: 'kW', title: 'All use' }),
      expect.objectContaining({ ref: 'park.cost', unit: 'CNY/h' }),
    ])
  })

  it('leave a site without them as it was', () => {
    const site = read('')
    expect(Object.keys(site.sections)).toEqual(['hours'])
    expect([declaredPoints(site), balancesOf(site)]).toEqual([[], []])
    expect(Object.keys(read('points: {}\nbalances: {}\n').sections)).toEqual(['hours', 'points', 'balances'])
  })

  it('are computed in the order of their needs, only those that are wanted, and stay the same after JSON', () => {
    const site = JSON.parse(JSON.stringify(read(points)))
    const computed = computedPoints(site)
    expect(computed.order.map(({ ref }) => ref)).toEqual(['park.totalKw', 'park.share', 'park.cost'])
    expect(measuredInputs(computed, ['park.share', 'works.meterKwh'])).toEqual([
      'works.meterKwh',
      'works.powerKw',
      'line-2.powerKw',
    ])
    const columns = new Map([
      ['works.powerKw', column(60, 30)],
      ['line-2.powerKw', column(20, Number.NaN)],
    ])
    const wanted = computePoints(computed, columns, 2, ['park.share', 'works.powerKw'])
    expect([...wanted.keys()]).toEqual(['park.share'])
    expect([...wanted.get('park.share')!.values]).toEqual([75, Number.NaN])
    expect([...wanted.get('park.share')!.quality]).toEqual([quality.good, quality.missing])
    expect([...computePoints(computed, columns, 2).keys()].sort()).toEqual(['park.cost', 'park.share', 'park.totalKw'])
    expect(computePoints(computed, columns, 2).get('park.cost')!.values[0]).toBeCloseTo(52.8, 10)
  })

  it('can be changed by a patch, whose problems stand in the changes', () => {
    const changes = { points: { 'park.cost': null, 'park.totalKw': { expression: 'works.powerKw * 2' } } }
    expect(declaredPoints(read(points, changes)).map(({ expression }) => expression)).toContain('works.powerKw * 2')
    const [problem] = problemsOf(() => read(points, { points: { 'park.totalKw': { expression: '1 +' } } }))
    expect(problem?.place).toEqual({ file: 'changes', path: 'points.park.totalKw.expression' })
  })

  it('go with an asset that a what-if takes away, and so does what is computed from it', () => {
    const rest = `${points}  park.twice: { unit: kW, expression: park.free * 2 }
  park.free: { unit: kW, expression: works.powerKw + 1 kW }
balances:
  whole: { in: [park.totalKw], out: [works.powerKw, line-2.powerKw] }
  part: { in: [works.powerKw, line-2.powerKw], out: [park.free] }
`
    const site = read(rest, { assets: { 'line-2': null } })
    expect(declaredPoints(site).map(({ ref }) => ref)).toEqual([
      'works.meterKwh',
      'works.powerKw',
      'park.twice',
      'park.free',
    ])
    expect(balancesOf(site).map(({ id, in: flows }) => [id, flows.map(({ ref }) => ref)])).toEqual([
      ['part', ['works.powerKw']],
    ])
    // A file that never had the asset is wrong.
    expect(problemsIn(rest.replaceAll('line-2', 'line-3')).map(({ code }) => code)).toContain('kernel.unknown-point')
  })

  it('are told with every problem at once, each with line, path, what was found and what was expected', () => {
    const problems = problemsIn(`points:
  noDot: { unit: kW }
  works.a: { title: A }
  works.b: { unit: kX }
  works.c: { unit: kWh, countr: {} }
  works.d: { unit: kWh, counter: { rollover: -1 } }
  works.e: { unit: kWh, counter: { rollover: 5 kW } }
  works.powerKw: { unit: MW }
  line-2.powerKw: { expression: works.powerKw }
  park.f: { unit: kW, expression: works.powerKv + 1 kW }
  park.g: { unit: kWh, expression: works.powerKw }
  park.h: { unit: kW, expression: "works.powerKw +" }
  park.i: { unit: kW, expression: park.j, counter: {} }
  park.j: { unit: kW, expression: park.i + park.i }
  park.k: { unit: kW, expression: works.b + 1 kW }
  park.l: { unit: kW, expression: park.k * 2 }
  park.m: { unit: kW, retentionDays: 0.5, accuracyClass: 50 }
  park.n: 5
`)
    expect(problems.map(({ code, place }) => [place?.line, place?.path, code])).toEqual([
      [10, 'points.noDot', 'kernel.bad-value'],
      [11, 'points.works.a.unit', 'kernel.missing-field'],
      [12, 'points.works.b.unit', 'kernel.bad-unit'],
      [13, 'points.works.c.countr', 'kernel.unknown-field'],
      [14, 'points.works.d.counter.rollover', 'kernel.out-of-range'],
      [15, 'points.works.e.counter.rollover', 'kernel.unit-mismatch'],
      [16, 'points.works.powerKw.unit', 'kernel.bad-value'],
      [17, 'points.line-2.powerKw', 'kernel.bad-value'],
      [18, 'points.park.f.expression', 'kernel.unknown-point'],
      [19, 'points.park.g.expression', 'kernel.unit-mismatch'],
      [20, 'points.park.h.expression', 'kernel.bad-expression'],
      [21, 'points.park.i', 'kernel.bad-value'],
      [21, 'points.park.i.expression', 'kernel.point-cycle'],
      [25, 'points.park.m.retentionDays', 'kernel.out-of-range'],
      [25, 'points.park.m.accuracyClass', 'kernel.out-of-range'],
      [26, 'points.park.n', 'kernel.bad-value'],
    ])
    for (const problem of problems) expect(problem.expected, problem.detail).toMatch(/\S/)
    expect(problems[8]?.detail).toContain('did you mean "works.powerKw"')
    expect(problems[12]?.found).toBe('park.i → park.j → park.i')
  })

  it('of an asset that cannot be read are not told to be unknown', () => {
    const codes = problemsOf(() =>
      readSite(`${head}  odd: { kind: lod }\npoints:\n  park.x: { unit: kW, expression: odd.powerKw * 2 }\n`, {
        file: 'park.yaml',
        packs: [testPack],
      }),
    ).map(({ code }) => code)
    expect(codes).toEqual(['kernel.unknown-kind'])
  })

  it.each([['points: 5\n'], ['points: [1]\n'], ['balances: text\n'], ['points:\n  __proto__: { unit: kW }\n']])(
    'refuse %j',
    (text) => expect(problemsIn(text)).toMatchObject([{ code: 'kernel.bad-value' }]),
  )
})

describe('sections that are anything', () => {
  it('are a site or a refusal with problems, never a crash', () => {
    const text = fc.oneof(
      fc.constantFrom(
        'works.powerKw',
        'park.x',
        'park.y',
        'kW',
        'kWh',
        'CUR/h',
        '1',
        'degC',
        '__proto__',
        '',
        'park.y * 2',
      ),
      fc.string(),
    )
    const value = fc.oneof(text, fc.integer(), fc.constant(null), fc.array(text, { maxLength: 3 }), fc.jsonValue())
    const fields = (...names: readonly string[]) =>
      fc.dictionary(fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...names) }, fc.string()), value, { maxKeys: 4 })
    const section = (names: readonly string[], inner: fc.Arbitrary<unknown>) =>
      fc.oneof(
        { weight: 9, arbitrary: fc.dictionary(fc.constantFrom(...names), fc.oneof(inner, value), { maxKeys: 4 }) },
        { weight: 1, arbitrary: fc.jsonValue() },
      )
    const points = section(
      ['works.powerKw', 'works.x', 'park.x', 'park.y', 'nodot', '__proto__'],
      fields('unit', 'expression', 'counter', 'title', 'accuracyClass', 'retentionDays'),
    )
    const balances = section(['a', 'B', 'c'], fields('in', 'out', 'unit', 'toleranceShare'))
    let sites = 0
    fc.assert(
      fc.property(points, balances, (givenPoints, givenBalances) => {
        const file = JSON.stringify({
          id: 'park',
          name: 'Park',
          location: { latitude: 31, longitude: 119 },
          zone: 'Asia/Shanghai',
          currency: 'CNY',
          assets: { works: { kind: 'load', demand: 60 } },
          points: givenPoints,
          balances: givenBalances,
        })
        const problems = problemsOf(() => {
          const site = readSite(file, { file: 'park.json', packs: [testPack] })
          computePoints(computedPoints(site), new Map(), 2)
          for (const balance of balancesOf(site)) computeBalance(balance, new Map(), 2)
          sites += 1
        })
        for (const { status, place } of problems) expect([status, place?.file]).toEqual([422, 'park.json'])
      }),
      { numRuns: 500 },
    )
    expect(sites).toBeGreaterThan(5)
  })
})

describe('balances of a site file', () => {
  it('know the units and the accuracy of their points', () => {
    const [balance] = balancesOf(
      read(
        `${points}balances:\n  power: { in: [park.totalKw], out: [works.powerKw, line-2.powerKw], toleranceShare: 2 % }\n`,
      ),
    )
    expect(balance).toEqual({
      id: 'power',
      title: 'power',
      unit: 'kW',
      in: [{ ref: 'park.totalKw', unit: 'kW' }],
      out: [
        { ref: 'works.powerKw', unit: 'kW', accuracyClass: 1 },
        { ref: 'line-2.powerKw', unit: 'kW' },
      ],
      toleranceShare: 0.02,
    })
  })

  it('are told with every problem at once', () => {
    const problems = problemsIn(`${points}  park.airC: { unit: degC }
balances:
  Bad id: { in: [works.powerKw], out: [line-2.powerKw] }
  b: { in: [works.powerKw], out: [] }
  c: { in: [works.powerKw], out: [line-2.power] }
  d: { in: [works.powerKw], out: [works.meterKwh] }
  e: { in: [works.powerKw], out: [works.powerKw] }
  f: { in: [works.powerKw], out: [line-2.powerKw], unit: kWh }
  g: { in: [park.airC], out: [park.airC] }
  h: { in: [works.powerKw] }
  i: { in: [works.powerKw], out: [line-2.powerKw], toleranceShare: 120 % }
  j: { in: [works.powerKw], out: [line-2.powerKw], unit: kX }
`)
    expect(problems.map(({ code, place }) => [place?.line, place?.path, code])).toEqual([
      [17, 'balances.Bad id', 'kernel.bad-value'],
      [18, 'balances.b.out', 'kernel.bad-value'],
      [19, 'balances.c.out.0', 'kernel.unknown-point'],
      [20, 'balances.d.out.0', 'kernel.unit-mismatch'],
      [21, 'balances.e.out.0', 'kernel.bad-value'],
      [22, 'balances.f.in.0', 'kernel.unit-mismatch'],
      [22, 'balances.f.out.0', 'kernel.unit-mismatch'],
      [23, 'balances.g.out.0', 'kernel.bad-value'],
      [23, 'balances.g', 'kernel.bad-value'],
      [24, 'balances.h.out', 'kernel.missing-field'],
      [25, 'balances.i.toleranceShare', 'kernel.out-of-range'],
      [26, 'balances.j.unit', 'kernel.bad-unit'],
    ])
    for (const problem of problems) expect(problem.expected, problem.detail).toMatch(/\S/)
  })
})
