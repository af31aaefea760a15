import { sensorThingsErrors } from './errors.ts'

/** Entity types of OGC 18-088, section 8.2. */
export type EntityType =
  | 'Thing'
  | 'Location'
  | 'HistoricalLocation'
  | 'Datastream'
  | 'Sensor'
  | 'ObservedProperty'
  | 'Observation'
  | 'FeatureOfInterest'

export interface Navigation {
  readonly type: EntityType
  readonly many: boolean
}

export interface EntityShape {
  /** Name of the entity set. */
  readonly set: string
  readonly properties: readonly string[]
  readonly navigation: Readonly<Record<string, Navigation>>
}

const one = (type: EntityType): Navigation => ({ type, many: false })
const many = (type: EntityType): Navigation => ({ type, many: true })

/** Properties and relations of each type (OGC 18-088, tables 3 to 18). */
export const shapes: Readonly<Record<EntityType, EntityShape>> = {
  Thing: {
    set: 'Things',
    properties: ['name', 'description', 'properties'],
    navigation: {
      Locations: many('Location'),
      HistoricalLocations: many('HistoricalLocation'),
      Datastreams: many('Datastream'),
    },
  },
  Location: {
    set: 'Locations',
    properties: ['name', 'description', 'encodingType', 'location', 'properties'],
    navigation: { Things: many('Thing'), HistoricalLocations: many('HistoricalLocation') },
  },
  HistoricalLocation: {
    set: 'HistoricalLocations',
    properties: ['time'],
    navigation: { Thing: one('Thing'), Locations: many('Location') },
  },
  Datastream: {
    set: 'Datastreams',
    properties: ['name', 'description', 'observationType', 'unitOfMeasurement', 'properties'],
    navigation: {
      Thing: one('Thing'),
      Sensor: one('Sensor'),
      ObservedProperty: one('ObservedProperty'),
      Observations: many('Observation'),
    },
  },
  Sensor: {
    set: 'Sensors',
    properties: ['name', 'description', 'encodingType', 'metadata', 'properties'],
    navigation: { Datastreams: many('Datastream') },
  },
  ObservedProperty: {
    set: 'ObservedProperties',
    properties: ['name', 'definition', 'description', 'properties'],
    navigation: { Datastreams: many('Datastream') },
  },
  Observation: {
    set: 'Observations',
    properties: ['phenomenonTime', 'resultTime', 'result', 'resultQuality'],
    navigation: { Datastream: one('Datastream'), FeatureOfInterest: one('FeatureOfInterest') },
  },
  FeatureOfInterest: {
    set: 'FeaturesOfInterest',
    properties: ['name', 'description', 'encodingType', 'feature', 'properties'],
    navigation: { Observations: many('Observation') },
  },
}

export const entityTypes: readonly EntityType[] = Object.keys(shapes) as EntityType[]

const typesBySet: ReadonlyMap<string, EntityType> = new Map(entityTypes.map((type) => [shapes[type].set, type]))

/** Type of an entity set. @throws `sensorthings.unknown-entity` */
export function typeOfSet(name: string): EntityType {
  const type = typesBySet.get(name)
  if (type) return type
  throw sensorThingsErrors.unknownEntity({
    detail: 'There is no entity set of that name',
    found: name.slice(0, 100),
    expected: [...typesBySet.keys()].join(', '),
  })
}

export const navigationOf = (type: EntityType, name: string): Navigation | undefined =>
  Object.hasOwn(shapes[type].navigation, name) ? shapes[type].navigation[name] : undefined

export const isId = (name: string): boolean => name === '@iot.id' || name === 'id'
