import { peerErrors } from '../errors.ts'
import { addCapacities, boundByCapacity } from './capacity.ts'
import { cycleBasis } from './cycles.ts'
import { lineTypes } from './line-types.ts'
import type { Program } from './program.ts'
import type { Components } from './table.ts'

/** A line or transformer: where it leads, its flow, and what a unit of flow drops of the voltage angle. */
interface Branch {
  readonly components: Components
  readonly i: number
  readonly from: number
  readonly to: number
  /** First column of the flow `s`. */
  readonly first: number
  /** Reactance and resistance, per unit on 1 MVA. */
  readonly reactance: number
  readonly resistance: number
  /** Phase shift, rad. */
  readonly shift: (t: number) => number
}

/**
 * Lines and transformers: flows within their ratings that obey Kirchhoff's voltage law around every cycle, with
 * reactances where the buses carry AC and resistances where they carry DC.
 * Source: PyPSA 1.3 `define_kirchhoff_voltage_constraints` and `calculate_dependent_values`; Hörsch et al., Electric
 * Power Systems Research 158 (2018) 126.
 */
export function addBranches(program: Program): void {
  const branches = [...addLines(program), ...addTransformers(program)]
  addVoltageLaw(program, branches)
}

function addLines(program: Program): Branch[] {
  const { lines, buses } = program.network
  const voltage = buses.number('v_nom', 1)
  const type = lines.text('type')
  const length = lines.number('length', 0)
  const parallel = lines.number('num_parallel', 1)
  const own = { x: lines.number('x', 0), r: lines.number('r', 0) }
  const shared = flows(program, lines)
  return lines.names.map((_, i) => {
    const from = program.busOf(lines, i, 'bus0')
    const known = type[i] === '' ? undefined : typeOf(program, type[i]!, i)
    const of = (perKm: number | undefined, given: number): number =>
      (perKm === undefined ? given : (perKm * length[i]!) / parallel[i]!) / voltage[from]! ** 2
    return {
      ...shared(i, from),
      reactance: of(known?.[1], own.x[i]!),
      resistance: of(known?.[0], own.r[i]!),
      shift: () => 0,
    }
  })
}

/** Resistance and reactance of a line type, Ohm per km: the folder's own, or one of PyPSA's standard types. */
function typeOf({ network }: Program, name: string, i: number): readonly [r: number, x: number] {
  const own = network.line_types.names.indexOf(name)
  if (own >= 0)
    return [network.line_types.number('r_per_length', 0)[own]!, network.line_types.number('x_per_length', 0)[own]!]
  const standard = lineTypes.get(name)
  if (standard) return standard
  throw peerErrors.unsupported({
    detail: `The line type of «${network.lines.names[i]}» is not known`,
    place: network.lines.place(i, 'type'),
    found: name,
    expected: 'a type of line_types.csv or one of PyPSA’s standard types',
  })
}

function addTransformers(program: Program): Branch[] {
  const { transformers } = program.network
  const type = transformers.text('type')
  const typed = type.findIndex((name) => name !== '')
  if (typed >= 0) {
    throw peerErrors.unsupported({
      detail: `«${transformers.names[typed]}» has a transformer type; write its x, r and tap_ratio out`,
      place: transformers.place(typed, 'type'),
      found: type[typed],
    })
  }
  const rating = transformers.number('s_nom', 0)
  const x = transformers.number('x', 0)
  const r = transformers.number('r', 0)
  const tap = transformers.number('tap_ratio', 1)
  const shift = transformers.varying('phase_shift', 0)
  const lowest = transformers.number('phase_shift_min', 0)
  const highest = transformers.number('phase_shift_max', 0)
  const shared = flows(program, transformers)
  return transformers.names.map((_, i) => {
    if (lowest[i]! < highest[i]!) {
      throw peerErrors.unsupported({
        detail: `The phase shift of «${transformers.names[i]}» is to be found, which is not modelled here`,
        place: transformers.place(i, 'phase_shift_min'),
      })
    }
    return {
      ...shared(i, program.busOf(transformers, i, 'bus0')),
      reactance: (x[i]! * tap[i]!) / rating[i]!,
      resistance: (r[i]! * tap[i]!) / rating[i]!,
      shift: (t) => (shift.at(i, t) * Math.PI) / 180,
    }
  })
}

/** Flow columns of a kind, bounded both ways by `s_max_pu`, and what they bring to their two buses. */
function flows(program: Program, components: Components) {
  addCapacities(program, components, 's_nom')
  const most = components.varying('s_max_pu', 1)
  return (i: number, from: number): Pick<Branch, 'components' | 'i' | 'from' | 'to' | 'first'> => {
    const to = program.busOf(components, i, 'bus1')
    const first = program.builder.addColumns(`${components.kind}.s`, program.steps, {})
    boundByCapacity(program, components, {
      i,
      first,
      perUnit: { lower: (t) => -most.at(i, t), upper: (t) => most.at(i, t) },
    })
    program.inflow[from]!.push({ first, share: () => -1 })
    program.inflow[to]!.push({ first, share: () => 1 })
    return { components, i, from, to, first }
  }
}

function addVoltageLaw(program: Program, branches: readonly Branch[]): void {
  const { builder, network } = program
  const carrier = network.buses.text('carrier', 'AC')
  for (const { first: begin, end } of network.snapshots.periods) {
    const working = branches.filter(({ components, i }) => program.isActive(components, i, begin))
    for (const cycle of cycleBasis(network.buses.count, working)) {
      const parts = cycle.map(([edge, direction]) => ({ branch: working[edge]!, direction }))
      // Buses that lines and transformers join are of one carrier; PyPSA takes that of the sub-network.
      const isDc = carrier[parts[0]!.branch.from] === 'DC'
      const drop = (branch: Branch): number => {
        const value = isDc ? branch.resistance : branch.reactance
        if (Number.isFinite(value)) return value
        throw peerErrors.badValue({
          detail: `The impedance of «${branch.components.names[branch.i]}» is not finite`,
          place: branch.components.place(branch.i, isDc ? 'r' : 'x'),
          found: value,
          expected: 'a nominal voltage or rating above 0',
        })
      }
      // Per-unit impedances are small; the row is brought to coefficients near 1.
      const scale = 1 / Math.max(1e-12, ...parts.map(({ branch }) => Math.abs(drop(branch))))
      for (let t = begin; t < end; t += 1) {
        const shifted = parts.reduce((sum, { branch, direction }) => sum + direction * branch.shift(t), 0)
        builder.beginRow('voltage law', -shifted * scale, -shifted * scale)
        for (const { branch, direction } of parts) builder.term(branch.first + t, direction * drop(branch) * scale)
        builder.endRow()
      }
    }
  }
}
