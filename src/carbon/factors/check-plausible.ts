import { sameDimension } from '../../kernel/index.ts'
import { convert, exactUnit, quantity } from '../quantity/index.ts'
import type { Factor } from './factor.ts'

/** One thing that cannot be, with where it was found. */
export interface Implausible {
  readonly detail: string
  readonly path: string
  readonly found?: unknown
  readonly expected?: string
}

interface Bound {
  readonly what: string
  readonly unit: string
  readonly most: number
  readonly holds: (factor: Factor) => boolean
}

/**
 * Beyond these a factor is in another unit than it says. Electricity: lignite alone gives about 1.3 kg/kWh. Fuels: blast-furnace
 * gas has 260 t/TJ. Freight: a van half empty has about 1 kg/(t·km). Hydrogen has 141.9 MJ/kg by its higher heating value.
 */
const bounds: readonly Bound[] = [
  {
    what: 'electricity',
    unit: 'kg/kWh',
    most: 2,
    holds: ({ subject, kind }) => kind === 'emission' && subject === 'electricity',
  },
  { what: 'a fuel by energy', unit: 'kg/TJ', most: 300_000, holds: ({ basis }) => basis.heatingValue !== undefined },
  { what: 'freight', unit: 'kg/(t·km)', most: 5, holds: ({ kind }) => kind === 'emission' },
  { what: 'a heating value', unit: 'MJ/kg', most: 142, holds: ({ kind }) => kind === 'heating-value' },
  { what: 'a coal equivalent', unit: 'kgce/kg', most: 5, holds: ({ kind }) => kind === 'coal-equivalent' },
]

/** The order that a set gives of two of its values. */
export interface Order {
  readonly lower: string
  readonly upper: string
  readonly why: string
}

/** What cannot be of factors together: sizes, orders, two that hold at the same time, a nation beyond all its provinces. */
export function checkPlausible(
  factors: readonly Factor[],
  orders: readonly Order[],
  set: string,
): readonly Implausible[] {
  const byId = new Map(factors.map((factor) => [factor.id, factor]))
  return [
    ...factors.flatMap(tooLarge),
    ...orders.flatMap((order, index) => outOfOrder(order, byId, set, index)),
    ...overlaps(factors),
    ...beyondProvinces(factors),
  ]
}

function tooLarge(factor: Factor): readonly Implausible[] {
  return bounds.flatMap(({ what, unit, most, holds }) => {
    if (!holds(factor) || !sameDimension(exactUnit(factor.unit).dimension, exactUnit(unit).dimension)) return []
    const value = valueIn(factor, unit)
    if (Math.abs(value) <= most) return []
    return [
      {
        detail: `${factor.id} is larger than any of ${what}; is it in ${factor.unit}?`,
        path: factor.id,
        found: `${value} ${unit}`,
        expected: `${most} ${unit} at most`,
      },
    ]
  })
}

function outOfOrder(
  order: Order,
  byId: ReadonlyMap<string, Factor>,
  set: string,
  index: number,
): readonly Implausible[] {
  const path = `orders.${index}`
  const [lower, upper] = [byId.get(`${set}/${order.lower}`), byId.get(`${set}/${order.upper}`)]
  if (!lower || !upper) {
    return [{ detail: 'An order names a factor that is not there', path, found: lower ? order.upper : order.lower }]
  }
  if (!sameDimension(exactUnit(lower.unit).dimension, exactUnit(upper.unit).dimension)) {
    return [{ detail: 'Two values of unlike unit have no order', path, found: `${lower.unit}, ${upper.unit}` }]
  }
  if (valueIn(lower, upper.unit) <= valueIn(upper, upper.unit)) return []
  return [
    {
      detail: `${order.lower} is above ${order.upper}. ${order.why}`,
      path,
      found: `${lower.value} ${lower.unit}`,
      expected: `${upper.value} ${upper.unit} at most`,
    },
  ]
}

/** Two factors for the same question at the same time: none of them could be chosen. */
function overlaps(factors: readonly Factor[]): readonly Implausible[] {
  const groups = Map.groupBy(factors, ({ kind, subject, variant = '', region = '', basis, unit }) =>
    [kind, subject, variant, region, basis.gas, basis.gwpSet, basis.boundary, basis.heatingValue, unit].join('|'),
  )
  return [...groups.values()].flatMap((group) => {
    const sorted = group.toSorted((a, b) => (a.valid.from < b.valid.from ? -1 : 1))
    return sorted.slice(1).flatMap((factor, index): Implausible[] => {
      const before = sorted[index]!
      if (before.valid.to !== undefined && before.valid.to <= factor.valid.from) return []
      return [
        {
          detail: `${before.id} and ${factor.id} hold at the same time for the same thing`,
          path: factor.id,
          found: `${before.valid.from}…, ${factor.valid.from}…`,
          expected: 'spans that do not overlap, or another variant',
        },
      ]
    })
  })
}

/** A national average lies among those of the provinces, where most of them are there. */
function beyondProvinces(factors: readonly Factor[]): readonly Implausible[] {
  const averages = factors.filter(({ kind, variant, region }) => kind === 'emission' && variant === 'average' && region)
  const groups = Map.groupBy(averages, ({ subject, unit, valid, region = '' }) =>
    [subject, unit, valid.from, region.slice(0, 2)].join('|'),
  )
  return [...groups.values()].flatMap((group): Implausible[] => {
    const national = group.find(({ region }) => region?.length === 2)
    const values = group.filter(({ region }) => region?.includes('-')).map(({ value }) => Number(value))
    if (!national || values.length < 20) return []
    const [least, most] = [Math.min(...values), Math.max(...values)]
    if (Number(national.value) >= least && Number(national.value) <= most) return []
    return [
      {
        detail: `${national.id} lies outside all of its provinces`,
        path: national.id,
        found: national.value,
        expected: `${least} to ${most} ${national.unit}`,
      },
    ]
  })
}

const valueIn = (factor: Factor, unit: string): number =>
  convert(quantity(factor.value, exactUnit(factor.unit).symbol.replace(/CO2e?|CH4|N2O/, '')), unit).amount.toNumber()
