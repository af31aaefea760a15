import { createModelBuilder, type ModelBuilder } from '../../solve/index.ts'
import type { BusUse } from '../bus.ts'
import type { Frame } from '../frame.ts'
import { formulatePark, type ParkModel, type PreparedAsset } from '../park-model.ts'

/** One way the hours ahead may go. */
export interface Scenario {
  readonly probability: number
  readonly frame: Frame
  readonly assets: readonly PreparedAsset[]
}

/** One model of all scenarios, and each scenario's part of it. */
export interface ScenarioModel {
  readonly park: ParkModel
  readonly parks: readonly ParkModel[]
}

/** Kinds whose power follows from what happens: they differ between scenarios in every step. */
const recourse = new Set(['grid', 'pv', 'wind', 'hydro', 'load', 'heat-load', 'hydrogen-load', 'line', 'transformer'])

/** A builder whose costs count with the probability of a scenario. */
const weighted = (builder: ModelBuilder, probability: number, name: string): ModelBuilder => ({
  ...builder,
  get columnCount() {
    return builder.columnCount
  },
  get rowCount() {
    return builder.rowCount
  },
  addColumns: (block, count, { cost = 0, ...options }) =>
    builder.addColumns(`${name}${block}`, count, {
      ...options,
      cost: typeof cost === 'number' ? cost * probability : cost.map((value) => value * probability),
    }),
  beginRow: (block, lower, upper) => builder.beginRow(`${name}${block}`, lower, upper),
  addCost: (column, cost) => builder.addCost(column, cost * probability),
  addOffset: (value) => builder.addOffset(value * probability),
})

/**
 * The same park in several futures, decided once for the first steps: a two-stage stochastic program (Birge & Louveaux 2011,
 * Introduction to Stochastic Programming, ch. 2) in its extensive form. What each machine that takes commands gives its
 * buses in the first `firstSteps` steps is one number for all scenarios (non-anticipativity); connections, sources and
 * loads, and everything later, follow what happens. The expected cost is least.
 *
 * @param scenarios whose probabilities add up to 1; the first is the one whose plan is published
 */
export function formulateScenarios(scenarios: readonly Scenario[], firstSteps: number): ScenarioModel {
  const builder = createModelBuilder()
  const parks = scenarios.map(({ probability, frame, assets }, s) =>
    formulatePark(frame, assets, undefined, weighted(builder, probability, s === 0 ? '' : `scenario${s}.`)),
  )
  const [first, ...others] = parks as [ParkModel, ...ParkModel[]]
  for (const other of others) {
    first.parts.forEach((part, index) => {
      if (part.members.some(({ asset }) => recourse.has(asset.kind))) return
      tie(builder, part.uses, other.parts[index]?.uses ?? [], firstSteps)
    })
  }
  return {
    parks,
    park: {
      ...first,
      builder,
      exclusives: parks.flatMap(({ exclusives }) => exclusives),
      integers: parks.flatMap(({ integers }) => integers),
    },
  }
}

/** What one part gives a bus in a step is what the other gives it. */
function tie(builder: ModelBuilder, a: readonly BusUse[], b: readonly BusUse[], firstSteps: number): void {
  const buses = new Set([...a, ...b].map(({ carrier, bus }) => `${carrier}/${bus}`))
  for (const key of buses) {
    for (let k = 0; k < firstSteps; k += 1) {
      const terms = (uses: readonly BusUse[], sign: number) =>
        uses
          .filter(({ carrier, bus, from, to }) => `${carrier}/${bus}` === key && k >= from && k < to)
          .map(({ first, from, factor }) => ({ column: first + k - from, factor: sign * factor }))
      const all = [...terms(a, 1), ...terms(b, -1)]
      if (all.length === 0) continue
      builder.beginRow('decided-once', 0, 0)
      for (const { column, factor } of all) builder.term(column, factor)
      builder.endRow()
    }
  }
}
