import { createFactorBook, type Factor, type FactorBook, readFactorSet, shippedSets } from '../factors/index.ts'
import { exactUnit } from '../quantity/exact-unit.ts'
import pressFactors from './data/press-factors.json' with { type: 'json' }
import type { Claim, Mode } from './stated.ts'

/** What has to hold besides what the claim says, for a factor to be the one that it was made with. */
export const assumptions = [
  'place',
  'other-place',
  'other-year',
  'fossil-power-only',
  'traded-power-left-out',
  'marginal',
  'with-upstream',
  'other-gas',
  'no-official-source',
  'calorific',
  'equivalent',
  'fuel',
  'vehicle-class',
  'period',
] as const
export type Assumption = (typeof assumptions)[number]

/** A value that a quotient of a claim may be, with what it takes. */
export interface Family {
  readonly value: number
  /** For people: `China 2023, average`. */
  readonly label: string
  readonly factors: readonly Factor[]
  readonly assumptions: readonly Assumption[]
}

/** Where and when a claim is made; absent: it does not say. */
export interface ClaimContext {
  readonly region?: string
  /** Year of the quantities. */
  readonly year?: number
}

let book: FactorBook | undefined
/** The shipped factors, and those that are known to be used in the press. */
export function claimBook(): FactorBook {
  book ??= createFactorBook([...shippedSets(), readFactorSet(pressFactors)])
  return book
}

/** The value of a factor in a unit of the same dimension. */
function valueIn(factor: Factor, unit: string): number {
  const [from, to] = [exactUnit(factor.unit), exactUnit(unit)]
  const ratio = Number(from.numerator * to.denominator) / Number(from.denominator * to.numerator)
  return Number(factor.value) * ratio
}

const labelOf = ({ title, valid, variant, region }: Factor): string =>
  [
    title,
    region === undefined ? '' : `(${region})`,
    valid.to === undefined ? '' : valid.from.slice(0, 4),
    variant ?? '',
  ]
    .filter((part) => part !== '')
    .join(' ')

/** How much an assumption asks of a reader: another place than that of the claim asks most. */
const weights: Readonly<Partial<Record<Assumption, number>>> = {
  'other-place': 3,
  'no-official-source': 2,
  'other-year': 1.5,
}

/** The less, the better a family explains. */
export const weightOf = ({ assumptions: assumed }: Family): number =>
  assumed.reduce((sum, one) => sum + (weights[one] ?? 1), 0)

/** What a kilowatt-hour is taken to avoid or to emit, kg/kWh. */
export function electricityFamilies(context: ClaimContext, gas: 'CO2' | 'CO2e'): readonly Family[] {
  return claimBook()
    .of('emission', 'electricity')
    .map((factor) => ({
      value: valueIn(factor, 'kg/kWh'),
      label: labelOf(factor),
      factors: [factor],
      assumptions: [
        ...placeOf(factor, context),
        ...yearOf(factor, context),
        ...variantOf(factor),
        ...(factor.basis.boundary === 'lifecycle' ? (['with-upstream'] as const) : []),
        ...(factor.basis.gas === gas ? [] : (['other-gas'] as const)),
      ],
    }))
}

function placeOf({ region = '' }: Factor, context: ClaimContext): readonly Assumption[] {
  if (context.region === undefined) return ['place']
  const wider = [context.region, claimBook().gridRegionOf(context.region), context.region.slice(0, 2)]
  return wider.includes(region) ? [] : ['other-place']
}

/** A claim may use what was published when it was made: factors come out two years late. */
const yearsLate = 2

function yearOf({ valid }: Factor, { year }: ClaimContext): readonly Assumption[] {
  if (valid.to === undefined || year === undefined) return []
  const of = Number(valid.from.slice(0, 4))
  return year - of >= 0 && year - of <= yearsLate ? [] : ['other-year']
}

function variantOf({ variant }: Factor): readonly Assumption[] {
  if (variant === 'fossil-only' || variant === 'thermal power') return ['fossil-power-only']
  if (variant?.endsWith(' margin')) return ['marginal']
  if (variant === 'without-traded-non-fossil') return ['traded-power-left-out']
  return variant === 'press' || variant === 'statistics forms' ? ['no-official-source'] : []
}

/** Standard coal of a kilowatt-hour, kgce/kWh. */
export function coalFamilies(context: ClaimContext): readonly Family[] {
  return claimBook()
    .of('coal-equivalent', 'electricity')
    .map((factor) => ({
      value: valueIn(factor, 'kgce/kWh'),
      label: labelOf(factor),
      factors: [factor],
      assumptions: [
        ...placeOf(factor, { region: 'CN', ...context }),
        ...yearOf(factor, context),
        ...(factor.variant === 'calorific' || factor.variant === 'equivalent' ? [factor.variant] : variantOf(factor)),
      ] as readonly Assumption[],
    }))
}

/** CO2 of a kilogram of standard coal, kg/kgce: of each fuel, and as recommended for standard coal. */
export function fuelFamilies(): readonly Family[] {
  const recommended = claimBook().of('emission', 'standard-coal')
  const burnt = [
    'anthracite',
    'coking-coal',
    'other-bituminous',
    'sub-bituminous',
    'lignite',
    'coke',
    'diesel',
    'gas-diesel-oil',
    'residual-fuel-oil',
    'motor-gasoline',
    'lpg',
    'natural-gas',
    'blast-furnace-gas',
  ].flatMap((fuel) =>
    claimBook()
      .of('emission', fuel)
      .filter(({ basis, unit, variant }) => basis.gas === 'CO2' && unit === 'kg/TJ' && variant === 'ipcc-2006'),
  )
  return [
    ...recommended.map((factor) => ({
      value: valueIn(factor, 'kg/kgce'),
      label: labelOf(factor),
      factors: [factor],
      assumptions: [],
    })),
    ...burnt.map((factor) => ({
      value: valueIn(factor, 'kg/kgce'),
      label: `${factor.subject} burnt`,
      factors: [factor],
      assumptions: ['fuel'] as const,
    })),
  ]
}

const modeSubjects: Readonly<Record<Mode, RegExp>> = {
  road: /^hgv/,
  rail: /^rail-freight/,
  water: /^(container-ship|bulk-carrier)/,
  air: /^air/,
}

/** What a tonne-kilometre saves by another way, kg/(t·km): every pair of factors of one document and one boundary. */
export function shiftFamilies({ from, to }: NonNullable<Claim['shift']>): readonly Family[] {
  const set = claimBook().sets.find(({ id }) => id === 'transport')
  const of = (mode: Mode): readonly Factor[] =>
    (set?.factors ?? []).filter(({ subject, basis }) => modeSubjects[mode].test(subject) && basis.boundary !== 'WTT')
  return of(from).flatMap((before) =>
    of(to)
      .filter(({ source, basis }) => source.title === before.source.title && basis.boundary === before.basis.boundary)
      .map((after) => ({
        value: valueIn(before, 'kg/(t·km)') - valueIn(after, 'kg/(t·km)'),
        label: `${before.title} → ${after.title}, ${before.source.publisher}`,
        factors: [before, after],
        assumptions: ['vehicle-class'] as const,
      })),
  )
}
