import { addCapacities, boundByCapacity } from './capacity.ts'
import { addSetPoints, refuseUnsupported } from './dispatch.ts'
import { none, type Program } from './program.ts'
import type { Components, Varying } from './table.ts'

/**
 * Storage units: power and energy in one capacity (`p_nom`, `max_hours`), with inflow that may be spilled.
 * Source: PyPSA 1.3 `define_storage_unit_constraints`.
 */
export function addStorageUnits(program: Program): void {
  const { builder, network, steps } = program
  const { storage_units: units, snapshots } = network
  refuseUnsupported(units)
  addCapacities(program, units, 'p_nom')
  const minimum = units.varying('p_min_pu', -1)
  const maximum = units.varying('p_max_pu', 1)
  const hours = units.number('max_hours', 1)
  const inflow = units.varying('inflow', 0)
  const intoStore = units.varying('efficiency_store', 1)
  const outOfStore = units.varying('efficiency_dispatch', 1)
  const sign = units.number('sign', 1)
  const costs = {
    dispatch: units.varying('marginal_cost', 0),
    soc: units.varying('marginal_cost_storage', 0),
    spill: units.varying('spill_cost', 0),
  }
  const levels = readLevels(units, 'state_of_charge', 'cyclic_state_of_charge')
  const block = (name: string, cost: Varying | undefined, i: number, lower = 0): number => {
    const first = builder.addColumns(`storage_units.${name}`, steps, { lower })
    for (let t = 0; cost && t < steps; t += 1) builder.addCost(first + t, cost.at(i, t) * snapshots.objective[t]!)
    return first
  }
  const firsts = units.names.map((_, i) => {
    const dispatch = block('p_dispatch', costs.dispatch, i)
    const store = block('p_store', undefined, i)
    const soc = block('state_of_charge', costs.soc, i)
    const hasInflow = inflow.some(i, (value) => value > 0)
    const spill = hasInflow ? block('spill', costs.spill, i) : -1
    const bounds = (first: number, upper: (t: number) => number): void =>
      boundByCapacity(program, units, { i, first, perUnit: { lower: () => 0, upper } })
    bounds(dispatch, (t) => maximum.at(i, t))
    bounds(store, (t) => -minimum.at(i, t))
    bounds(soc, () => hours[i]!)
    program.inflow[program.busOf(units, i, 'bus')]!.push(
      { first: dispatch, share: () => sign[i]! },
      { first: store, share: () => -sign[i]! },
    )
    for (let t = 0; t < steps; t += 1) {
      const active = program.isActive(units, i, t)
      if (spill >= 0) builder.setBounds(spill + t, 0, active ? Math.max(0, inflow.at(i, t)) : 0)
      if (!active) continue
      // soc = kept · soc before + in · store − dispatch / out + inflow − spill, by elapsed hours
      const elapsed = snapshots.stores[t]!
      const before = levelBefore(program, units, levels, i, t)
      const given = inflow.at(i, t) * elapsed + before.initial
      builder.beginRow('state of charge', given, given)
      builder.term(soc + t, 1)
      builder.term(dispatch + t, elapsed / outOfStore.at(i, t))
      builder.term(store + t, -elapsed * intoStore.at(i, t))
      if (spill >= 0) builder.term(spill + t, elapsed)
      if (before.snapshot >= 0) builder.term(soc + before.snapshot, -kept(levels, i, t, elapsed))
      builder.endRow()
    }
    addNetSetPoint(i, dispatch, store)
    return { dispatch, store, soc }
  })
  const column = (of: (part: (typeof firsts)[number]) => number): Int32Array => Int32Array.from(firsts, of)
  const sets = [
    [column(({ dispatch }) => dispatch), 'p_dispatch_set'],
    [column(({ store }) => store), 'p_store_set'],
    [column(({ soc }) => soc), 'state_of_charge_set'],
  ] as const
  for (const [first, attribute] of sets)
    addSetPoints(program, units, { first, set: units.varying(attribute, Number.NaN) })
  program.columns.set('storage_units.level', sets[2][0])

  function addNetSetPoint(i: number, dispatch: number, store: number): void {
    const set = units.varying('p_set', Number.NaN)
    for (let t = 0; t < steps; t += 1) {
      const value = set.at(i, t)
      if (Number.isNaN(value) || !program.isActive(units, i, t)) continue
      builder.beginRow('storage set point', value, value)
      builder.term(dispatch + t, 1)
      builder.term(store + t, -1)
      builder.endRow()
    }
  }
}

