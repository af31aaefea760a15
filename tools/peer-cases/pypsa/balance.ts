import type { Program } from './program.ts'

/**
 * Every bus in balance at every snapshot: what flows in is what the loads take.
 * Source: PyPSA 1.3 `define_nodal_balance_constraints`.
 */
export function addBalance(program: Program): void {
  const { builder, network, steps, inflow } = program
  const { loads, buses } = network
  const power = loads.varying('p_set', 0)
  const sign = loads.number('sign', -1)
  const demand = buses.names.map(() => new Float64Array(steps))
  for (let i = 0; i < loads.count; i += 1) {
    const bus = demand[program.busOf(loads, i, 'bus')]!
    for (let t = 0; t < steps; t += 1) if (program.isActive(loads, i, t)) bus[t]! -= sign[i]! * power.at(i, t)
  }
  buses.names.forEach((_, b) => {
    const flows = inflow[b]!
    const needs = demand[b]!
    if (flows.length === 0 && needs.every((value) => value === 0)) return
    for (let t = 0; t < steps; t += 1) {
      builder.beginRow('balance', needs[t]!, needs[t]!)
      for (const { first, share } of flows) {
        const coefficient = share(t)
        if (coefficient !== 0) builder.term(first + t, coefficient)
      }
      builder.endRow()
    }
  })
}
