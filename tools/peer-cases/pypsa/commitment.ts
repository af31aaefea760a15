import { peerErrors } from '../errors.ts'
import { addRow, infinite, none, type Program } from './program.ts'
import type { Components, Varying } from './table.ts'

export interface Dispatch {
  /** First column of `p` of each component. */
  readonly first: Int32Array
  readonly lower: Varying
  readonly upper: Varying
}

/**
 * Unit commitment: a status, start-ups and shut-downs a snapshot, with their costs, minimum times and bounds of power.
 * Source: PyPSA 1.3 `define_operational_constraints_for_committables`; there start-ups and shut-downs are binary, here
 * they are continuous, because the status and the cost make them whole.
 *
 * @returns first column of the status of each component, −1 where it is not committed
 * @throws {MangroveError} `peer-case.unsupported`
 */
export function addCommitment(program: Program, components: Components, dispatch: Dispatch): Int32Array {
  const committable = components.flag('committable', false)
  const status = new Int32Array(components.count).fill(-1)
  if (!committable.includes(true)) return status
  const options = readOptions(components)
  committable.forEach((committed, i) => {
    if (!committed) return
    if (options.module[i]! > 0) {
      throw peerErrors.unsupported({
        detail: `«${components.names[i]}» is committable in modules, which is not modelled here`,
        place: components.place(i, `p_nom_mod`),
      })
    }
    status[i] = addUnit(program, components, { i, dispatch, options })
  })
  return status
}

type Options = ReturnType<typeof readOptions>

const readOptions = (components: Components) => ({
  startUpCost: components.number('start_up_cost', 0),
  shutDownCost: components.number('shut_down_cost', 0),
  standByCost: components.varying('stand_by_cost', 0),
  minUp: components.number('min_up_time', 0),
  minDown: components.number('min_down_time', 0),
  upBefore: components.number('up_time_before', 1),
  downBefore: components.number('down_time_before', 0),
  module: components.number('p_nom_mod', 0),
  largest: components.number('p_nom_max', infinite),
})

interface Unit {
  readonly i: number
  readonly dispatch: Dispatch
  readonly options: Options
}

function addUnit(program: Program, components: Components, { i, dispatch, options }: Unit): number {
  const { builder, steps, network } = program
  const wasUp = options.upBefore[i]! > 0 ? 1 : 0
  const status = builder.addColumns(`${components.kind}.status`, steps, { upper: 1, integer: true })
  const start = builder.addColumns(`${components.kind}.start_up`, steps, { upper: 1, cost: options.startUpCost[i]! })
  const stop = builder.addColumns(`${components.kind}.shut_down`, steps, { upper: 1, cost: options.shutDownCost[i]! })
  const mustStayUp = options.upBefore[i]! > 0 ? options.minUp[i]! - options.upBefore[i]! : 0
  const mustStayDown = options.downBefore[i]! > 0 ? options.minDown[i]! - options.downBefore[i]! : 0
  for (let t = 0; t < steps; t += 1) {
    if (!program.isActive(components, i, t)) {
      for (const column of [status, start, stop, dispatch.first[i]!]) builder.setBounds(column + t, 0, 0)
      continue
    }
    builder.addCost(status + t, options.standByCost.at(i, t) * network.snapshots.objective[t]!)
    if (t < mustStayUp && t < mustStayDown) {
      throw peerErrors.infeasible({
        detail: `«${components.names[i]}» was both up and down before and has to stay so`,
        place: components.place(i, 'down_time_before'),
      })
    }
    builder.setBounds(status + t, t < mustStayUp ? 1 : 0, t < mustStayDown ? 0 : 1)
    // start ≥ status − status before; stop ≥ status before − status
    const before = t === 0 ? wasUp : 0
    const change = (sign: 1 | -1) =>
      [[status + t, -sign], ...(t > 0 ? [[status + t - 1, sign]] : [])] as [number, number][]
    addRow(program, 'start up', [-before, infinite], [[start + t, 1], ...change(1)])
    addRow(program, 'shut down', [before, infinite], [[stop + t, 1], ...change(-1)])
    boundPower(program, components, { i, t, status: status + t, dispatch, options })
    if (t === 0) continue
    const recent = (first: number, time: number) =>
      Array.from({ length: Math.min(time, t + 1) }, (_, back) => [first + t - back, 1] as [number, number])
    if (options.minUp[i]! > 0)
      addRow(program, 'minimum up time', [none, 0], [...recent(start, options.minUp[i]!), [status + t, -1]])
    if (options.minDown[i]! > 0)
      addRow(program, 'minimum down time', [none, 1], [...recent(stop, options.minDown[i]!), [status + t, 1]])
  }
  return status
}

/** Power between its bounds when the unit is on and zero when it is off. */
function boundPower(
  program: Program,
  components: Components,
  { i, t, status, dispatch, options }: Unit & { readonly t: number; readonly status: number },
): void {
  const { column, given } = program.capacities.get(components.kind)!
  const power = dispatch.first[i]! + t
  const lower = dispatch.lower.at(i, t)
  const upper = dispatch.upper.at(i, t)
  const capacity = column[i]!
  if (capacity < 0) {
    addRow(
      program,
      'least power',
      [0, infinite],
      [
        [power, 1],
        [status, -lower * given[i]!],
      ],
    )
    addRow(
      program,
      'most power',
      [none, 0],
      [
        [power, 1],
        [status, -upper * given[i]!],
      ],
    )
    if (lower >= 0) program.builder.setBounds(power, 0, infinite)
    return
  }
  const largest = options.largest[i]! * Math.max(Math.abs(lower), Math.abs(upper))
  if (!Number.isFinite(largest)) {
    throw peerErrors.unsupported({
      detail: `«${components.names[i]}» is committable and extendable and needs a finite p_nom_max`,
      place: components.place(i, 'p_nom_max'),
    })
  }
  addRow(
    program,
    'least power',
    [-largest, infinite],
    [
      [power, 1],
      [capacity, -lower],
      [status, -largest],
    ],
  )
  addRow(
    program,
    'most power',
    [none, 0],
    [
      [power, 1],
      [status, -largest],
    ],
  )
  addRow(
    program,
    'power of capacity',
    [none, 0],
    [
      [power, 1],
      [capacity, -upper],
    ],
  )
  if (lower >= 0) program.builder.setBounds(power, 0, infinite)
}
