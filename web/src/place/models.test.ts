import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type CityJsonError, readCityJson } from './city-json.ts'
import { packGlb } from './pack-glb.ts'

/** A house of 10 by 6 m with a roof that leans, a hole in its floor, and a shed of one surface; in millimetres from a corner of a map. */
const town = {
  type: 'CityJSON',
  version: '2.0',
  transform: { scale: [0.001, 0.001, 0.001], translate: [500_000, 3_400_000, 12] },
  CityObjects: {
    'NL.house/1': {
      type: 'Building',
      geometry: [
        { type: 'MultiSurface', lod: '0', boundaries: [[[0, 1, 2, 3]]] },
        {
          type: 'Solid',
          lod: '2.2',
          boundaries: [
            [
              [
                [0, 3, 2, 1],
                [8, 9, 10, 11],
              ],
              [[4, 5, 6, 7]],
              [[0, 1, 5, 4]],
              [[1, 2, 6, 5]],
              [[2, 3, 7, 6]],
              [[3, 0, 4, 7]],
            ],
          ],
          semantics: {
            surfaces: [{ type: 'GroundSurface' }, { type: 'RoofSurface' }, { type: 'WallSurface' }],
            values: [[0, 1, 2, 2, 2, 2]],
          },
        },
      ],
    },
    shed: { type: 'BuildingPart', geometry: [{ type: 'CompositeSurface', lod: 1, boundaries: [[[4, 5, 6]]] }] },
    tree: { type: 'SolitaryVegetationObject', geometry: [{ type: 'MultiPoint', lod: '1', boundaries: [0] }] },
    group: { type: 'CityObjectGroup' },
  },
  vertices: [
    [0, 0, 0],
    [10_000, 0, 0],
    [10_000, 6000, 0],
    [0, 6000, 0],
    [0, 0, 4000],
    [10_000, 0, 4000],
    [10_000, 6000, 7000],
    [0, 6000, 7000],
    [2000, 2000, 0],
    [2000, 4000, 0],
    [4000, 4000, 0],
    [4000, 2000, 0],
  ],
}

/** Area of triangles, m². */
function areaOf(triangles: readonly number[]): number {
  let sum = 0
  for (let at = 0; at < triangles.length; at += 9) {
    const [ax, ay, az, bx, by, bz, cx, cy, cz] = triangles.slice(at, at + 9) as [
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
    ]
    const [ux, uy, uz, vx, vy, vz] = [bx - ax, by - ay, bz - az, cx - ax, cy - ay, cz - az]
    sum += Math.hypot(uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx) / 2
  }
  return sum
}