/**
 * Stores: energy with a capacity, power without a limit of its own.
 * Source: PyPSA 1.3 `define_store_constraints`.
 */
export function addStores(program: Program): void {
  const { builder, network, steps } = program
  const { stores, snapshots } = network
  refuseUnsupported(stores)
  addCapacities(program, stores, 'e_nom')
  const minimum = stores.varying('e_min_pu', 0)
  const maximum = stores.varying('e_max_pu', 1)
  const sign = stores.number('sign', 1)
  const cost = stores.varying('marginal_cost', 0)
  const costOfLevel = stores.varying('marginal_cost_storage', 0)
  const levels = readLevels(stores, 'e', 'e_cyclic')
  const powers = new Int32Array(stores.count)
  const energies = new Int32Array(stores.count)
  for (let i = 0; i < stores.count; i += 1) {
    const power = builder.addColumns('stores.p', steps, { lower: none })
    const energy = builder.addColumns('stores.e', steps, { lower: none })
    powers[i] = power
    energies[i] = energy
    boundByCapacity(program, stores, {
      i,
      first: energy,
      perUnit: { lower: (t) => minimum.at(i, t), upper: (t) => maximum.at(i, t) },
    })
    program.inflow[program.busOf(stores, i, 'bus')]!.push({ first: power, share: () => sign[i]! })
    for (let t = 0; t < steps; t += 1) {
      if (!program.isActive(stores, i, t)) {
        builder.setBounds(power + t, 0, 0)
        continue
      }
      builder.addCost(power + t, cost.at(i, t) * snapshots.objective[t]!)
      builder.addCost(energy + t, costOfLevel.at(i, t) * snapshots.objective[t]!)
      // e = kept · e before − p, by elapsed hours
      const elapsed = snapshots.stores[t]!
      const before = levelBefore(program, stores, levels, i, t)
      builder.beginRow('energy of a store', before.initial, before.initial)
      builder.term(energy + t, 1)
      builder.term(power + t, elapsed)
      if (before.snapshot >= 0) builder.term(energy + before.snapshot, -kept(levels, i, t, elapsed))
      builder.endRow()
    }
  }
  addSetPoints(program, stores, { first: powers, set: stores.varying('p_set', Number.NaN) })
  addSetPoints(program, stores, { first: energies, set: stores.varying('e_set', Number.NaN) })
  program.columns.set('stores.level', energies)
}

/** How the level of a storage begins. */
interface Levels {
  readonly initial: Float64Array
  readonly cyclic: readonly boolean[]
  readonly cyclicPerPeriod: readonly boolean[]
  readonly initialPerPeriod: readonly boolean[]
  readonly loss: Varying
}

const readLevels = (components: Components, level: 'e' | 'state_of_charge', cyclic: string): Levels => ({
  initial: components.number(`${level}_initial`, 0),
  cyclic: components.flag(cyclic, false),
  cyclicPerPeriod: components.flag(`${cyclic}_per_period`, false),
  initialPerPeriod: components.flag(`${level}_initial_per_period`, false),
  loss: components.varying('standing_loss', 0),
})

const kept = ({ loss }: Levels, i: number, t: number, elapsed: number): number => (1 - loss.at(i, t)) ** elapsed

/**
 * The snapshot whose level a snapshot starts from, or −1 with the initial level: the one before in which the storage
 * works, at its first snapshot the last when it is cyclic; with several investment periods within each period where it
 * is cyclic or begins anew per period.
 */
function levelBefore(
  program: Program,
  components: Components,
  levels: Levels,
  i: number,
  t: number,
): { readonly snapshot: number; readonly initial: number } {
  const { periods, invests } = program.network.snapshots
  const begins = { snapshot: -1, initial: levels.initial[i]! }
  if (invests === 'in periods' && (levels.cyclicPerPeriod[i] || levels.initialPerPeriod[i])) {
    const period = periods.find(({ end }) => t < end)!
    if (t > period.first) return { snapshot: t - 1, initial: 0 }
    return levels.cyclicPerPeriod[i] ? { snapshot: period.end - 1, initial: 0 } : begins
  }
  for (let back = t - 1; back >= 0; back -= 1)
    if (program.isActive(components, i, back)) return { snapshot: back, initial: 0 }
  if (!levels.cyclic[i]) return begins
  for (let back = program.steps - 1; back >= t; back -= 1)
    if (program.isActive(components, i, back)) return { snapshot: back, initial: 0 }
  return begins
}
