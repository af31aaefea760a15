import { Decimal } from '../../quantity/index.ts'
import type { Category, Intensity } from '../category/index.ts'
import type { CountedChain } from '../count-chain.ts'
import type { CountedElement } from '../count-element.ts'
import type { Place } from '../distance/index.ts'
import type { ChainInput, ChainOutput, DistanceKind } from '../schema.ts'
import { modeNames, schemaAddress, specAddress } from './shapes.ts'

type Data = Readonly<Record<string, unknown>>
type Exchange = NonNullable<ChainOutput['exchange']>

const distanceNames: Readonly<Record<DistanceKind, string>> = {
  'shortest-feasible': 'sfd',
  'great-circle': 'gcd',
  actual: 'actual',
}

/**
 * The chain as data model extensions of iLEAP 1.0.0 (2025-05-27), sections 6.1 to 6.4: one ShipmentFootprint, and a TOC or HOC for each
 * category. All numbers are decimal text. What a mandatory field is not known for is told and not written.
 */
export function writeExtensions(input: ChainInput, { elements, intensities }: CountedChain): Exchange {
  const missing: string[] = []
  const extensions: Data[] = []
  const withoutTtw = elements.filter(({ kg }) => kg.ttw === null || kg.wtw === null).map(({ element }) => element.id)
  if (withoutTtw.length > 0) {
    missing.push(`ShipmentFootprint: co2eWTW and co2eTTW are mandatory, one is not known of ${withoutTtw.join(', ')}`)
  } else extensions.push(extension('shipment-footprint', shipmentOf(input, elements)))
  for (const { category, intensity } of intensities.values()) {
    const own = categoryOf(category, intensity)
    if (typeof own === 'string') missing.push(own)
    else extensions.push(extension(category.kind === 'hub' ? 'hoc' : 'toc', own))
  }
  return { extensions: extensions.map((one) => ({ ...one })), missing }
}

const extension = (name: 'shipment-footprint' | 'toc' | 'hoc', data: Data): Data => ({
  specVersion: '2.0.0',
  dataSchema: schemaAddress(name),
  documentation: specAddress,
  data,
})

const shipmentOf = ({ shipment, places }: ChainInput, elements: readonly CountedElement[]): Data => ({
  mass: shipment.massKg,
  shipmentId: shipment.id,
  tces: elements.map(({ element, category, massKg, activityTkm, kg, ...way }, index) => ({
    tceId: element.id,
    prevTceIds: index === 0 ? [] : [elements[index - 1]!.element.id],
    [category.kind === 'hub' ? 'hocId' : 'tocId']: category.id,
    shipmentId: shipment.id,
    mass: massKg.toFixed(),
    ...containersOf(element.teu ?? shipment.teu),
    distance: distanceOf(category, way),
    ...locationOf('origin', element.from, places),
    ...locationOf('destination', element.to, places),
    transportActivity: activityTkm.toFixed(),
    co2eWTW: kg.wtw!.toFixed(),
    co2eTTW: kg.ttw!.toFixed(),
  })),
})

/** The distance as it was given, and where activity was counted over another, that one too. */
function distanceOf(
  { distance: kind }: Category,
  { distance, countedKm }: Pick<CountedElement, 'distance' | 'countedKm'>,
): Data {
  if (distance === undefined) return { actual: '0' }
  const given = { [distanceNames[distance.kind]]: distance.km.toFixed() }
  if (kind === undefined || countedKm === undefined || countedKm.eq(distance.km)) return given
  return { ...given, [distanceNames[kind]]: countedKm.toFixed() }
}

const containersOf = (teu: string | undefined): Data =>
  teu === undefined ? {} : { packagingOrTrEqType: 'Container-TEU', packagingOrTrEqAmount: teu }

/** City and country are mandatory of a location; without them there is none. */
function locationOf(name: 'origin' | 'destination', ref: string | undefined, places: ChainInput['places']): Data {
  const place: Place | undefined = ref !== undefined && Object.hasOwn(places, ref) ? places[ref] : undefined
  if (place?.name === undefined || place.country === undefined) return {}
  const { name: city, country, locode, iata, latitude, longitude } = place
  return {
    [name]: {
      ...{ city, country },
      ...(iata === undefined ? {} : { iata }),
      ...(locode === undefined ? {} : { locode }),
      ...{ lat: new Decimal(latitude).toFixed(), lng: new Decimal(longitude).toFixed() },
    },
  }
}

/** A TOC or HOC, or why there is none. */
function categoryOf(category: Category, { kg, over }: Intensity): Data | string {
  const { id, kind, title, mode, hubType, per, temperature, loadFactor, emptyDistanceFactor, energyCarriers } = category
  const name = kind === 'hub' ? 'HOC' : 'TOC'
  if (kg.ttw === null || kg.wtw === null) return `${name} ${id}: both intensities are mandatory, one is not known`
  if (energyCarriers === undefined || energyCarriers.length === 0) return `${name} ${id}: energyCarriers are mandatory`
  const perUnit = (value: NonNullable<typeof kg.ttw>): string =>
    (over.eq(1) ? value : value.dividedBy(over).toSignificantDigits(12)).toFixed()
  return {
    [kind === 'hub' ? 'hocId' : 'tocId']: id,
    ...(title === undefined ? {} : { description: title }),
    ...(kind === 'hub' ? { hubType } : { mode: modeNames[mode!] }),
    ...(loadFactor === undefined || kind === 'hub' ? {} : { loadFactor }),
    ...(emptyDistanceFactor === undefined || kind === 'hub' ? {} : { emptyDistanceFactor }),
    ...(temperature === undefined ? {} : { temperatureControl: temperature }),
    energyCarriers: energyCarriers.map(({ carrier, share, ttwKgCo2ePerUnit, wtwKgCo2ePerUnit }) => ({
      energyCarrier: carrier,
      relativeShare: share,
      emissionFactorWTW: wtwKgCo2ePerUnit,
      emissionFactorTTW: ttwKgCo2ePerUnit,
    })),
    co2eIntensityWTW: perUnit(kg.wtw),
    co2eIntensityTTW: perUnit(kg.ttw),
    ...(kind === 'hub'
      ? { hubActivityUnit: per === 'TEU' ? 'TEU' : 'tonnes' }
      : { transportActivityUnit: per === 'TEU·km' ? 'TEUkm' : 'tkm' }),
  }
}