describe('CityJSON', () => {
  const { objects, least, most, skipped } = readCityJson(town)
  const [house, shed] = objects

  it('is read by the finest geometry, in metres, with what its surfaces are', () => {
    expect(objects.map(({ id, type }) => [id, type])).toEqual([
      ['NL.house/1', 'Building'],
      ['shed', 'BuildingPart'],
    ])
    expect([least, most]).toEqual([
      [500_000, 3_400_000, 12],
      [500_010, 3_400_006, 19],
    ])
    expect(skipped).toBe(2)
    expect(areaOf(house!.triangles.roof)).toBeCloseTo(10 * Math.hypot(6, 3), 4)
    expect(areaOf(shed!.triangles.other)).toBeCloseTo((10 * Math.hypot(6, 3)) / 2, 4)
  })

  it('keeps holes open, far from zero too', () => {
    expect(areaOf(house!.triangles.ground)).toBeCloseTo(60 - 4, 4)
  })

  it('looks outwards: the roof up, the floor down', () => {
    const lookUp = (triangles: readonly number[]): number => {
      const [ax, ay, , bx, by, , cx, cy] = triangles as [number, number, number, number, number, number, number, number]
      return (bx - ax) * (cy - ay) - (by - ay) * (cx - ax)
    }
    expect(lookUp(house!.triangles.roof)).toBeGreaterThan(0)
    expect(lookUp(house!.triangles.ground)).toBeLessThan(0)
  })

  const broken = (change: object): unknown => ({ ...structuredClone(town), ...change })
  it.each([
    [[], '', 'an object with fields'],
    [broken({ type: 'FeatureCollection' }), 'type', '"CityJSON"'],
    [broken({ version: '3.0' }), 'version', '1.0, 1.1 or 2.0'],
    [broken({ vertices: [[0, 0]] }), 'vertices.0', 'three numbers'],
    [broken({ transform: { scale: [1, 1, 'x'], translate: [0, 0, 0] } }), 'transform.scale', 'three numbers'],
    [broken({ CityObjects: null }), 'CityObjects', 'an object with fields'],
    [
      broken({
        CityObjects: { a: { type: 'Building', geometry: [{ type: 'MultiSurface', boundaries: [[[0, 1, 99]]] }] } },
      }),
      'CityObjects.a.geometry.0.boundaries.0.0',
      'numbers from 0 to 11',
    ],
    [
      broken({ CityObjects: { a: { type: 'Building', geometry: [{ type: 'Solid', boundaries: [[7]] }] } } }),
      'CityObjects.a.geometry.0.boundaries.0.0',
      'a list',
    ],
  ])('refuses what it cannot read by its place (%#)', (document, path, expected) => {
    let error: unknown
    try {
      readCityJson(document)
    } catch (thrown) {
      error = thrown
    }
    expect(error).toMatchObject({ name: 'CityJsonError', path, expected })
    expect((error as CityJsonError).message).toContain(expected)
  })

  it('never breaks, whatever one part of it is', () => {
    const paths = [
      ['vertices'],
      ['transform'],
      ['CityObjects'],
      ['CityObjects', 'shed'],
      ['CityObjects', 'shed', 'geometry'],
      ['CityObjects', 'NL.house/1', 'geometry', 1, 'semantics'],
      ['CityObjects', 'NL.house/1', 'geometry', 1, 'boundaries', 0, 1],
      ['CityObjects', 'NL.house/1', 'geometry', 1, 'type'],
    ]
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(...paths), (value, path) => {
        const document = structuredClone(town) as unknown as Record<string | number, unknown>
        let at = document
        for (const part of path.slice(0, -1)) at = at[part] as Record<string | number, unknown>
        at[path.at(-1)!] = value
        try {
          for (const { triangles } of readCityJson(document).objects) {
            for (const list of Object.values(triangles)) expect(list.every(Number.isFinite)).toBe(true)
          }
        } catch (error) {
          expect((error as Error).name).toBe('CityJsonError')
        }
      }),
      { numRuns: 300 },
    )
  })
})

describe('glTF', () => {
  const bytes = (length: number, value: number) =>
    `data:application/octet-stream;base64,${btoa(String.fromCharCode(...Array.from({ length }, () => value)))}`

  it('is packed with its buffers one after the other', () => {
    const packed = packGlb({
      asset: { version: '2.0' },
      buffers: [
        { uri: bytes(5, 1), byteLength: 5 },
        { uri: bytes(3, 2), byteLength: 3 },
      ],
      bufferViews: [
        { buffer: 0, byteLength: 5 },
        { buffer: 1, byteOffset: 1, byteLength: 2 },
      ],
    })
    const view = new DataView(packed)
    const jsonLength = view.getUint32(12, true)
    const json = JSON.parse(new TextDecoder().decode(new Uint8Array(packed, 20, jsonLength))) as {
      buffers: unknown
      bufferViews: unknown
    }
    expect([view.getUint32(0, true), view.getUint32(8, true)]).toEqual([0x46546c67, packed.byteLength])
    expect(json.buffers).toEqual([{ byteLength: 12 }])
    expect(json.bufferViews).toEqual([
      { buffer: 0, byteOffset: 0, byteLength: 5 },
      { buffer: 0, byteOffset: 9, byteLength: 2 },
    ])
    expect([...new Uint8Array(packed, 20 + jsonLength + 8)]).toEqual([1, 1, 1, 1, 1, 0, 0, 0, 2, 2, 2, 0])
  })

  it.each([
    [7, 'the document'],
    [{ glb: 'bm90IGEgbW9kZWwgYXQgYWxsLCBidXQgbG9uZw==' }, 'glb'],
    [{ glb: '%%' }, 'glb'],
    [{ asset: { version: '1.0' } }, 'asset.version'],
    [{ asset: { version: '2.0' }, buffers: [{ uri: 'https://elsewhere.example/a.bin' }] }, 'buffers.0.uri'],
    [{ asset: { version: '2.0' }, images: [{ uri: 'a.png' }] }, 'images.0.uri'],
    [{ asset: { version: '2.0' }, bufferViews: [{ buffer: 3 }] }, 'bufferViews.0.buffer'],
  ])('refuses %j by its place', (document, path) => {
    expect(() => packGlb(document)).toThrow(path)
  })
})
