import bounds from './data/bounds.json' with { type: 'json' }
import {
  type Assumption,
  type ClaimContext,
  coalFamilies,
  electricityFamilies,
  type Family,
  fuelFamilies,
} from './families.ts'
import type { Claim, Interval, Period, Role, Stated, Technology } from './stated.ts'

export const quotientIds = [
  'yield',
  'density',
  'area-yield',
  'emissions-per-energy',
  'emissions-per-coal',
  'coal-per-energy',
  'emissions-per-tree',
  'emissions-per-vehicle',
  'emissions-per-transport',
] as const
export type QuotientId = (typeof quotientIds)[number]

/** Two numbers of a claim, one over the other. */
export interface Quotient extends Interval {
  readonly id: QuotientId
  readonly unit: string
  readonly over: Stated
  readonly under: Stated
  /** Beyond what the claim says, to bring both to one period. */
  readonly assumptions: readonly Assumption[]
  readonly bounds?: Bounds
  /** Factors that the claim may rest on; absent: the bounds alone judge it. */
  readonly families?: readonly Family[]
}

export interface Bounds {
  readonly usual: readonly [number, number]
  readonly possible: readonly [number, number]
  readonly why: string
}

interface Kind {
  readonly id: QuotientId
  readonly over: Role
  readonly under: Role
  readonly unit: string
  /** The lower number counts in no period: the upper one is brought to a year. */
  readonly yearly?: boolean
  readonly families?: (context: ClaimContext, over: Stated) => readonly Family[]
}

const kinds: readonly Kind[] = [
  { id: 'yield', over: 'energy', under: 'capacity', unit: 'kWh/(kW·a)', yearly: true },
  { id: 'density', over: 'capacity', under: 'area', unit: 'kW/m2' },
  { id: 'area-yield', over: 'energy', under: 'area', unit: 'kWh/(m2·a)', yearly: true },
  {
    id: 'emissions-per-energy',
    over: 'emissions',
    under: 'energy',
    unit: 'kg/kWh',
    families: (context, { gas = 'CO2' }) => electricityFamilies(context, gas),
  },
  { id: 'emissions-per-coal', over: 'emissions', under: 'coal', unit: 'kg/kgce', families: () => fuelFamilies() },
  {
    id: 'coal-per-energy',
    over: 'coal',
    under: 'energy',
    unit: 'kgce/kWh',
    families: (context) => coalFamilies(context),
  },
  { id: 'emissions-per-tree', over: 'emissions', under: 'trees', unit: 'kg/a', yearly: true },
  { id: 'emissions-per-vehicle', over: 'emissions', under: 'vehicles', unit: 'kg/a', yearly: true },
  { id: 'emissions-per-transport', over: 'emissions', under: 'transport', unit: 'kg/(t·km)' },
]

/** Periods of a year. A total is no period of its own: it is compared with totals alone. */
const perYear: Readonly<Partial<Record<Period, number>>> = { year: 1, month: 12, day: 365.25 }

/** Every quotient that the numbers of a claim give. A number of one technology is not set over one of another. */
export function quotientsOf({ stated }: Claim, context: ClaimContext): readonly Quotient[] {
  return kinds.flatMap((kind) =>
    pairs(stated, kind).flatMap(([over, under]) => {
      const matched = onePeriod(over, under, kind.yearly ?? false)
      if (!matched) return []
      const found = boundsOf(kind.id, over.technology ?? under.technology)
      return {
        ...{ id: kind.id, unit: kind.unit, over, under, assumptions: matched.assumptions },
        low: (over.low * matched.factor) / under.high,
        high: (over.high * matched.factor) / under.low,
        ...(found ? { bounds: found } : {}),
        ...(kind.families ? { families: kind.families(context, over) } : {}),
      }
    }),
  )
}

/** Each upper number with the lower one of its period and technology; a total with totals. */
function pairs(
  stated: readonly Stated[],
  { over, under, yearly = false }: Kind,
): readonly (readonly [Stated, Stated])[] {
  const uppers = stated.filter(({ role }) => role === over)
  const lowers = stated.filter(({ role }) => role === under)
  return uppers.flatMap((upper) => {
    const fitting = lowers.filter(
      (lower) =>
        (upper.technology === undefined || lower.technology === undefined || upper.technology === lower.technology) &&
        (yearly || (upper.period === 'total') === (lower.period === 'total')),
    )
    const same = fitting.filter((lower) => lower.period === upper.period)
    const [best] = same.length > 0 ? same : fitting
    return best ? [[upper, best] as const] : []
  })
}

function onePeriod(
  over: Stated,
  under: Stated,
  yearly: boolean,
): { readonly factor: number; readonly assumptions: readonly Assumption[] } | undefined {
  if (yearly) {
    if (over.period === 'total') return undefined
    return { factor: perYear[over.period ?? 'year'] ?? 1, assumptions: over.period === undefined ? ['period'] : [] }
  }
  if (over.period === under.period) return { factor: 1, assumptions: [] }
  if (over.period === undefined || under.period === undefined) return { factor: 1, assumptions: ['period'] }
  const [upper, lower] = [perYear[over.period], perYear[under.period]]
  return upper === undefined || lower === undefined ? undefined : { factor: upper / lower, assumptions: [] }
}

function boundsOf(id: QuotientId, technology: Technology | undefined): Bounds | undefined {
  const found = bounds.find(
    (one) => one.ratio === id && (one.technology === undefined || one.technology === technology),
  )
  return found && { usual: pair(found.usual), possible: pair(found.possible), why: found.why }
}

const pair = ([low = 0, high = 0]: readonly number[]): readonly [number, number] => [low, high]
