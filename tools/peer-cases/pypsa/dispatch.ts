import { peerErrors } from '../errors.ts'
import { addCapacities, boundByCapacity } from './capacity.ts'
import { addCommitment } from './commitment.ts'
import { infinite, none, type Program } from './program.ts'
import { addRampLimits } from './ramps.ts'
import type { Components } from './table.ts'

/** Attributes that ask for something which is not modelled here, with the value that asks for nothing. */
const unsupported: Readonly<Record<string, number>> = {
  marginal_cost_quadratic: 0,
  delay: 0,
  delay2: 0,
  delay3: 0,
  delay4: 0,
}

/** Refuses a component that asks for what is not modelled. @throws {MangroveError} `peer-case.unsupported` */
export function refuseUnsupported(components: Components): void {
  const refuse = (i: number, attribute: string): void => {
    throw peerErrors.unsupported({
      detail: `${attribute} of «${components.names[i]}» is not modelled here`,
      place: components.place(i, attribute),
    })
  }
  for (const [attribute, neutral] of Object.entries(unsupported)) {
    if (!components.has(attribute)) continue
    const values = components.varying(attribute, neutral)
    for (let i = 0; i < components.count; i += 1) if (values.some(i, (value) => value !== neutral)) refuse(i, attribute)
  }
  const maintained = components.flag('maintainable', false).indexOf(true)
  if (maintained >= 0) refuse(maintained, 'maintainable')
}

/** Generators: power into a bus within bounds, with cost, total energy, ramps and commitment. */
export function addGenerators(program: Program): void {
  const { generators, snapshots } = program.network
  const first = addDispatch(program, generators)
  const sign = generators.number('sign', 1)
  const least = generators.number('e_sum_min', none)
  const most = generators.number('e_sum_max', infinite)
  for (let i = 0; i < generators.count; i += 1) {
    program.inflow[program.busOf(generators, i, 'bus')]!.push({ first: first[i]!, share: () => sign[i]! })
    if (least[i] === none && most[i] === infinite) continue
    program.builder.beginRow('energy of a generator', least[i]!, most[i]!)
    for (let t = 0; t < program.steps; t += 1) program.builder.term(first[i]! + t, snapshots.generators[t]!)
    program.builder.endRow()
  }
}

/** Links: power out of one bus and, by efficiencies, into one or more others. */
export function addLinks(program: Program): void {
  const { links } = program.network
  const first = addDispatch(program, links)
  const ports = ['1', '2', '3', '4', '5', '6', '7', '8', '9'].filter((port) => port === '1' || links.has(`bus${port}`))
  const outputs = ports.map((port) => ({
    bus: links.text(`bus${port}`),
    attribute: `bus${port}`,
    efficiency: links.varying(port === '1' ? 'efficiency' : `efficiency${port}`, 1),
  }))
  for (let i = 0; i < links.count; i += 1) {
    program.inflow[program.busOf(links, i, 'bus0')]!.push({ first: first[i]!, share: () => -1 })
    for (const { bus, attribute, efficiency } of outputs) {
      if (bus[i] === '' && attribute !== 'bus1') continue
      const index = program.busOf(links, i, attribute)
      program.inflow[index]!.push({ first: first[i]!, share: (t) => efficiency.at(i, t) })
    }
  }
}

/** One column a component and snapshot for the power `p`, with everything that generators and links share. */
function addDispatch(program: Program, components: Components): Int32Array {
  const { builder, network, steps } = program
  refuseUnsupported(components)
  addCapacities(program, components, 'p_nom')
  const cost = components.varying('marginal_cost', 0)
  const lower = components.varying('p_min_pu', 0)
  const upper = components.varying('p_max_pu', 1)
  const set = components.varying('p_set', Number.NaN)
  const committable = components.flag('committable', false)
  const first = Int32Array.from({ length: components.count }, (_, i) => {
    const block = builder.addColumns(`${components.kind}.p`, steps, { lower: none })
    for (let t = 0; t < steps; t += 1) builder.addCost(block + t, cost.at(i, t) * network.snapshots.objective[t]!)
    if (!committable[i]) {
      boundByCapacity(program, components, {
        i,
        first: block,
        perUnit: { lower: (t) => lower.at(i, t), upper: (t) => upper.at(i, t) },
      })
    }
    return block
  })
  program.columns.set(`${components.kind}.p`, first)
  const status = addCommitment(program, components, { first, lower, upper })
  addRampLimits(program, components, { first, status })
  addSetPoints(program, components, { first, set })
  return first
}

/** Holds columns at given values, where there are any. */
export function addSetPoints(
  { builder, steps, ...program }: Program,
  components: Components,
  { first, set }: { readonly first: Int32Array; readonly set: { at(i: number, t: number): number } },
): void {
  for (let i = 0; i < components.count; i += 1)
    for (let t = 0; t < steps; t += 1) {
      const value = set.at(i, t)
      if (Number.isNaN(value) || !program.isActive(components, i, t)) continue
      builder.beginRow(`${components.kind} set point`, value, value)
      builder.term(first[i]! + t, 1)
      builder.endRow()
    }
}
