import fc from 'fast-check'
import Type from 'typebox'
import { describe, expect, it } from 'vitest'
import type { Vocabulary } from '../engine/pack.ts'
import { MangroveError } from '../errors.ts'
import { readSite } from '../site/read-site.ts'
import { crossesItself, signedAreaM2 } from './outline.ts'
import type { PlacePoint, PlaceSection } from './schema.ts'

const vocabulary: Vocabulary = {
  assets: ['grid', 'pv', 'load'].map((kind) => ({ kind, title: kind, schema: Type.Object({}), points: [] })),
  sections: [],
}
const head = `
id: works
name: Works
location: { latitude: 31.4, longitude: 119.5 }
zone: Asia/Shanghai
currency: CNY
assets:
  grid: { kind: grid }
  roof: { kind: pv }
  hall: { kind: load }
`
const read = (place: string, changes?: unknown): PlaceSection =>
  readSite(`${head}place:\n${place}`, { file: 'site.yaml', packs: [vocabulary], changes }).sections
    .place as PlaceSection

function problemsOf(place: string) {
  try {
    read(place)
  } catch (error) {
    if (error instanceof MangroveError) {
      return error.problems.map(({ detail, place: at, found, expected }) => ({
        detail,
        path: at?.path,
        found,
        expected,
      }))
    }
    throw error
  }
  throw new Error('nothing was wrong')
}

describe('the section place', () => {
  it('is read with its units and defaults', () => {
    const place = read(`
  assets:
    grid: { atM: [0.2 km, -30], headingDeg: 90 }
    hall: { in: [works] }
    roof: { on: [works], rows: 3 }
  buildings: { works: { atM: [-20, 40], sizeM: [60, 30], heightM: 900 cm } }
  joints: { corner: [10, 10] }
  ground: [{ cover: road, lineM: [[0, 0], [100, 0]], widthM: 8 }]
  cables: [{ from: grid, to: corner }, { from: corner, to: hall, viaM: [[1, 2]] }]
  models:
    town: { document: model/town, format: cityjson, atM: [0, 0], objects: { "UUID 7/ä": works } }
`)
    expect(place.assets.grid).toEqual({ atM: [200, -30], headingDeg: 90, rows: 1 })
    expect(place.buildings.works).toMatchObject({ sizeM: [60, 30], heightM: 9, headingDeg: 0 })
    expect(place.cables).toEqual([
      { from: 'grid', to: 'corner', viaM: [], carrier: 'electricity' },
      { from: 'corner', to: 'hall', viaM: [[1, 2]], carrier: 'electricity' },
    ])
    expect(place.models.town).toMatchObject({ scale: 1, upM: 0, objects: { 'UUID 7/ä': 'works' } })
  })

  it('is not there where the file has none', () => {
    expect(readSite(head, { file: 'site.yaml', packs: [vocabulary] }).sections).not.toHaveProperty('place')
  })

  it.each([
    ['assets: { grd: { atM: [0, 0] } }', 'assets.grd', 'grd', 'one of grid, roof, hall'],
    ['assets: { grid: { heightM: 3 } }', 'assets.grid.atM', undefined, 'atM: [metres east'],
    ['assets: { grid: { atM: [0, 0], heightM: -3 } }', 'assets.grid.heightM', -3, 'more than 0 m'],
    ['assets: { roof: { on: [shed] } }', 'assets.roof.on.0', 'shed', 'something of the file'],
    ['buildings: { grid: { atM: [0, 0] } }', 'buildings.grid', 'grid', 'an id of its own'],
    [
      'buildings: { shed: { outlineM: [[0, 0], [9, 9], [9, 0], [0, 9]] } }',
      'buildings.shed.outlineM',
      '4 corners',
      'corners in order',
    ],
    ['ground: [{ cover: road, lineM: [[0, 0], [9, 0]] }]', 'ground.0.widthM', undefined, 'a number in m'],
    ['ground: [{ cover: sand, outlineM: [[0, 0], [9, 0], [9, 9]] }]', 'ground.0.cover', 'sand', 'water'],
    ['ground: [{ cover: green }]', 'ground.0', 'neither', 'outlineM, or lineM'],
    ['cables: [{ from: grid, to: hall }]', 'cables.0.from', 'grid', 'something of the file'],
    ['models: { town: { document: town, format: cityjson, atM: [0, 0] } }', 'models.town.document', 'town', 'text'],
    [
      'models: { town: { document: model/town, format: gltf, atM: [0, 0], objects: { a: nobody } } }',
      'models.town.objects.a',
      'nobody',
      'one of grid',
    ],
    ['bildings: {}', 'bildings', 'bildings', 'one of assets, buildings'],
  ])('refuses %s by place and value', (text, path, found, expected) => {
    const [first] = problemsOf(`  ${text}\n`)
    expect(first).toMatchObject({ path: `place.${path}`, ...(found === undefined ? {} : { found }) })
    expect(first?.expected).toContain(expected)
  })

  it('lets go what a change takes away', () => {
    const place = read(
      '  assets: { grid: { atM: [0, 0] }, hall: { atM: [9, 9] } }\n  cables: [{ from: grid, to: hall }]\n',
      { assets: { hall: null } },
    )
    expect([Object.keys(place.assets), place.cables]).toEqual([['grid'], []])
  })

  it('says what is wrong with anything, and never breaks', () => {
    fc.assert(
      fc.property(
        fc.jsonValue(),
        fc.constantFrom('assets', 'buildings', 'joints', 'ground', 'cables', 'models'),
        (value, part) => {
          const wrap = [value, [value], { grid: value }][JSON.stringify(value).length % 3]
          try {
            read(`  ${part}: ${JSON.stringify(wrap)}\n`)
          } catch (error) {
            expect(error).toBeInstanceOf(MangroveError)
          }
        },
      ),
      { numRuns: 150 },
    )
  })
})

describe('outlines', () => {
  const square: readonly PlacePoint[] = [
    [0, 0],
    [4, 0],
    [4, 4],
    [0, 4],
  ]
  it('have their area, against the clock positive', () => {
    expect(signedAreaM2(square)).toBe(16)
    expect(signedAreaM2(square.toReversed())).toBe(-16)
  })

  it('cross themselves where two edges meet', () => {
    expect(crossesItself(square)).toBe(false)
    expect(crossesItself([square[0]!, square[2]!, square[1]!, square[3]!])).toBe(true)
  })
})
