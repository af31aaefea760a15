import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MangroveError } from '../errors.ts'
import { problemsOf, testPack } from '../kernel.fixture.ts'
import { applyMergePatch } from './merge-patch.ts'
import { readSite } from './read-site.ts'

const options = { file: 'park.site.yaml', packs: [testPack] }
const head = `id: park
name: Park
location: { latitude: 31.4, longitude: 119.5 }
zone: Asia/Shanghai
currency: CNY
`
const read = (rest: string, changes?: unknown) =>
  readSite(head + rest, { ...options, ...(changes === undefined ? {} : { changes }) })
const problemsIn = (rest: string) => problemsOf(() => read(rest))

describe('reading a site file', () => {
  it('fills in defaults, nested ones too, and turns quantities into the unit of their field', () => {
    const site = read('assets:\n  t: { kind: tank, volumeM3: "500 L", fill: "80 %" }\n')
    expect(site.assets).toEqual([
      { id: 't', kind: 'tank', title: 't', volumeM3: 0.5, fill: 0.8, mode: 'open', wear: { life: 10 } },
    ])
    expect(site.location.altitudeM).toBe(0)
    expect(site.sections).toEqual({ hours: { from: '08:00' } })
  })

  it('reads JSON to the same site', () => {
    const json = JSON.stringify({
      id: 'park',
      name: 'Park',
      location: { latitude: 31.4, longitude: 119.5 },
      zone: 'Asia/Shanghai',
      currency: 'CNY',
      assets: { t: { kind: 'tank', volumeM3: 2 } },
    })
    const { source: _, ...fromJson } = readSite(json, options)
    const { source: __, ...fromYaml } = read('assets: { t: { kind: tank, volumeM3: 2 } }\n')
    expect(fromJson).toEqual(fromYaml)
  })

  it('tells every problem at once, in the order of the file, each with line, path, value and expectation', () => {
    const problems = problemsIn(`assets:
  a: { kind: tank, volumeM3: -3 }
  b: { kind: tank, volumeM3: 5 kWh }
  c: { kind: tnak, volumeM3: 1 }
  d: { kind: tank, volumeM3: 1, fil: 0.2 }
  e: { kind: tank, fill: 1.2 }
  f: { kind: load, demand: { file: x.csv, column: P, unit: kWh, time: { column: t } } }
  g: { kind: tank, volumeM3: 1, mode: ajar, curve: [[1, 2]] }
hours: { from: 830 }
wishs: {}
`)
    expect(problems.map(({ code, place }) => [place?.line, place?.path, code])).toEqual([
      [7, 'assets.a.volumeM3', 'kernel.out-of-range'],
      [8, 'assets.b.volumeM3', 'kernel.unit-mismatch'],
      [9, 'assets.c.kind', 'kernel.unknown-kind'],
      [10, 'assets.d.fil', 'kernel.unknown-field'],
      [11, 'assets.e.volumeM3', 'kernel.missing-field'],
      [11, 'assets.e.fill', 'kernel.out-of-range'],
      [12, 'assets.f.demand.unit', 'kernel.bad-series'],
      [13, 'assets.g.mode', 'kernel.bad-value'],
      [13, 'assets.g.curve', 'kernel.bad-value'],
      [14, 'hours.from', 'kernel.bad-value'],
      [15, 'wishs', 'kernel.unknown-field'],
    ])
    for (const problem of problems) {
      expect(problem.place?.file).toBe('park.site.yaml')
      expect(problem.expected, problem.detail).toMatch(/\S/)
    }
    expect(problems[1]?.found).toBe('5 kWh')
    expect(problems[2]?.detail).toContain('did you mean "tank"')
    expect(problems[3]?.detail).toContain('did you mean "fill"')
    expect(problems[6]?.detail).toContain('per: step')
  })

  it.each([
    ['zone: Asia/Liyang', 'zone'],
    ['currency: RMB1', 'currency'],
    ['location: { latitude: 131, longitude: 0 }', 'location.latitude'],
    ['id: "Not an id"', 'id'],
  ])('refuses %s', (line, path) => {
    const [name] = line.split(':')
    const text = head.replace(new RegExp(`^${name}:.*$`, 'm'), line)
    const problems = problemsOf(() => readSite(`${text}assets: {}\n`, options))
    expect(problems.map(({ place }) => place?.path)).toEqual([path])
  })

  it.each([
    ['a tab for indentation', 'assets:\n\tx: 1\n'],
    ['a key that stands twice', 'assets: {}\nassets: {}\n'],
    ['an open bracket', 'assets: {\n'],
  ])('tells the line of %s', (_, rest) => {
    const [problem] = problemsIn(rest)
    expect(problem?.code).toBe('kernel.bad-document')
    expect(problem?.place?.line).toBeGreaterThanOrEqual(6)
  })

  it('asks the kind what its schema cannot say', () => {
    const [problem] = problemsIn('assets:\n  t: { kind: tank, volumeM3: 1, fill: 1, mode: closed }\n')
    expect(problem).toMatchObject({
      code: 'kernel.bad-value',
      place: { line: 7, path: 'assets.t.mode' },
      expected: 'open',
    })
  })

  it('applies changes, and says that a wrong value came from them', () => {
    const rest = 'assets:\n  t: { kind: tank, volumeM3: 1 }\n'
    expect(read(rest, { assets: { t: { volumeM3: 3 } } }).assets[0]?.volumeM3).toBe(3)
    expect(read(rest).source.sha256).not.toBe(read(rest, { assets: {} }).source.sha256)
    const [problem] = problemsOf(() => read(rest, { assets: { t: { volumeM3: -3 } } }))
    expect(problem?.place).toEqual({ file: 'changes', path: 'assets.t.volumeM3' })
  })

  it.each([
    ['.nan', 'NaN'],
    ['-.inf', '-Infinity'],
    ['1e13', 1e13],
  ])('refuses %s and says so', (written, found) => {
    expect(problemsIn(`assets:\n  t: { kind: tank, volumeM3: ${written} }\n`)).toMatchObject([{ found }])
    expect(problemsIn(`assets:\n  l: { kind: load, demand: ${written} }\n`)).toMatchObject([{ found }])
  })

  it.each([
    ['start: soon, step: 1h', 'start'],
    ['start: 2026-07-06T00:00, step: 0h', 'step'],
  ])('tells the line of inline values with %s', (fields, field) => {
    const problems = problemsIn(`assets:\n  l: { kind: load, demand: { values: [1], ${fields} } }\n`)
    expect(problems.map(({ place }) => [place?.line, place?.path])).toEqual([[7, `assets.l.demand.${field}`]])
  })

  it.each(['YYYY', 'YYYY-MM-DD YYYY', 'soon'])('refuses the stamp pattern %s before any file is read', (format) => {
    const source = `{ file: x.csv, column: P, unit: kW, time: { column: t, format: "${format}" } }`
    expect(problemsIn(`assets:\n  l: { kind: load, demand: ${source} }\n`)).toMatchObject([
      { place: { line: 7, path: 'assets.l.demand.time.format' } },
    ])
  })

  it('puts the unit beside the bound', () => {
    const [problem] = problemsIn('assets:\n  t: { kind: tank, volumeM3: -1 }\n')
    expect(problem?.expected).toBe('more than 0 m3')
  })

  it.each([[null], [[]], ['x'], [5]])('refuses %j as changes', (changes) => {
    const [problem] = problemsOf(() => readSite(`${head}assets: {}\n`, { ...options, changes }))
    expect(problem).toMatchObject({ code: 'kernel.bad-document', place: { file: 'changes' } })
  })

  it('merges what `<<` names, for assets alike', () => {
    const site = read('assets:\n  a: &a { kind: tank, volumeM3: 1 }\n  b: { <<: *a, volumeM3: 2 }\n')
    expect(site.assets.map(({ id, volumeM3 }) => [id, volumeM3])).toEqual([
      ['a', 1],
      ['b', 2],
    ])
  })

  it('tells an alias without anchor from one that grows', () => {
    expect(problemsIn('assets: *nothing\n')[0]?.detail).toContain('nothing')
  })

  it('refuses aliases that would fill the memory', () => {
    const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefgh'
      .split('')
      .map((name, index) => `${name}: &${name} [${Array(9).fill(`*${'abcdefg'[index]}`).join(',')}]`)
      .join('\n')}\n`
    expect(problemsIn(bomb).map(({ code }) => code)).toEqual(['kernel.bad-document'])
  })

  it('law: any text is a site or a refusal with problems, never a crash', () => {
    const lines = fc.constantFrom(
      'assets:',
      '  t: { kind: tank, volumeM3: 1 }',
      '  t:',
      '    kind: load',
      '    demand: [1, 2]',
      '    demand: { values: [1], start: 2026, step: 1h }',
      'hours: {from: "25:00"}',
      '- 1',
      'null',
      '? [a]',
      '!!binary x',
      '&a b: *a',
      '"assets": null',
      'zone: 3',
      '__proto__: { x: 1 }',
    )
    fc.assert(
      fc.property(fc.boolean(), fc.array(fc.oneof(lines, fc.string()), { maxLength: 8 }), (withHead, parts) => {
        try {
          readSite((withHead ? head : '') + parts.join('\n'), options)
        } catch (error) {
          expect(error).toBeInstanceOf(MangroveError)
          expect((error as MangroveError).problems.length).toBeGreaterThan(0)
        }
      }),
      { numRuns: 500 },
    )
  })
})

describe('JSON Merge Patch (RFC 7396, appendix A)', () => {
  it.each([
    [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
    [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
    [{ a: 'b' }, { a: null }, {}],
    [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
    [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
    [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
    [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
    [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
    [
      ['a', 'b'],
      ['c', 'd'],
      ['c', 'd'],
    ],
    [{ a: 'b' }, ['c'], ['c']],
    [{ a: 'foo' }, null, null],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [[1, 2], { a: 'b', c: null }, { a: 'b' }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ])('%j with %j is %j', (target, patch, expected) => {
    expect(applyMergePatch(target, patch)).toEqual(expected)
  })
})
