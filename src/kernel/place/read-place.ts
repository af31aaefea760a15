import { kernelErrors } from '../kernel-errors.ts'
import type { FileAssets } from '../points/read-declarations.ts'
import { entriesOf } from '../points/read-points.ts'
import { didYouMean } from '../schema/index.ts'
import { type FieldReader, type FieldSchema, readField, short } from '../site/read-fields.ts'
import type { Path } from '../site/site-document.ts'
import { crossesItself, signedAreaM2 } from './outline.ts'
import {
  CableSchema,
  type Footprint,
  type GroundArea,
  GroundSchema,
  type PlacedAsset,
  PlacedAssetSchema,
  type PlacedBuilding,
  PlacedBuildingSchema,
  type PlacedCable,
  type PlacedModel,
  PlacedModelSchema,
  type PlacePoint,
  type PlaceSection,
  PointSchema,
} from './schema.ts'

const parts = ['assets', 'buildings', 'joints', 'ground', 'cables', 'models'] as const
const idPattern = /^[a-z0-9][a-z0-9-]{0,62}$/

/**
 * Reads the section `place`: where the assets of a site stand and what is around them.
 * Every problem is reported; what is returned beside a problem must not be used. What is said of an asset that changes take away
 * goes with it.
 */
export function readPlace(section: unknown, files: FileAssets, reader: FieldReader): PlaceSection {
  const fields = Object.fromEntries(entriesIn(section, ['place'], reader))
  for (const name of Object.keys(fields).filter((key) => !parts.some((part) => part === key))) {
    reader.report(kernelErrors.unknownField, ['place', name], {
      detail: `Nothing reads the field "${name}"${didYouMean(name, parts)}`,
      found: name,
      expected: `one of ${parts.join(', ')}`,
    })
  }
  const assetIds = files.assets.map(({ id }) => id)
  const isGone = (id: string): boolean => files.removed.has(id)
  const assets = readEntries<PlacedAsset>(fields.assets, ['place', 'assets'], PlacedAssetSchema as FieldSchema, reader)
  for (const id of Object.keys(assets)) {
    if (isGone(id)) delete assets[id]
    else if (!assetIds.includes(id)) unknown(id, assetIds, ['place', 'assets', id], { reader, what: 'asset' })
  }
  const buildings = readEntries<PlacedBuilding>(
    fields.buildings,
    ['place', 'buildings'],
    PlacedBuildingSchema as FieldSchema,
    reader,
  )
  const joints = readEntries<PlacePoint>(fields.joints, ['place', 'joints'], PointSchema as FieldSchema, reader)
  const place: PlaceSection = {
    assets,
    buildings,
    joints,
    ground: readList<GroundArea>(fields.ground, ['place', 'ground'], GroundSchema as FieldSchema, reader),
    cables: readList<PlacedCable>(fields.cables, ['place', 'cables'], CableSchema as FieldSchema, reader),
    models: readModels(fields.models, reader),
  }
  checkNames(place, assetIds, reader)
  for (const [id, asset] of Object.entries(assets)) checkAsset(asset, place, ['place', 'assets', id], reader)
  for (const [id, building] of Object.entries(buildings)) checkFootprint(building, ['place', 'buildings', id], reader)
  for (const [index, area] of place.ground.entries()) checkGround(area, ['place', 'ground', index], reader)
  return { ...place, cables: checkedCables(place, isGone, reader) }
}

function entriesIn(value: unknown, path: Path, reader: FieldReader): readonly [string, unknown][] {
  if (value === undefined) return []
  if (path.length === 1) return entriesOf(value, String(path[0]), reader)
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return Object.entries(value)
  reader.report(kernelErrors.badValue, path, {
    detail: 'What stands here stands under ids',
    found: short(value),
    expected: 'an object with fields',
  })
  return []
}

function readEntries<Entry>(
  value: unknown,
  path: Path,
  schema: FieldSchema,
  reader: FieldReader,
): Record<string, Entry> {
  return Object.fromEntries(
    entriesIn(value, path, reader).map(([id, written]) => {
      if (!idPattern.test(id)) {
        reader.report(kernelErrors.badValue, [...path, id], {
          detail: 'This is no id of a thing of the place',
          found: id,
          expected: 'small letters, digits and hyphens',
        })
      }
      return [id, readField(schema, written, [...path, id], reader) as Entry]
    }),
  )
}

function readList<Entry>(value: unknown, path: Path, schema: FieldSchema, reader: FieldReader): readonly Entry[] {
  if (value === undefined) return []
  const read = readField({ type: 'array', items: schema, maxItems: 10_000 }, value, path, reader)
  return Array.isArray(read) ? (read as readonly Entry[]) : []
}

/** The ids of objects are the model's own: they may look like anything. */
function readModels(value: unknown, reader: FieldReader): PlaceSection['models'] {
  const path: Path = ['place', 'models']
  return Object.fromEntries(
    entriesIn(value, path, reader).map(([id, written]) => {
      const { objects, ...own } = (typeof written === 'object' && written !== null ? written : {}) as {
        readonly objects?: unknown
      }
      const entries = entriesIn(objects, [...path, id, 'objects'], reader).filter(([object, thing]) => {
        if (typeof thing === 'string') return true
        reader.report(kernelErrors.badValue, [...path, id, 'objects', object], {
          detail: 'An object of a model is a thing of the place',
          found: short(thing),
          expected: 'the id of an asset or a building',
        })
        return false
      })
      const read = readField(PlacedModelSchema as FieldSchema, own, [...path, id], reader) as PlacedModel
      return [id, { ...read, objects: Object.fromEntries(entries) as Readonly<Record<string, string>> }]
    }),
  )
}

