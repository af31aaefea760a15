import { carbonErrors } from '../errors.ts'
import { Decimal, parseDecimal, plus, times } from '../quantity/index.ts'
import type { Category, Intensity, Parts } from './category/index.ts'
import { type End, greatCircleKm, type Network, shortestWay } from './distance/index.ts'
import type { ChainElement, ChainInput, DistanceKind } from './schema.ts'

/** A transport chain element with what it comes to. */
export interface CountedElement {
  readonly element: ChainElement
  readonly category: Category
  readonly massKg: Decimal
  readonly distance?: Distance
  /** Kilometres that activity is counted over: those of the distance, or planned ones made of driven ones. */
  readonly countedKm?: Decimal
  readonly activityTkm: Decimal
  /** What the intensity is multiplied with, in the unit of the category. */
  readonly counted: Decimal
  /** Actual over planned kilometres, where the two sides were of unlike kind. */
  readonly adjustment?: Decimal
  readonly kg: Parts
  readonly biogenicKg: Decimal
  /** Half of the 95 % interval of the intensity over its value, where it is known. */
  readonly relative?: number
  readonly warnings: readonly string[]
}

export interface Distance {
  readonly km: Decimal
  readonly kind: DistanceKind
  readonly way?: readonly string[]
  /** What is odd about it, though it may be meant. */
  readonly doubt?: string
}

/** Decimals behind the point where a quotient does not end. */
const quotientDecimals = 20
const thousandth = new Decimal('0.001')

/**
 * Counts an element: activity is mass times planned distance (ISO 14083:2023), emissions are intensity times activity. Where the
 * intensity is over driven kilometres and the distance is planned, or the other way round, the category’s ratio of the two goes in;
 * without one the two are not multiplied.
 *
 * @throws `carbon.bad-chain`, `carbon.basis-mismatch` for kilometres of unlike kind, `carbon.no-way`
 */
export function countElement(
  element: ChainElement,
  { category, intensity }: { readonly category: Category; readonly intensity: Intensity },
  { shipment, places, boundary }: Pick<ChainInput, 'shipment' | 'places' | 'boundary'>,
  { network, path }: { readonly network: Network | undefined; readonly path: string },
): CountedElement {
  const massKg = parseDecimal(element.massKg ?? shipment.massKg, `${path}.massKg`)
  const distance = category.kind === 'transport' ? distanceOf(element, category, places, network, path) : undefined
  if (category.kind === 'hub' && element.distance !== undefined) {
    throw carbonErrors.badChain({
      detail: `${element.id} is a hub operation, which covers no distance`,
      place: { path: `${path}.distance` },
      found: element.distance,
      expected: 'no distance, or a transport category',
    })
  }
  const warnings: string[] = []
  if (isCooledByOther(category)) {
    warnings.push(
      `${category.id} is refrigerated, and its factor is not one of cooled freight: the cooling is not counted`,
    )
  }
  if (distance?.doubt !== undefined) warnings.push(distance.doubt)
  const { km, multiplier } = adjusted(element, category, distance, warnings, path)
  const tonnes = times(massKg, thousandth)
  const load = category.per.startsWith('TEU') ? teuOf(element, shipment, path) : tonnes
  const counted = km === undefined ? load : times(load, km)
  const scaled = (kg: Decimal | null): Decimal | null => {
    if (kg === null) return null
    const product = times(kg, multiplier === undefined ? counted : times(counted, multiplier))
    return intensity.over.eq(1) ? product : product.dividedBy(intensity.over).toDecimalPlaces(quotientDecimals)
  }
  const [ttw, wtt] = [scaled(intensity.kg.ttw), scaled(intensity.kg.wtt)]
  const kg: Parts = { ttw, wtt, wtw: ttw !== null && wtt !== null ? plus(ttw, wtt) : scaled(intensity.kg.wtw) }
  refuseUnknown(kg, boundary, element, category, path)
  return {
    ...{ element, category, massKg, counted, kg, warnings },
    ...(distance === undefined ? {} : { distance }),
    ...(km === undefined ? {} : { countedKm: km }),
    ...(intensity.relative === undefined ? {} : { relative: intensity.relative }),
    ...(multiplier === undefined ? {} : { adjustment: multiplier }),
    activityTkm: km === undefined ? new Decimal(0) : times(tonnes, km),
    biogenicKg: scaled(intensity.biogenicKg) ?? new Decimal(0),
  }
}

const isCooledByOther = ({ temperature, intensity }: Category): boolean =>
  temperature === 'refrigerated' && intensity.from === 'factor' && !intensity.subject.includes('refrigerated')

