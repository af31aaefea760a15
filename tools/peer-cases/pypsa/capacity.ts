import { peerErrors } from '../errors.ts'
import { type Capacities, infinite, type Program } from './program.ts'
import type { Components } from './table.ts'

/** Hours of a year, by which PyPSA counts how many years the snapshots stand for. */
const hoursPerYear = 8760

/**
 * Columns for the capacities of a kind that are to be found, with their capital cost, limits and modules.
 * Source: PyPSA 1.3 `define_nominal_constraints_for_extendables`, `define_modular_constraints`, `define_objective`.
 * @param attribute `p_nom`, `s_nom` or `e_nom`
 */
export function addCapacities(program: Program, components: Components, attribute: string): Capacities {
  const { builder } = program
  const extendable = components.flag(`${attribute}_extendable`, false)
  const given = components.number(attribute, 0)
  const minimum = components.number(`${attribute}_min`, 0)
  const maximum = components.number(`${attribute}_max`, infinite)
  const set = components.number(`${attribute}_set`, Number.NaN)
  const module = components.number(`${attribute}_mod`, 0)
  const cost = periodizedCost(program, components)
  const column = Int32Array.from({ length: components.count }, (_, i) => {
    if (!extendable[i]) return -1
    const fixed = Number.isNaN(set[i]!) ? undefined : set[i]!
    const weight = activeWeight(program, components, i)
    const first = builder.addColumns(`${components.kind}.${attribute}`, 1, {
      lower: fixed ?? minimum[i]!,
      upper: fixed ?? maximum[i]!,
      cost: cost(i) * weight,
    })
    program.objectiveConstant += cost(i) * weight * given[i]!
    if (module[i]! > 0) {
      const count = builder.addColumns(`${components.kind}.modules`, 1, { integer: true })
      builder.beginRow('modules', 0, 0)
      builder.term(first, 1)
      builder.term(count, -module[i]!)
      builder.endRow()
    }
    return first
  })
  const capacities = { attribute, column, given }
  program.capacities.set(components.kind, capacities)
  return capacities
}

/** Sum of the weights of the periods in which a component works; 1 or 0 when the network invests once. */
export function activeWeight(program: Program, components: Components, i: number): number {
  const { periods } = program.network.snapshots
  return periods.reduce(
    (sum, { first, objective }) => sum + (program.isActive(components, i, first) ? objective : 0),
    0,
  )
}

/**
 * Cost of a unit of capacity over the horizon: `capital_cost`, or the annuity of `overnight_cost`, and `fom_cost`.
 * Source: PyPSA 1.3 `costs.py`.
 */
export function periodizedCost({ network }: Program, components: Components): (i: number) => number {
  const capital = components.number('capital_cost', 0)
  const overnight = components.number('overnight_cost', Number.NaN)
  const rate = components.number('discount_rate', Number.NaN)
  const lifetime = components.number('lifetime', infinite)
  const fixed = components.number('fom_cost', 0)
  const { objective, periods, invests } = network.snapshots
  const years = periods.map(
    ({ first, end, objective: weight }) =>
      objective.subarray(first, end).reduce((sum, value) => sum + value, 0) / (weight || 1) / hoursPerYear,
  )
  return (i) => {
    if (Number.isNaN(overnight[i]!)) return capital[i]! + fixed[i]!
    if (Number.isNaN(rate[i]!) || (invests === 'in periods' && new Set(years).size > 1)) {
      throw peerErrors.unsupported({
        detail: `overnight_cost of «${components.names[i]}» needs a discount_rate and periods of equal length`,
        place: components.place(i, 'overnight_cost'),
      })
    }
    return overnight[i]! * annuity(rate[i]!, lifetime[i]!) * years[0]! + fixed[i]!
  }
}

function annuity(rate: number, lifetime: number): number {
  if (lifetime === infinite) return Math.max(rate, 0)
  return rate === 0 ? 1 / lifetime : rate / (1 - (1 + rate) ** -lifetime)
}

/** A product in which zero times infinity is zero. */
export const times = (a: number, b: number): number => (a === 0 || b === 0 ? 0 : a * b)

/** Bounds per unit of capacity at each snapshot of a component. */
export interface PerUnit {
  readonly lower: (t: number) => number
  readonly upper: (t: number) => number
}

/**
 * Holds a block of columns between its bounds per unit of the component's capacity: as bounds where the capacity is
 * given, as rows where it is to be found. A component that does not work is held at 0.
 */
export function boundByCapacity(
  program: Program,
  components: Components,
  { i, first, perUnit }: { readonly i: number; readonly first: number; readonly perUnit: PerUnit },
): void {
  const { builder, steps } = program
  const { column, given } = program.capacities.get(components.kind)!
  const capacity = column[i]!
  for (let t = 0; t < steps; t += 1) {
    const lower = perUnit.lower(t)
    const upper = perUnit.upper(t)
    if (!program.isActive(components, i, t)) {
      builder.setBounds(first + t, 0, 0)
      continue
    }
    if (capacity < 0) {
      builder.setBounds(first + t, times(lower, given[i]!), times(upper, given[i]!))
      continue
    }
    // A capacity is never negative, so a zero per unit is a bound by itself.
    builder.setBounds(first + t, lower === 0 ? 0 : -infinite, upper === 0 ? 0 : infinite)
    if (lower !== 0) {
      builder.beginRow(`${components.kind} lower`, 0, infinite)
      builder.term(first + t, 1)
      builder.term(capacity, -lower)
      builder.endRow()
    }
    if (upper !== 0) {
      builder.beginRow(`${components.kind} upper`, -infinite, 0)
      builder.term(first + t, 1)
      builder.term(capacity, -upper)
      builder.endRow()
    }
  }
}