/** What could not be read is there as it was written. */
const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null

interface Naming {
  readonly reader: FieldReader
  readonly what: string
}

function unknown(found: string, known: readonly string[], path: Path, { reader, what }: Naming): void {
  reader.report(kernelErrors.badValue, path, {
    detail: `There is no ${what} of that id${didYouMean(found, known)}`,
    found,
    expected: known.length > 0 ? `one of ${known.slice(0, 20).join(', ')}` : `something of the file`,
  })
}

/** One id is one thing: assets, buildings and joints are named in the same breath. */
function checkNames(
  { buildings, joints, models }: PlaceSection,
  assetIds: readonly string[],
  reader: FieldReader,
): void {
  const taken = new Set(assetIds)
  for (const [part, ids] of [
    ['buildings', Object.keys(buildings)],
    ['joints', Object.keys(joints)],
  ] as const) {
    for (const id of ids) {
      if (taken.has(id)) {
        reader.report(kernelErrors.badValue, ['place', part, id], {
          detail: 'Another thing of the place, or an asset, has this id',
          found: id,
          expected: 'an id of its own',
        })
      }
      taken.add(id)
    }
  }
  const things = [...assetIds, ...Object.keys(buildings)]
  for (const [id, { objects }] of Object.entries(models)) {
    for (const [object, thing] of Object.entries(objects)) {
      const path = ['place', 'models', id, 'objects', object]
      if (!things.includes(thing)) unknown(thing, things, path, { reader, what: 'asset or building' })
    }
  }
}

function checkAsset(asset: PlacedAsset, place: PlaceSection, path: Path, reader: FieldReader): void {
  if (!isObject(asset)) return
  const houses = [...Object.keys(place.buildings), ...Object.keys(place.assets)]
  for (const field of ['on', 'in'] as const) {
    const names = asset[field]
    if (!Array.isArray(names)) continue
    names.forEach((name: unknown, index) => {
      if (typeof name === 'string' && !houses.includes(name)) {
        unknown(name, Object.keys(place.buildings), [...path, field, index], { reader, what: 'building' })
      }
    })
  }
  if (asset.on === undefined && asset.in === undefined) checkFootprint(asset, path, reader)
  else if (asset.outlineM !== undefined) checkOutline(asset.outlineM, [...path, 'outlineM'], reader)
}

/** A thing stands somewhere: around a point, or within an outline. */
function checkFootprint(footprint: Footprint, path: Path, reader: FieldReader): void {
  if (!isObject(footprint)) return
  const { atM, sizeM, outlineM } = footprint
  if (outlineM !== undefined) {
    if (sizeM !== undefined) {
      reader.report(kernelErrors.badValue, [...path, 'sizeM'], {
        detail: 'What has an outline has no size beside it',
        expected: 'outlineM, or atM with sizeM',
      })
    }
    checkOutline(outlineM, [...path, 'outlineM'], reader)
  } else if (atM === undefined) {
    reader.report(kernelErrors.missingField, [...path, 'atM'], {
      detail: 'Nothing says where this stands',
      expected: 'atM: [metres east, metres north] of the location of the site, or outlineM',
    })
  }
}

const isPoint = (value: unknown): value is PlacePoint =>
  Array.isArray(value) && value.length === 2 && value.every((part) => typeof part === 'number')

function checkOutline(outline: readonly PlacePoint[], path: Path, reader: FieldReader): void {
  if (!Array.isArray(outline) || outline.length < 3 || !outline.every(isPoint)) return
  if (crossesItself(outline)) {
    reader.report(kernelErrors.badValue, path, {
      detail: 'The outline crosses itself',
      found: `${outline.length} corners`,
      expected: 'corners in order around the thing, the first not repeated at the end',
    })
  } else if (Math.abs(signedAreaM2(outline)) < 0.01) {
    reader.report(kernelErrors.badValue, path, { detail: 'The outline has no area', expected: 'more than 0.01 m²' })
  }
}

function checkGround(area: GroundArea, path: Path, reader: FieldReader): void {
  if (!isObject(area)) return
  const { outlineM, lineM, widthM } = area
  if (outlineM !== undefined) checkOutline(outlineM, [...path, 'outlineM'], reader)
  if ((outlineM === undefined) === (lineM === undefined)) {
    reader.report(kernelErrors.badValue, path, {
      detail: 'A piece of ground is an outline, or a line with a width',
      found: outlineM === undefined ? 'neither' : 'both',
      expected: 'outlineM, or lineM with widthM',
    })
  } else if (lineM !== undefined && widthM === undefined) {
    reader.report(kernelErrors.missingField, [...path, 'widthM'], {
      detail: 'A line of the ground needs its width',
      expected: 'a number in m',
    })
  }
}

function checkedCables(
  place: PlaceSection,
  isGone: (id: string) => boolean,
  reader: FieldReader,
): readonly PlacedCable[] {
  const placed = [...Object.keys(place.assets), ...Object.keys(place.buildings), ...Object.keys(place.joints)]
  const isEnd = (id: string): boolean => placed.includes(id)
  return place.cables.filter((cable, index) => {
    if (!isObject(cable)) return true
    if (isGone(cable.from) || isGone(cable.to)) return false
    const path: Path = ['place', 'cables', index]
    for (const end of ['from', 'to'] as const) {
      const id = cable[end]
      if (typeof id === 'string' && !isEnd(id)) {
        unknown(id, placed, [...path, end], { reader, what: 'placed asset, building or joint' })
      }
    }
    if (cable.from === cable.to && cable.from !== undefined) {
      reader.report(kernelErrors.badValue, path, {
        detail: 'The cable begins where it ends',
        found: cable.from,
        expected: 'two different things',
      })
    }
    return true
  })
}
