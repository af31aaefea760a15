import { peerErrors } from '../errors.ts'
import { none, type Program } from './program.ts'
import type { Components } from './table.ts'

/**
 * Limits on the change of power from snapshot to snapshot, per unit of capacity; of committed units also in starting
 * and stopping. The first snapshot is limited only where `p_init` tells what came before, and with several investment
 * periods nothing is limited across their edges.
 * Source: PyPSA 1.3 `define_ramp_limit_constraints`.
 */
export function addRampLimits(
  program: Program,
  components: Components,
  { first, status }: { readonly first: Int32Array; readonly status: Int32Array },
): void {
  if (!['ramp_limit_up', 'ramp_limit_down', 'ramp_limit_start_up', 'ramp_limit_shut_down'].some(components.has)) return
  const { builder, steps, network } = program
  const up = components.varying('ramp_limit_up', Number.NaN)
  const down = components.varying('ramp_limit_down', Number.NaN)
  const start = components.number('ramp_limit_start_up', Number.NaN)
  const shut = components.number('ramp_limit_shut_down', Number.NaN)
  const initial = components.number('p_init', Number.NaN)
  const upBefore = components.number('up_time_before', 1)
  const { column, given } = program.capacities.get(components.kind)!
  const edges = new Set(network.snapshots.periods.map(({ first: begins }) => begins))
  const or1 = (value: number): number => (Number.isNaN(value) ? 1 : value)

  for (let i = 0; i < components.count; i += 1) {
    const committed = status[i]! >= 0
    const limits = (varying: typeof up, own: number, t: number): boolean =>
      !Number.isNaN(varying.at(i, t)) || (committed && !Number.isNaN(own))
    for (let t = 0; t < steps; t += 1) {
      if (t === 0 ? Number.isNaN(initial[i]!) : edges.has(t)) continue
      if (!program.isActive(components, i, t)) continue
      const wasUp = upBefore[i]! > 0 ? 1 : 0
      const powerBefore = t === 0 ? (wasUp ? initial[i]! : 0) : 0
      const rise = limits(up, start[i]!, t)
      const fall = limits(down, shut[i]!, t)
      if (!rise && !fall) continue
      if (committed && column[i]! >= 0) {
        throw peerErrors.unsupported({
          detail: `«${components.names[i]}» is committable and extendable with ramp limits, which is not modelled here`,
          place: components.place(i, 'ramp_limit_up'),
        })
      }
      // p − p before ≤ limit · capacity · (status before) + start · capacity · (status − status before), and mirrored
      const row = (sign: 1 | -1, limit: number, own: number): void => {
        const capacity = column[i]! >= 0 ? 0 : given[i]!
        const constantStatus = committed ? 0 : 1
        const before = committed && t === 0 ? wasUp : 0
        const ofBefore = sign === 1 ? limit - own : own
        const ofNow = sign === 1 ? own : limit - own
        const room = capacity * (constantStatus * limit + before * ofBefore)
        builder.beginRow(sign === 1 ? 'ramp up' : 'ramp down', none, room + sign * powerBefore)
        builder.term(first[i]! + t, sign)
        if (t > 0) builder.term(first[i]! + t - 1, -sign)
        if (committed) {
          builder.term(status[i]! + t, -capacity * ofNow)
          if (t > 0) builder.term(status[i]! + t - 1, -capacity * ofBefore)
        }
        if (column[i]! >= 0) builder.term(column[i]!, -limit)
        builder.endRow()
      }
      if (rise) row(1, or1(up.at(i, t)), or1(start[i]!))
      if (fall) row(-1, or1(down.at(i, t)), or1(shut[i]!))
    }
  }
}
