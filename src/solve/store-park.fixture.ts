import type { LinearModel } from '../kernel/index.ts'
import { createModelBuilder } from './model-builder.ts'

interface Machine {
  readonly mostKw: number
  readonly startCost: number
  /** Of one step; default 0.2. */
  readonly onCost?: number
  readonly onBefore?: boolean
  /** Has to be warm to be on; it is the warmth that is started. */
  readonly warmed?: boolean
}

/** Machines, on or off, and a store between them and a demand: so small that all schedules can be tried. */
export function storePark(demand: readonly number[], machines: readonly Machine[], storeKwh = 3): LinearModel {
  const model = createModelBuilder()
  const count = demand.length
  const sets = machines.map(({ mostKw, startCost, onCost = 0.2, onBefore = false, warmed = false }) => {
    const on = model.addColumns('on', count, { upper: 1, cost: onCost, integer: true })
    const state = warmed ? model.addColumns('warm', count, { upper: 1, cost: 0.1 }) : on
    const start = model.addColumns('start', count, { upper: 1, cost: startCost })
    const stop = model.addColumns('stop', count, { upper: 1 })
    const power = model.addColumns('power', count, { upper: mostKw, cost: 0.3 })
    for (let k = 0; k < count; k += 1) {
      const before = k === 0 && onBefore ? 1 : 0
      model.beginRow('state', before, before)
      model.term(state + k, 1)
      if (k > 0) model.term(state + k - 1, -1)
      model.term(start + k, -1)
      model.term(stop + k, 1)
      model.endRow()
      model.beginRow('most', Number.NEGATIVE_INFINITY, 0)
      model.term(power + k, 1)
      model.term(on + k, -mostKw)
      model.endRow()
      if (!warmed) continue
      model.beginRow('ready', Number.NEGATIVE_INFINITY, 0)
      model.term(on + k, 1)
      model.term(state + k, -1)
      model.endRow()
    }
    return power
  })
  const missing = model.addColumns('missing', count, { upper: 100, cost: 20 })
  const stored = model.addColumns('stored', count, { upper: storeKwh })
  for (let k = 0; k < count; k += 1) {
    model.beginRow('balance', demand[k]!, demand[k]!)
    for (const power of sets) model.term(power + k, 1)
    model.term(missing + k, 1)
    model.term(stored + k, -1)
    if (k > 0) model.term(stored + k - 1, 0.9)
    model.endRow()
  }
  return model.build().model
}
