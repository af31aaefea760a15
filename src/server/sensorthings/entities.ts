import { dimensionWords, parseUnit, qualityNames, type Site } from '../../kernel/index.ts'
import type { SiteBook, SitePoint } from '../site-book.ts'
import type { EntityType } from './shapes.ts'
import { toUcum, ucumDefinition } from './ucum.ts'

export type Fields = Readonly<Record<string, unknown>>

/** A Thing, Location, Sensor … as it is told. */
export interface FixedEntity {
  readonly type: Exclude<EntityType, 'Datastream' | 'Observation'>
  readonly id: string
  readonly fields: Fields
  /** Site of those that belong to one. */
  readonly site?: string
}

/** A point. */
export interface Datastream {
  readonly type: 'Datastream'
  readonly id: string
  readonly fields: Fields
  readonly site: string
  readonly point: SitePoint
  readonly thing: string
  readonly sensor: string
  readonly observedProperty: string
}

/** An observation of a point. */
export interface ObservationEntity {
  readonly type: 'Observation'
  readonly datastream: Datastream
  readonly timeMs: number
  /** NaN = missing. */
  readonly value: number
  /** Code of `quality`. */
  readonly quality: number
}

export type Entity = FixedEntity | Datastream | ObservationEntity

export const datastreamId = (site: string, ref: string): string => `${site}:${ref}`
export const thingId = (site: string, asset: string): string => `${site}:${asset}`

export const idOf = (entity: Entity): string =>
  entity.type === 'Observation' ? `${entity.datastream.id}:${entity.timeMs}` : entity.id

/** Datastream and event time of an observation's id. */
export function readObservationId(id: string): { readonly datastream: string; readonly timeMs: number } | undefined {
  const [, datastream, time] = /^(.{1,400}):(\d{1,15})$/.exec(id) ?? []
  return datastream === undefined ? undefined : { datastream, timeMs: Number(time) }
}

/** Properties as they are told. */
export function fieldsOf(entity: Entity): Fields {
  if (entity.type !== 'Observation') return entity.fields
  return {
    phenomenonTime: new Date(entity.timeMs).toISOString(),
    resultTime: null,
    result: Number.isNaN(entity.value) ? null : entity.value,
    resultQuality: qualityNames[entity.quality] ?? null,
  }
}

/** Sensors of points that no kind of asset brings along. */
export const declaredSensor = 'declared'
export const expressionSensor = 'expression'

/** Entities of one site; those that others share, such as sensors, stand apart. */
export interface SiteEntities {
  readonly location: FixedEntity
  readonly feature: FixedEntity
  readonly things: readonly FixedEntity[]
  readonly datastreams: readonly Datastream[]
}

/** @param sites knows the points of the site */
export function entitiesOf(site: Site, sites: SiteBook, simulated: boolean): SiteEntities {
  const { location: place } = site
  const geometry = { type: 'Point', coordinates: [place.longitude, place.latitude, place.altitudeM] }
  const where = { encodingType: 'application/geo+json', properties: { zone: site.zone, altitudeM: place.altitudeM } }
  const kinds = new Map(site.assets.map((asset) => [asset.id, asset.kind]))
  const own: FixedEntity = {
    type: 'Thing',
    id: site.id,
    site: site.id,
    fields: {
      name: site.name,
      description: `The site ${site.name}`,
      properties: { zone: site.zone, currency: site.currency, simulated },
    },
  }
  const things = site.assets.map(
    ({ id, kind, title }): FixedEntity => ({
      type: 'Thing',
      id: thingId(site.id, id),
      site: site.id,
      fields: {
        name: title,
        description: `${title}, ${kind} of ${site.name}`,
        properties: { asset: id, kind, site: site.id },
      },
    }),
  )
  const points = [...sites.points(site).values()].sort((a, b) => (a.ref < b.ref ? -1 : 1))
  return {
    location: {
      type: 'Location',
      id: site.id,
      site: site.id,
      fields: { name: site.name, description: `Where ${site.name} is`, ...where, location: geometry },
    },
    feature: {
      type: 'FeatureOfInterest',
      id: site.id,
      site: site.id,
      fields: { name: site.name, description: `The site ${site.name}`, ...where, feature: geometry },
    },
    things: [own, ...things],
    datastreams: points.map((point) => datastreamOf(site, point, kinds.get(point.owner))),
  }
}

/** @param kind of the asset that the point belongs to; undefined: a group, which the Thing of the site stands for */
function datastreamOf(site: Site, point: SitePoint, kind: string | undefined): Datastream {
  const { ref, id, owner, title, unit, role, origin, expression, rules, accuracyClass } = point
  const code = toUcum(unit)
  return {
    type: 'Datastream',
    id: datastreamId(site.id, ref),
    site: site.id,
    point,
    thing: kind === undefined ? site.id : thingId(site.id, owner),
    sensor: sensorOf(point, kind),
    observedProperty: observedPropertyId(unit, id),
    fields: {
      name: title,
      description: expression === undefined ? `${title} (${ref})` : `${title} (${ref} = ${expression})`,
      observationType: measurement,
      unitOfMeasurement: { name: unit, symbol: code ?? unit, definition: ucumDefinition(code) },
      properties: {
        point: ref,
        role,
        origin,
        ...(expression === undefined ? {} : { expression }),
        ...(rules.counter === undefined ? {} : { counter: rules.counter }),
        ...(rules.retentionDays === undefined ? {} : { retentionDays: rules.retentionDays }),
        ...(accuracyClass === undefined ? {} : { accuracyClass }),
      },
    },
  }
}

/** The only observation type there is: a number with a unit (OGC 10-004r3, OM_Measurement). */
export const measurement = 'http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_Measurement'

function sensorOf(point: SitePoint, kind: string | undefined): string {
  if (point.expression !== undefined) return expressionSensor
  return point.origin === 'kind' && kind !== undefined ? kind : declaredSensor
}

/** `power`, `energy`, `CNY per energy`. */
export const quantityOf = (unit: string): string => {
  const words = dimensionWords(parseUnit(unit).dimension).replace(/^an? /, '')
  return words === '' ? 'plain number' : words
}

/** A quantity under the name of a point: `power:powerKw`. */
export const observedPropertyId = (unit: string, point: string): string =>
  `${quantityOf(unit).replaceAll(/[^A-Za-z0-9]+/g, '-')}:${point}`

/** @param titles of kinds of assets */
export function sensorEntity(id: string, titles: ReadonlyMap<string, string>): FixedEntity {
  const [name, description] =
    id === expressionSensor
      ? ['Expression', 'Computed from other points by an expression of the site']
      : id === declaredSensor
        ? ['Declared point', 'A meter or sensor that the site file or a call of the API declares']
        : [titles.get(id) ?? id, `Points that every asset of the kind ${id} has`]
  return {
    type: 'Sensor',
    id,
    fields: { name, description, encodingType: 'text/html', metadata: description, properties: {} },
  }
}

export function observedPropertyEntity({ observedProperty, point }: Datastream): FixedEntity {
  const quantity = quantityOf(point.unit)
  return {
    type: 'ObservedProperty',
    id: observedProperty,
    fields: {
      name: point.id,
      definition: `urn:mangrove:quantity:${observedProperty}`,
      description: quantity,
      properties: { quantity },
    },
  }
}
