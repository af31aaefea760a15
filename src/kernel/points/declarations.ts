import type { Site } from '../site/model.ts'

/** How a counter counts; values in the unit of its point. */
export interface CounterSpec {
  /** Value at which it starts at 0 again. */
  readonly rollover?: number
  /** More than this in an hour is no counting but a fault. */
  readonly maxPerHour?: number
}

/** What the section `points` of a site says of one point, as read. */
export interface PointDeclaration {
  readonly title: string
  readonly unit: string
  readonly role: 'measured' | 'computed' | 'setpoint'
  /** True: the kind of the asset has this point, and the site says more of it. */
  readonly ofKind: boolean
  readonly counter?: CounterSpec
  /** Of a computed point or virtual meter. */
  readonly expression?: string
  /** Points that the expression names, with their units. */
  readonly inputs?: Readonly<Record<string, string>>
  readonly retentionDays?: number
  /** Limits of error of the meter, ± percent of the reading: class 0.5 of IEC 62053-22 is 0.5. */
  readonly accuracyClass?: number
}

/** A point that a site declares. */
export interface DeclaredPoint extends PointDeclaration {
  /** `<owner>.<id>`. */
  readonly ref: string
  /** An asset, or a group that stands for none. */
  readonly owner: string
  readonly id: string
}

/** One point of a balance. */
export interface Flow {
  readonly ref: string
  readonly unit: string
}

/** What the section `balances` of a site says of one balance, as read. */
export interface BalanceDeclaration {
  readonly title: string
  readonly in: readonly Flow[]
  readonly out: readonly Flow[]
  /** Unit of all sums. */
  readonly unit: string
  /** Share of what goes in that may stay unexplained. */
  readonly toleranceShare?: number
}

/** A flow with what is known of its meter. */
export interface MeteredFlow extends Flow {
  /** ± percent of the reading. */
  readonly accuracyClass?: number
}

/** A balance of a site: what goes in is held against what goes out. */
export interface Balance extends Omit<BalanceDeclaration, 'in' | 'out'> {
  readonly id: string
  readonly in: readonly MeteredFlow[]
  readonly out: readonly MeteredFlow[]
}

/** The points that a site file declares, in its order; those of the kinds stand in the packs. */
export function declaredPoints(site: Site): readonly DeclaredPoint[] {
  const section = (site.sections.points ?? {}) as Readonly<Record<string, PointDeclaration>>
  return Object.entries(section).map(([ref, declaration]) => {
    const dot = ref.indexOf('.')
    return { ref, owner: ref.slice(0, dot), id: ref.slice(dot + 1), ...declaration }
  })
}

/** The balances that a site file declares, in its order. */
export function balancesOf(site: Site): readonly Balance[] {
  const section = (site.sections.balances ?? {}) as Readonly<Record<string, BalanceDeclaration>>
  const declared = new Map(declaredPoints(site).map((point) => [point.ref, point]))
  const metered = (flow: Flow): MeteredFlow => {
    const accuracyClass = declared.get(flow.ref)?.accuracyClass
    return accuracyClass === undefined ? flow : { ...flow, accuracyClass }
  }
  return Object.entries(section).map(([id, balance]) => ({
    id,
    ...balance,
    in: balance.in.map(metered),
    out: balance.out.map(metered),
  }))
}