/** TTW and WTW do not add up: an element without the part that the chain is of is refused, with both sides named. */
function refuseUnknown(
  kg: Parts,
  boundary: 'WTW' | 'TTW',
  { id }: ChainElement,
  category: Category,
  path: string,
): void {
  if ((boundary === 'WTW' ? kg.wtw : kg.ttw) !== null) return
  const has = (['wtw', 'ttw', 'wtt'] as const).filter((name) => kg[name] !== null).map((name) => name.toUpperCase())
  throw carbonErrors.basisMismatch({
    detail: `The chain is ${boundary}, and ${category.id}, by which ${id} is counted, is known as ${has.join(' and ') || 'nothing'}`,
    place: { path: `${path}.category` },
    found: has.join(', ') || 'no part',
    expected:
      boundary === 'WTW'
        ? 'a well-to-tank part: wttKgCo2e, wttKgCo2ePerUnit of the energy, or boundary TTW for the whole chain'
        : 'a tank-to-wheel part, or boundary WTW for the whole chain',
  })
}

function teuOf({ teu, id }: ChainElement, shipment: ChainInput['shipment'], path: string): Decimal {
  const value = teu ?? shipment.teu
  if (value !== undefined) return parseDecimal(value, `${path}.teu`)
  throw carbonErrors.badChain({
    detail: `${id} is counted by TEU, and nobody says how many; tonnes are never taken for them`,
    place: { path: `${path}.teu` },
    expected: 'teu of the element or of the shipment',
  })
}

interface Adjusted {
  /** Kilometres that activity is counted over. */
  readonly km?: Decimal
  readonly multiplier?: Decimal
}

function adjusted(
  { id }: ChainElement,
  category: Category,
  distance: Distance | undefined,
  warnings: string[],
  path: string,
): Adjusted {
  if (distance === undefined) return {}
  const { km, kind } = distance
  if (category.distance === undefined) {
    warnings.push(`${category.id} does not say of which way its kilometres are; they are taken as ${kind}, as of ${id}`)
  }
  if (category.distance === undefined || category.distance === kind) {
    if (kind === 'actual') warnings.push(`${id} is counted over driven kilometres; ISO 14083 counts planned ones`)
    return { km }
  }
  const ratio = category.distanceAdjustment
  if (ratio === undefined || (kind !== 'actual' && category.distance !== 'actual')) {
    throw carbonErrors.basisMismatch({
      detail: `${id} is ${kind} and the kilometres of ${category.id} are ${category.distance}`,
      place: { path: `${path}.distance.kind` },
      found: kind,
      expected:
        ratio === undefined ? `${category.distance}, or a distanceAdjustment of the category` : category.distance,
    })
  }
  const factor = parseDecimal(ratio)
  if (category.distance === 'actual') return { km, multiplier: factor }
  return { km: km.dividedBy(factor).toDecimalPlaces(quotientDecimals) }
}

function distanceOf(
  element: ChainElement,
  { mode }: Category,
  places: ChainInput['places'],
  network: Network | undefined,
  path: string,
): Distance {
  const { id, distance, from, to } = element
  const bad = (detail: string, field: string, expected: string, found?: unknown) =>
    carbonErrors.badChain({ detail: `${id}: ${detail}`, place: { path: `${path}.${field}` }, found, expected })
  if (distance === undefined) throw bad('transport covers a distance', 'distance', 'distance: { kind, km }')
  const { kind, km } = distance
  const end = (name: string | undefined, field: string): End => {
    const place =
      name === undefined
        ? undefined
        : Object.hasOwn(places, name)
          ? places[name]
          : network?.places[network.indexOf.get(name) ?? -1]
    if (name === undefined || place === undefined)
      throw bad('the place is not known', field, 'a place of places, or a node', name)
    return { label: name, place }
  }
  if (km !== undefined) {
    const told = parseDecimal(km, `${path}.distance.km`)
    if (from === undefined || to === undefined || !Object.hasOwn(places, from) || !Object.hasOwn(places, to)) {
      return { km: told, kind }
    }
    const straight = greatCircleKm(places[from]!, places[to]!)
    // A tenth of a percent and a kilometre for coordinates of towns.
    if (told.toNumber() < 0.999 * straight - 1) {
      throw bad('no way is shorter than the great circle', 'distance.km', `${straight.toFixed(1)} km at least`, km)
    }
    if (kind === 'great-circle' && told.toNumber() > 1.01 * straight + 1) {
      return {
        km: told,
        kind,
        doubt: `${id}: the great circle is ${straight.toFixed(1)} km, and ${km} km are told for it`,
      }
    }
    return { km: told, kind }
  }
  if (kind === 'actual') throw bad('a driven distance is measured, not computed', 'distance.km', 'km')
  const [a, b] = [end(from, 'from'), end(to, 'to')]
  if (kind === 'great-circle') return { km: new Decimal(greatCircleKm(a.place, b.place).toFixed(3)), kind }
  if (network === undefined)
    throw bad('a shortest feasible distance needs a network, or km', 'distance', 'network, or km')
  const way = shortestWay(network, a, b, mode!)
  return { km: new Decimal(way.km.toFixed(3)), kind, way: way.nodes }
}
