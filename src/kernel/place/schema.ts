import Type from 'typebox'
import { quantity } from '../site/fields.ts'

/** As far as anything of a site may be from its location, m. */
const reachM = 50_000
const coordinate = quantity('m', { minimum: -reachM, maximum: reachM })
const length = quantity('m', { exclusiveMinimum: 0, maximum: 5000 })

/** Metres east and north of the location of the site. */
export const PointSchema = Type.Tuple([coordinate, coordinate])
const ListedPoints = (minItems: number) => Type.Array(PointSchema, { minItems, maxItems: 500 })

const footprint = {
  atM: Type.Optional(PointSchema),
  sizeM: Type.Optional(Type.Tuple([length, length])),
  outlineM: Type.Optional(ListedPoints(3)),
  heightM: Type.Optional(quantity('m', { exclusiveMinimum: 0, maximum: 1000 })),
  headingDeg: quantity('deg', { minimum: -360, maximum: 360, default: 0 }),
}

/** What a thing looks like; a kind of asset has one that is usual. */
export const placeForms = [
  'building',
  'roof',
  'canopy',
  'field',
  'turbine',
  'containers',
  'substation',
  'genset',
  'weir',
  'chargers',
  'tank',
  'block',
] as const

const ids = (description: string) => Type.Array(Type.String(), { minItems: 1, maxItems: 200, description })

/** Where an asset stands and what it looks like. */
export const PlacedAssetSchema = Type.Object({
  ...footprint,
  form: Type.Optional(Type.Enum(placeForms)),
  rows: Type.Integer({ minimum: 1, maximum: 500, default: 1 }),
  rowSpacingM: Type.Optional(length),
  bays: Type.Optional(Type.Integer({ minimum: 1, maximum: 2000 })),
  on: Type.Optional(ids('Buildings on whose roofs it is')),
  in: Type.Optional(ids('Buildings that it is')),
})

/** A building that is no asset. */
export const PlacedBuildingSchema = Type.Object({
  title: Type.Optional(Type.String({ pattern: '\\S' })),
  ...footprint,
})

export const placeCovers = ['water', 'green', 'road', 'paved'] as const

/** A piece of ground: an outline, or a line with a width. */
export const GroundSchema = Type.Object({
  cover: Type.Enum(placeCovers),
  title: Type.Optional(Type.String({ pattern: '\\S' })),
  outlineM: Type.Optional(ListedPoints(3)),
  lineM: Type.Optional(ListedPoints(2)),
  widthM: Type.Optional(length),
})

export const placeCarriers = ['electricity', 'heat', 'hydrogen'] as const

/** A cable or a pipe between two things of the place. */
export const CableSchema = Type.Object({
  from: Type.String(),
  to: Type.String(),
  viaM: Type.Array(PointSchema, { maxItems: 500, default: [] }),
  carrier: Type.Enum(placeCarriers, { default: 'electricity' }),
})

export const placeFormats = ['cityjson', 'gltf'] as const

/** A model of the place that is kept as a document of the site. */
export const PlacedModelSchema = Type.Object({
  document: Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,62}/[a-z0-9][a-z0-9-]{0,62}$' }),
  format: Type.Enum(placeFormats),
  title: Type.Optional(Type.String({ pattern: '\\S' })),
  originM: Type.Optional(
    Type.Tuple([quantity('m'), quantity('m'), quantity('m')], {
      description: 'The point of the model, in its own coordinates, that comes to stand at `atM`',
    }),
  ),
  atM: PointSchema,
  upM: quantity('m', { minimum: -5000, maximum: 9000, default: 0 }),
  headingDeg: quantity('deg', { minimum: -360, maximum: 360, default: 0 }),
  scale: Type.Number({ exclusiveMinimum: 0, maximum: 100_000, default: 1 }),
})

/** Metres east and north of the location of the site. */
export type PlacePoint = readonly [east: number, north: number]
export type PlaceForm = (typeof placeForms)[number]
export type PlaceCover = (typeof placeCovers)[number]
export type PlaceCarrier = (typeof placeCarriers)[number]

/** A rectangle around a point, or an outline; both may be missing where an asset is on or in buildings. */
export interface Footprint {
  readonly atM?: PlacePoint
  /** Width across and depth along the heading. */
  readonly sizeM?: readonly [width: number, depth: number]
  readonly outlineM?: readonly PlacePoint[]
  readonly heightM?: number
  /** Clockwise from north. */
  readonly headingDeg: number
}

export interface PlacedAsset extends Footprint {
  readonly form?: PlaceForm
  /** How many of its shape stand one behind the other. */
  readonly rows: number
  /** From middle to middle. */
  readonly rowSpacingM?: number
  /** Places to park, of chargers. */
  readonly bays?: number
  /** Buildings on whose roofs it is. */
  readonly on?: readonly string[]
  /** Buildings that it is. */
  readonly in?: readonly string[]
}

export interface PlacedBuilding extends Footprint {
  readonly title?: string
}

export interface GroundArea {
  readonly cover: PlaceCover
  readonly title?: string
  readonly outlineM?: readonly PlacePoint[]
  readonly lineM?: readonly PlacePoint[]
  readonly widthM?: number
}

export interface PlacedCable {
  readonly from: string
  readonly to: string
  readonly viaM: readonly PlacePoint[]
  readonly carrier: PlaceCarrier
}

export interface PlacedModel {
  /** `<kind>/<name>` of a document of the site. */
  readonly document: string
  readonly format: (typeof placeFormats)[number]
  readonly title?: string
  readonly originM?: readonly [number, number, number]
  readonly atM: PlacePoint
  readonly upM: number
  readonly headingDeg: number
  readonly scale: number
  /** Things of the place by the ids of the objects of the model that are them. */
  readonly objects: Readonly<Record<string, string>>
}

/** The section `place` of a site file. */
export interface PlaceSection {
  readonly assets: Readonly<Record<string, PlacedAsset>>
  readonly buildings: Readonly<Record<string, PlacedBuilding>>
  /** Where cables meet. */
  readonly joints: Readonly<Record<string, PlacePoint>>
  readonly ground: readonly GroundArea[]
  readonly cables: readonly PlacedCable[]
  readonly models: Readonly<Record<string, PlacedModel>>
}
