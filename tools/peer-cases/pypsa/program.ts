import { createModelBuilder, type ModelBuilder } from '../../../src/solve/index.ts'
import { peerErrors } from '../errors.ts'
import type { Network } from './read-folder.ts'
import type { Components } from './table.ts'

/** Columns of one component: a block of one column a snapshot. */
export interface Flow {
  /** First column. */
  readonly first: number
  /** What a unit of it brings to the bus, at each snapshot. */
  readonly share: (t: number) => number
}

/** Capacities of one kind that are to be found: the column of each component, or −1 where it is given. */
export interface Capacities {
  readonly attribute: string
  readonly column: Int32Array
  /** Given capacities. */
  readonly given: Float64Array
}

/** What all parts of a network's linear program share while it is written. */
export interface Program {
  readonly builder: ModelBuilder
  readonly network: Network
  readonly steps: number
  /** Flows into each bus, by its index. */
  readonly inflow: Flow[][]
  /** Index of a bus; throws when there is none. */
  busOf(components: Components, i: number, attribute: string): number
  /** Whether a component works at a snapshot: `active`, and within its lifetime when there are periods. */
  isActive(components: Components, i: number, t: number): boolean
  /** Capital cost of what stood already where capacity is to be found: PyPSA's `objective_constant`. */
  objectiveConstant: number
  readonly capacities: Map<string, Capacities>
  /** First columns of blocks that other parts use: `generators.p`, `stores.e`, … by component. */
  readonly columns: Map<string, Int32Array>
}

export function createProgram(network: Network): Program {
  const buses = new Map(network.buses.names.map((name, index) => [name, index]))
  const activity = new Map<Components, (i: number, t: number) => boolean>()
  return {
    builder: createModelBuilder(),
    network,
    steps: network.snapshots.count,
    inflow: network.buses.names.map(() => []),
    busOf(components, i, attribute) {
      const name = components.text(attribute)[i] ?? ''
      const index = buses.get(name)
      if (index !== undefined) return index
      throw peerErrors.badValue({
        detail: `«${components.names[i]}» hangs at a bus that is not there`,
        place: components.place(i, attribute),
        found: name,
        expected: 'the name of a bus in buses.csv',
      })
    },
    isActive(components, i, t) {
      const known = activity.get(components) ?? activityOf(components, network)
      activity.set(components, known)
      return known(i, t)
    },
    objectiveConstant: 0,
    capacities: new Map(),
    columns: new Map(),
  }
}

function activityOf(components: Components, { snapshots }: Network): (i: number, t: number) => boolean {
  const active = components.flag('active', true)
  if (snapshots.invests === 'once') return (i) => active[i]!
  const built = components.number('build_year', 0)
  const lifetime = components.number('lifetime', Number.POSITIVE_INFINITY)
  const periodAt = new Float64Array(snapshots.count)
  for (const { name, first, end } of snapshots.periods) periodAt.fill(name, first, end)
  return (i, t) => active[i]! && built[i]! <= periodAt[t]! && periodAt[t]! < built[i]! + lifetime[i]!
}

/** Adds a row over one snapshot: `lower ≤ Σ coefficient · column ≤ upper`. */
export function addRow(
  { builder }: Program,
  name: string,
  bounds: readonly [lower: number, upper: number],
  terms: readonly (readonly [column: number, coefficient: number])[],
): void {
  builder.beginRow(name, bounds[0], bounds[1])
  for (const [column, coefficient] of terms) builder.term(column, coefficient)
  builder.endRow()
}

export const none: number = Number.NEGATIVE_INFINITY
export const infinite: number = Number.POSITIVE_INFINITY
