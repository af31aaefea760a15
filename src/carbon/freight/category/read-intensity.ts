import { carbonErrors } from '../../errors.ts'
import type { Factor } from '../../factors/index.ts'
import { Decimal, exactUnit, parseDecimal, plus, times } from '../../quantity/index.ts'
import { countEnergy, countRefrigerant } from './count-energy.ts'
import type { Lookup } from './look-up.ts'
import type { Category } from './schema.ts'

/** Kilograms of CO2e of both parts; `null` where one is not known. Where all three are, WTW = TTW + WTT. */
export interface Parts {
  readonly ttw: Decimal | null
  readonly wtt: Decimal | null
  readonly wtw: Decimal | null
}

/** What a category gives: kilograms over so much activity, kept as a ratio so that nothing rounds on the way. */
export interface Intensity {
  readonly kg: Parts
  readonly biogenicKg: Decimal
  readonly over: Decimal
  /** Half of the 95 % interval over the value, where it is known. */
  readonly relative?: number
  readonly factors: readonly Factor[]
  readonly warnings: readonly string[]
}

const zero = new Decimal(0)
const unit = new Decimal(1)

/**
 * The intensity of a transport or hub operation category (ISO 14083:2023): stated by who runs it, from a factor, or
 * emissions of all the energy over all the activity, with empty trips in the one and without load in the other.
 *
 * @throws `carbon.bad-chain`, `carbon.basis-mismatch`, `carbon.no-factor`
 */
export function readIntensity(category: Category, lookup: Lookup, path: string): Intensity {
  checkCategory(category, path)
  const read = readParts(category, lookup, path)
  const relative = category.relative ?? relativeOf(read.factors)
  return relative === undefined ? read : { ...read, relative }
}

/** Of a sum of factors, the larger of theirs: right where they err together, and never too small. */
function relativeOf(factors: readonly Factor[]): number | undefined {
  const all = factors.flatMap(({ relative }) => relative ?? [])
  return all.length > 0 && all.length === factors.length ? Math.max(...all) : undefined
}

function readParts(category: Category, lookup: Lookup, path: string): Intensity {
  const { intensity } = category
  switch (intensity.from) {
    case 'stated': {
      const { ttwKgCo2e, wttKgCo2e, wtwKgCo2e, gwpSet } = intensity
      if (gwpSet !== undefined && gwpSet !== lookup.gwpSet) {
        throw carbonErrors.basisMismatch({
          detail: `${category.id} is CO2e by ${gwpSet}, the chain is by ${lookup.gwpSet}`,
          place: { path: `${path}.intensity.gwpSet` },
          found: gwpSet,
          expected: lookup.gwpSet,
        })
      }
      const [ttw, wtt, wtw] = [ttwKgCo2e, wttKgCo2e, wtwKgCo2e].map((one) =>
        one === undefined ? null : parseDecimal(one),
      )
      const kg = complete({ ttw: ttw ?? null, wtt: wtt ?? null, wtw: wtw ?? null }, category, path)
      return { kg, biogenicKg: zero, over: unit, factors: [], warnings: [] }
    }
    case 'factor':
      return fromFactor(category, lookup, path)
    case 'energy':
      return fromEnergy(category, lookup, path)
  }
}

/** Fills in the third part from two, and holds three against each other. */
function complete({ ttw, wtt, wtw }: Parts, { id }: Category, path: string): Parts {
  const bad = (detail: string, found: string, expected: string) =>
    carbonErrors.basisMismatch({ detail: `${id}: ${detail}`, place: { path: `${path}.intensity` }, found, expected })
  if (ttw === null && wtt === null && wtw === null) {
    throw carbonErrors.badChain({
      detail: `${id} states no intensity`,
      place: { path: `${path}.intensity` },
      expected: 'wtwKgCo2e and ttwKgCo2e, or ttwKgCo2e and wttKgCo2e',
    })
  }
  if (ttw !== null && wtw?.lt(ttw)) {
    throw bad('well-to-wheel is less than tank-to-wheel, which is a part of it', `WTW ${wtw}, TTW ${ttw}`, 'WTW ≥ TTW')
  }
  if (ttw !== null && wtt !== null) {
    const sum = plus(ttw, wtt)
    if (wtw !== null && !wtw.eq(sum)) throw bad('WTW is not TTW + WTT', `WTW ${wtw}`, `${ttw} + ${wtt} = ${sum}`)
    return { ttw, wtt, wtw: sum }
  }
  if (wtw === null) return { ttw, wtt, wtw }
  if (ttw !== null) return { ttw, wtt: wtw.minus(ttw), wtw }
  return wtt === null ? { ttw, wtt, wtw } : { ttw: wtw.minus(wtt), wtt, wtw }
}

