import { ShapeUtils, Vector2 } from 'three'

/** What is wrong with a document that should be CityJSON, and where. */
export class CityJsonError extends Error {
  /** `CityObjects.b1.geometry.0` */
  readonly path: string
  readonly expected: string

  constructor(detail: string, path: string, expected: string) {
    super(`${detail} (${path === '' ? 'the document' : path}); expected: ${expected}`)
    this.name = 'CityJsonError'
    this.path = path
    this.expected = expected
  }
}

export type Surface = 'roof' | 'wall' | 'ground' | 'other'

export interface CityObject {
  readonly id: string
  /** `Building`, `Bridge` … */
  readonly type: string
  /** Corners of triangles, nine numbers each, in the units of the model: x, y, z up. */
  readonly triangles: Readonly<Record<Surface, readonly number[]>>
}

export interface CityModel {
  readonly objects: readonly CityObject[]
  readonly least: readonly [number, number, number]
  readonly most: readonly [number, number, number]
  /** Geometries that are not surfaces, and objects without any: they are not drawn. */
  readonly skipped: number
}

type Point = readonly [number, number, number]
type Fields = Readonly<Record<string, unknown>>

/** More than a page can draw. */
const mostVertices = 2_000_000
const mostTriangles = 1_000_000
/** Of boundaries in each other: a solid has four. */
const depths: Readonly<Record<string, number>> = {
  MultiSurface: 2,
  CompositeSurface: 2,
  Solid: 3,
  MultiSolid: 4,
  CompositeSolid: 4,
}

/**
 * Reads CityJSON 1.0 to 2.0: of each object the finest geometry of surfaces, cut into triangles, by what its surfaces are (OGC 20-072r5,
 * sections 3 and 8).
 *
 * @throws {@link CityJsonError}
 */
export function readCityJson(document: unknown): CityModel {
  const root = fieldsOf(document, '')
  if (root.type !== 'CityJSON') throw new CityJsonError('This is no CityJSON', 'type', '"CityJSON"')
  if (typeof root.version !== 'string' || !/^(1\.[01]|2\.0)/.test(root.version)) {
    throw new CityJsonError('This version is not read', 'version', '1.0, 1.1 or 2.0')
  }
  const vertices = verticesOf(root)
  const objects: CityObject[] = []
  let skipped = 0
  const budget = { triangles: mostTriangles }
  for (const [id, written] of Object.entries(fieldsOf(root.CityObjects, 'CityObjects'))) {
    const path = `CityObjects.${id}`
    const { type, geometry } = fieldsOf(written, path)
    const finest = finestOf(geometry, `${path}.geometry`)
    if (!finest) {
      skipped += 1
      continue
    }
    objects.push({ id, type: typeof type === 'string' ? type : '', triangles: trianglesOf(finest, vertices, budget) })
  }
  return { objects, ...boundsOf(objects), skipped }
}

function fieldsOf(value: unknown, path: string): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields
  throw new CityJsonError('This is no object', path, 'an object with fields')
}

function listOf(value: unknown, path: string): readonly unknown[] {
  if (Array.isArray(value)) return value
  throw new CityJsonError('This is no list', path, 'a list')
}

function pointOf(value: unknown, path: string): Point {
  const list = listOf(value, path)
  if (list.length !== 3 || !list.every((part) => typeof part === 'number' && Number.isFinite(part))) {
    throw new CityJsonError('This is no point', path, 'three numbers')
  }
  return list as unknown as Point
}

function verticesOf(root: Fields): readonly Point[] {
  const written = listOf(root.vertices, 'vertices')
  if (written.length > mostVertices)
    throw new CityJsonError('There are too many vertices', 'vertices', `at most ${mostVertices}`)
  const points = written.map((vertex, index) => pointOf(vertex, `vertices.${index}`))
  if (root.transform === undefined) return points
  const transform = fieldsOf(root.transform, 'transform')
  const scale = pointOf(transform.scale, 'transform.scale')
  const translate = pointOf(transform.translate, 'transform.translate')
  return points.map((point) => [
    point[0] * scale[0] + translate[0],
    point[1] * scale[1] + translate[1],
    point[2] * scale[2] + translate[2],
  ])
}

interface Geometry {
  readonly depth: number
  readonly boundaries: unknown
  readonly semantics: unknown
  readonly path: string
}

function finestOf(value: unknown, path: string): Geometry | undefined {
  if (value === undefined) return undefined
  let finest: (Geometry & { readonly lod: number }) | undefined
  listOf(value, path).forEach((written, index) => {
    const own = `${path}.${index}`
    const { type, lod, boundaries, semantics } = fieldsOf(written, own)
    const depth = depths[String(type)]
    const level = Number(lod ?? 0)
    if (depth === undefined || (finest && !(level > finest.lod))) return
    finest = { depth, boundaries, semantics, path: own, lod: Number.isFinite(level) ? level : 0 }
  })
  return finest
}

const surfaceWords: Readonly<Record<string, Surface>> = {
  RoofSurface: 'roof',
  OuterCeilingSurface: 'roof',
  WallSurface: 'wall',
  Window: 'wall',
  Door: 'wall',
  GroundSurface: 'ground',
  OuterFloorSurface: 'ground',
}

interface Face {
  readonly rings: readonly (readonly Point[])[]
  readonly surface: Surface
}

