import { checkValue, hashOf, MangroveError, type Place, type Problem, sameDimension } from '../../../kernel/index.ts'
import { carbonErrors } from '../../errors.ts'
import { type Decimal, dimensionName, exactUnit, parseDecimal } from '../../quantity/index.ts'
import { type CoalMethod, type SchemeFile, SchemeSchema } from './schema.ts'

/** An energy use from here on, up to the begin of the next, has this limit. */
export interface Band {
  readonly from: Decimal
  /** Absent: no end. */
  readonly below?: Decimal
  readonly limit: Decimal
  readonly verify?: string
}

/** A scheme that was checked, with its numbers as decimals. */
export interface Scheme {
  readonly file: SchemeFile
  readonly sha256: string
  readonly bands: readonly Band[]
  /** `calorific` alone where energy is counted as energy. */
  readonly coalMethods: readonly CoalMethod[]
}

const energy = { kg: 1, m: 2, s: -2 }
const mass = { kg: 1 }

/**
 * Reads a scheme and holds it against what can be known of it: schema, units, bands that follow each other.
 *
 * @param placeOf place of a path in the file it came from
 * @throws `carbon.bad-scheme` with every problem found
 */
export function readScheme(input: unknown, placeOf: (path: string) => Place = (path) => ({ path })): Scheme {
  const bad = carbonErrors.badScheme.problem
  const { problems } = checkValue(SchemeSchema, input)
  refuse(problems.map((one) => bad({ ...one, place: placeOf(one.place?.path ?? '') })))
  const file = input as SchemeFile
  const { indicator, gas, gwpSet } = file
  const found: Problem[] = []
  const unitOf = (field: 'emissionsUnit' | 'energyUnit', dimension: Readonly<Record<string, number>>): void => {
    const text = indicator[field]
    const place = placeOf(`indicator.${field}`)
    const unit = tryUnit(text)
    if (unit === undefined)
      found.push(bad({ detail: 'This is no unit', place, found: text, expected: 'tCO2, tce, MWh' }))
    else if (!sameDimension(unit.dimension, dimension)) {
      found.push(
        carbonErrors.unitMismatch.problem({
          detail: `The indicator is ${dimensionName(mass)} over ${dimensionName(energy)}; ${text} is ${dimensionName(unit.dimension)}`,
          ...{ place, found: text, expected: `a unit of ${dimensionName(dimension)}` },
        }),
      )
    } else if (field === 'emissionsUnit' && unit.gas !== gas) {
      const expected = `a mass of ${gas}: t${gas}`
      found.push(bad({ detail: 'The unit of the emissions says another gas', place, found: text, expected }))
    }
  }
  unitOf('emissionsUnit', mass)
  unitOf('energyUnit', energy)
  if ((gas === 'CO2e') !== (gwpSet !== undefined)) {
    const detail = gas === 'CO2e' ? 'CO2e needs its set of GWPs' : 'Only CO2e has a set of GWPs'
    found.push(bad({ detail, place: placeOf('gwpSet'), found: gwpSet ?? 'none', expected: 'gwpSet with CO2e alone' }))
  }
  const { from: first, to: last } = file.years
  if (last !== undefined && last < first) {
    found.push(bad({ detail: 'The last year is before the first', place: placeOf('years.to'), found: last }))
  }
  const ids = file.guiding.map(({ id }) => id)
  ids.forEach((id, k) => {
    if (ids.indexOf(id) !== k)
      found.push(bad({ detail: 'Two indicators have this id', place: placeOf(`guiding.${k}.id`), found: id }))
  })
  file.guiding.forEach(({ unit }, k) => {
    if (unit !== 'level' && tryUnit(unit) === undefined) {
      found.push(
        bad({ detail: 'This is no unit', place: placeOf(`guiding.${k}.unit`), found: unit, expected: '%, level' }),
      )
    }
  })
  const bands = indicator.bands.map(
    ({ from, below, limit, verify }): Band => ({
      from: parseDecimal(from),
      ...(below === undefined ? {} : { below: parseDecimal(below) }),
      limit: parseDecimal(limit),
      ...(verify === undefined ? {} : { verify }),
    }),
  )
  bands.forEach((band, k) => {
    const next = bands[k + 1]
    const place = placeOf(`indicator.bands.${k}.below`)
    if (band.below?.lte(band.from)) {
      found.push(bad({ detail: 'A band ends before it begins', place, found: band.below.toFixed() }))
    }
    if (next !== undefined && !band.below?.eq(next.from)) {
      const expected = `${next.from.toFixed()}, where the next band begins`
      found.push(
        bad({ detail: 'Bands leave a gap or overlap', place, found: band.below?.toFixed() ?? 'no end', expected }),
      )
    }
  })
  refuse(found)
  return { file, sha256: hashOf(file), bands, coalMethods: file.coal?.choices ?? ['calorific'] }
}

const refuse = (all: readonly Problem[]): void => {
  if (all.length > 0) throw new MangroveError(all.slice(0, 50))
}

function tryUnit(text: string) {
  try {
    return exactUnit(text)
  } catch (error) {
    if (error instanceof MangroveError) return undefined
    throw error
  }
}