function fromFactor(category: Category, lookup: Lookup, path: string): Intensity {
  const { id, per, intensity } = category
  if (intensity.from !== 'factor') throw new TypeError('The category has no factor')
  const { subject, region, at, readAs } = intensity
  const query = { kind: 'emission', subject, gas: 'CO2e', gwpSet: lookup.gwpSet } as const
  const value = ({ value, unit: own }: Factor): Decimal => {
    const [has, wants] = [exactUnit(own), exactUnit(`kg/(${per})`)]
    if (has.numerator === wants.numerator && has.denominator === wants.denominator && sameAs(has, wants)) {
      return parseDecimal(value)
    }
    throw carbonErrors.unitMismatch({
      detail: `${subject} is by ${own}, the category ${id} is per ${per}`,
      place: { path: `${path}.per` },
      found: own,
      expected: `kg/(${per})`,
    })
  }
  if (readAs) {
    const found = lookup.find({ ...query, boundary: 'unstated' }, region, at)
    const own = value(found.factor)
    const warning = `${found.factor.id} does not state its boundary; it is read as ${readAs.boundary} on the word of the input`
    const kg = readAs.boundary === 'TTW' ? { ttw: own, wtt: null, wtw: null } : { ttw: null, wtt: null, wtw: own }
    return { kg, biogenicKg: zero, over: unit, factors: [found.factor], warnings: [...found.warnings, warning] }
  }
  const ttw = lookup.find({ ...query, boundary: 'TTW' }, region, at)
  const wtt = lookup.tryFind({ ...query, boundary: 'WTT' }, region, at)
  const kg = complete({ ttw: value(ttw.factor), wtt: wtt ? value(wtt.factor) : null, wtw: null }, category, path)
  const factors = [ttw.factor, ...(wtt ? [wtt.factor] : [])]
  return { kg, biogenicKg: zero, over: unit, factors, warnings: [...ttw.warnings, ...(wtt?.warnings ?? [])] }
}

const sameAs = (a: { readonly dimension: object }, b: { readonly dimension: object }): boolean =>
  JSON.stringify(Object.entries(a.dimension).toSorted()) === JSON.stringify(Object.entries(b.dimension).toSorted())

function fromEnergy(category: Category, lookup: Lookup, path: string): Intensity {
  const { id, intensity } = category
  if (intensity.from !== 'energy') throw new TypeError('The category has no energy')
  const { uses, refrigerants = [], activity, trips } = intensity
  const at = `${path}.intensity`
  if ((activity === undefined) === (trips === undefined)) {
    throw carbonErrors.badChain({
      detail: `${id} needs its activity or its trips, and not both`,
      place: { path: at },
      found: activity === undefined ? 'none of them' : 'both',
      expected: 'activity, or trips',
    })
  }
  const over =
    activity !== undefined
      ? parseDecimal(activity)
      : (trips ?? []).reduce((sum, { load, km }) => plus(sum, times(parseDecimal(load), parseDecimal(km))), zero)
  if (over.isZero()) {
    throw carbonErrors.badChain({
      detail: `${id} has no activity to share its emissions`,
      place: { path: at },
      found: '0',
    })
  }
  const counted = uses.map((use, index) => countEnergy(use, lookup, `${at}.uses.${index}`))
  const leaks = refrigerants.map(({ gas, massKg }, index) =>
    countRefrigerant(gas, massKg, lookup, `${at}.refrigerants.${index}`),
  )
  const sum = (all: readonly (Decimal | null)[]): Decimal | null =>
    all.reduce((total, one) => (total === null || one === null ? null : plus(total, one)), zero)
  const ttw = sum([...counted.map(({ ttwKg }) => ttwKg), ...leaks.map(({ kg }) => kg)])
  const wtt = sum(counted.map(({ wttKg }) => wttKg))
  return {
    kg: { ttw, wtt, wtw: sum([ttw, wtt]) },
    biogenicKg: counted.reduce((total, { biogenicKg }) => plus(total, biogenicKg), zero),
    over,
    factors: [...counted, ...leaks].flatMap(({ factors }) => factors),
    warnings: counted.flatMap(({ warnings }) => warnings),
  }
}

function checkCategory({ id, kind, mode, hubType, per, distanceAdjustment, ...shares }: Category, path: string): void {
  const bad = (detail: string, field: string, found: unknown, expected: string) =>
    carbonErrors.badChain({ detail: `${id}: ${detail}`, place: { path: `${path}.${field}` }, found, expected })
  const isTransport = kind === 'transport'
  if (isTransport !== per.endsWith('km')) {
    throw bad(
      'the activity of transport is over kilometres, that of a hub is not',
      'per',
      per,
      isTransport ? 't·km, TEU·km' : 't, TEU',
    )
  }
  if (isTransport ? mode === undefined : mode !== undefined || hubType === undefined) {
    throw bad(
      isTransport ? 'transport has a mode' : 'a hub has a type and no mode',
      isTransport ? 'mode' : 'hubType',
      mode,
      'road, rail …',
    )
  }
  if (distanceAdjustment !== undefined && parseDecimal(distanceAdjustment).lt(1)) {
    throw bad('no way is shorter than the planned one', 'distanceAdjustment', distanceAdjustment, '1 or more')
  }
  for (const name of ['loadFactor', 'emptyDistanceFactor'] as const) {
    const share = shares[name]
    if (share !== undefined && parseDecimal(share).gt(1)) throw bad('a share is at most 1', name, share, '0 to 1')
  }
}