function trianglesOf(
  geometry: Geometry,
  vertices: readonly Point[],
  budget: { triangles: number },
): CityObject['triangles'] {
  const triangles: Record<Surface, number[]> = { roof: [], wall: [], ground: [], other: [] }
  for (const { rings, surface } of facesOf(geometry, vertices)) {
    const found = cutFace(rings)
    budget.triangles -= found.length / 9
    if (budget.triangles < 0) {
      throw new CityJsonError('The model has too many triangles', geometry.path, `at most ${mostTriangles}`)
    }
    for (const value of found) triangles[surface].push(value)
  }
  return triangles
}

/** Every face of a geometry with what it is; `values` of the semantics have the shape of the boundaries, two levels less. */
function* facesOf({ depth, boundaries, semantics, path }: Geometry, vertices: readonly Point[]): Generator<Face> {
  const { surfaces, values } = (
    semantics === undefined || semantics === null ? {} : fieldsOf(semantics, `${path}.semantics`)
  ) as {
    readonly surfaces?: unknown
    readonly values?: unknown
  }
  const words = surfaces === undefined ? [] : listOf(surfaces, `${path}.semantics.surfaces`)
  const nameOf = (index: unknown): Surface => {
    const word = typeof index === 'number' ? words[index] : undefined
    const { type } = typeof word === 'object' && word !== null ? (word as Fields) : {}
    return surfaceWords[String(type)] ?? 'other'
  }
  function* walk(value: unknown, named: unknown, level: number, at: string): Generator<Face> {
    const list = listOf(value, at)
    for (const [index, entry] of list.entries()) {
      const own = Array.isArray(named) ? (named as readonly unknown[])[index] : named
      const here = `${at}.${index}`
      if (level > 2) yield* walk(entry, own, level - 1, here)
      else
        yield {
          rings: listOf(entry, here).map((ring, r) => ringOf(ring, vertices, `${here}.${r}`)),
          surface: nameOf(own),
        }
    }
  }
  yield* walk(boundaries, values, depth, `${path}.boundaries`)
}

function ringOf(value: unknown, vertices: readonly Point[], path: string): readonly Point[] {
  const ring = listOf(value, path).map((index) => {
    const vertex = typeof index === 'number' ? vertices[index] : undefined
    if (!vertex) throw new CityJsonError('There is no such vertex', path, `numbers from 0 to ${vertices.length - 1}`)
    return vertex
  })
  return ring
}

/** Newell's normal: right for faces that are not quite flat. */
function normalOf(ring: readonly Point[]): Point {
  let [x, y, z] = [0, 0, 0]
  ring.forEach((a, index) => {
    const b = ring[(index + 1) % ring.length]!
    x += (a[1] - b[1]) * (a[2] + b[2])
    y += (a[2] - b[2]) * (a[0] + b[0])
    z += (a[0] - b[0]) * (a[1] + b[1])
  })
  return [x, y, z]
}

/** Cuts a face with its holes into triangles, by its shadow on the plane that it is nearest to. A face without area gives none. */
function cutFace(rings: readonly (readonly Point[])[]): readonly number[] {
  const [outer, ...holes] = rings.filter((ring) => ring.length >= 3)
  if (!outer) return []
  // Far from zero, differences of large numbers would be lost.
  const [ox, oy, oz] = outer[0]!
  const local = [outer, ...holes].map((ring) => ring.map(([x, y, z]): Point => [x - ox, y - oy, z - oz]))
  const [nx, ny, nz] = normalOf(local[0]!)
  const [ax, ay, az] = [Math.abs(nx), Math.abs(ny), Math.abs(nz)]
  if (!(Math.hypot(nx, ny, nz) > 1e-12)) return []
  const flat = ([x, y, z]: Point): Vector2 =>
    az >= ax && az >= ay ? new Vector2(x, y) : ax >= ay ? new Vector2(y, z) : new Vector2(z, x)
  const [contour = [], ...inner] = local.map((ring) => ring.map(flat))
  const corners = [outer, ...holes].flat()
  const normal: Point = [nx, ny, nz]
  return ShapeUtils.triangulateShape(contour, inner).flatMap((triangle) => {
    const [a, b, c] = triangle.map((index) => corners[index]!)
    return a && b && c ? facing(a, b, c, normal) : []
  })
}

/** A triangle that looks where its face looks. */
function facing(a: Point, b: Point, c: Point, normal: Point): readonly number[] {
  const [ux, uy, uz] = [b[0] - a[0], b[1] - a[1], b[2] - a[2]]
  const [vx, vy, vz] = [c[0] - a[0], c[1] - a[1], c[2] - a[2]]
  const dot = (uy * vz - uz * vy) * normal[0] + (uz * vx - ux * vz) * normal[1] + (ux * vy - uy * vx) * normal[2]
  return dot >= 0 ? [...a, ...b, ...c] : [...a, ...c, ...b]
}

function boundsOf(objects: readonly CityObject[]): Pick<CityModel, 'least' | 'most'> {
  const least: [number, number, number] = [Infinity, Infinity, Infinity]
  const most: [number, number, number] = [-Infinity, -Infinity, -Infinity]
  for (const { triangles } of objects) {
    for (const list of Object.values(triangles)) {
      list.forEach((value, index) => {
        const axis = (index % 3) as 0 | 1 | 2
        least[axis] = Math.min(least[axis], value)
        most[axis] = Math.max(most[axis], value)
      })
    }
  }
  return least[0] <= most[0] ? { least, most } : { least: [0, 0, 0], most: [0, 0, 0] }
}
