import { peerErrors } from '../errors.ts'
import { activeWeight, periodizedCost } from './capacity.ts'
import { infinite, none, type Program } from './program.ts'
import type { Period } from './snapshots.ts'
import type { Components } from './table.ts'

/** A limit's row while it is gathered: terms by column, and the constant part of the left side. */
interface Sum {
  readonly terms: Map<number, number>
  constant: number
}

interface Limit {
  readonly i: number
  readonly carrier: string
  /** The one investment period that it holds for; nothing: all. */
  readonly period: Period | undefined
}

const bounds = (sense: string, constant: number): readonly [number, number] =>
  sense === '<=' ? [none, constant] : sense === '>=' ? [constant, infinite] : [constant, constant]

/**
 * Global constraints: limits on emissions of primary energy, on operation, on capacity of a technology and on
 * transmission; and the bounds of a carrier's capacity at a bus that older files carry in the buses.
 * Source: PyPSA 1.3 `optimization/global_constraints.py`.
 */
export function addGlobalConstraints(program: Program): void {
  const { network, builder } = program
  const { global_constraints: limits, snapshots } = network
  const type = limits.text('type', 'primary_energy')
  const sense = limits.text('sense', '==')
  const constant = limits.number('constant', 0)
  const attribute = limits.text('carrier_attribute', 'co2_emissions')
  const investment = limits.number('investment_period', Number.NaN)
  const makers: Readonly<Record<string, (program: Program, limit: Limit, sum: Sum) => void>> = {
    primary_energy: primaryEnergy,
    operational_limit: operation,
    tech_capacity_expansion_limit: technologyCapacity,
    transmission_volume_expansion_limit: transmissionVolume,
    transmission_expansion_cost_limit: transmissionCost,
  }
  limits.names.forEach((name, i) => {
    const make = makers[type[i]!]
    if (!make) {
      throw peerErrors.unsupported({
        detail: `The kind of the global constraint «${name}» is not modelled here`,
        place: limits.place(i, 'type'),
        found: type[i],
        expected: Object.keys(makers).join(', '),
      })
    }
    const period = snapshots.periods.find((candidate) => candidate.name === investment[i])
    if (!Number.isNaN(investment[i]!) && !period) return
    const sum: Sum = { terms: new Map(), constant: 0 }
    make(program, { i, carrier: attribute[i]!, period }, sum)
    if (sum.terms.size === 0) return
    const [lower, upper] = bounds(sense[i]!, constant[i]! - sum.constant)
    builder.beginRow(`global constraint ${name}`, lower, upper)
    for (const [column, coefficient] of sum.terms) builder.term(column, coefficient)
    builder.endRow()
  })
  addBusCarrierBounds(program)
  refuseGrowth(program)
}

/** Limits on what is newly built per period are not modelled; they bind only where there are periods. */
function refuseGrowth({ network: { carriers, snapshots } }: Program): void {
  const limited = carriers.number('max_growth', infinite).findIndex((growth) => growth !== infinite)
  if (limited < 0 || snapshots.invests === 'once') return
  throw peerErrors.unsupported({
    detail: `max_growth of «${carriers.names[limited]}» is not modelled here`,
    place: carriers.place(limited, 'max_growth'),
  })
}

const add = ({ terms }: Sum, column: number, coefficient: number): void => {
  terms.set(column, (terms.get(column) ?? 0) + coefficient)
}

/** Emissions: dispatch over efficiency, and what storages that do not cycle lose, by the carrier's emissions. */
function primaryEnergy(program: Program, { carrier, period, i }: Limit, sum: Sum): void {
  const { carriers, generators, global_constraints: limits } = program.network
  if (!carriers.has(carrier)) {
    throw peerErrors.missing({
      detail: `«${limits.names[i]}» limits what the carriers do not tell`,
      place: limits.place(i, 'carrier_attribute'),
      found: carrier,
      expected: 'a column of carriers.csv',
    })
  }
  const emission = new Map(carriers.names.map((name, k) => [name, carriers.number(carrier, 0)[k]!]))
  const rate = (name: string): number => emission.get(name) ?? 0
  const efficiency = generators.varying('efficiency', 1)
  const names = generators.text('carrier')
  dispatchSum(program, period, (g, t) => rate(names[g]!) / efficiency.at(g, t), sum)
  for (const components of [program.network.storage_units, program.network.stores]) {
    const of = components.text('carrier')
    depletion(program, components, { period, rate: (k) => rate(of[k]!) }, sum)
  }
}

/** Net production of a carrier: dispatch, and what storages that do not cycle lose. */
function operation(program: Program, { carrier, period }: Limit, sum: Sum): void {
  const names = program.network.generators.text('carrier')
  dispatchSum(program, period, (g) => (names[g] === carrier ? 1 : 0), sum)
  for (const components of [program.network.storage_units, program.network.stores]) {
    const of = components.text('carrier')
    depletion(program, components, { period, rate: (k) => (of[k] === carrier ? 1 : 0) }, sum)
  }
}

/** Σ rate · hours · dispatch of the generators, each period by its years. */
function dispatchSum(
  { network, columns, ...program }: Program,
  period: Period | undefined,
  rate: (i: number, t: number) => number,
  sum: Sum,
): void {
  const { generators, snapshots } = network
  const first = columns.get('generators.p')!
  for (const { first: begin, end, years } of period ? [period] : snapshots.periods)
    for (let i = 0; i < generators.count; i += 1)
      for (let t = begin; t < end; t += 1) {
        const coefficient = rate(i, t) * snapshots.generators[t]! * years
        if (coefficient !== 0 && program.isActive(generators, i, t)) add(sum, first[i]! + t, coefficient)
      }
}

/** Σ rate · (initial level − final level) of storages that do not cycle, each period by its years. */
function depletion(
  { network, columns, ...program }: Program,
  components: Components,
  { period, rate }: { readonly period: Period | undefined; readonly rate: (i: number) => number },
  sum: Sum,
): void {
  const isStore = components.kind === 'stores'
  const cyclic = components.flag(isStore ? 'e_cyclic' : 'cyclic_state_of_charge', false)
  const initial = components.number(isStore ? 'e_initial' : 'state_of_charge_initial', 0)
  const perPeriod = components.flag(isStore ? 'e_initial_per_period' : 'state_of_charge_initial_per_period', false)
  const level = columns.get(`${components.kind}.level`)!
  const { periods, invests } = network.snapshots
  const within = period ? [period] : periods
  for (let i = 0; i < components.count; i += 1) {
    const weight = rate(i)
    if (weight === 0 || cyclic[i]) continue
    const once = invests === 'once' || !perPeriod[i]
    if (once && within.some(({ years }) => years !== 1)) {
      throw peerErrors.unsupported({
        detail: `«${components.names[i]}» runs through periods of several years and counts in a limit`,
        place: components.place(i, isStore ? 'e_initial_per_period' : 'state_of_charge_initial_per_period'),
        expected: 'a level that begins anew per period, years of 1, or a cyclic storage',
      })
    }
    for (const { end, years } of once ? within.slice(-1) : within) {
      if (!program.isActive(components, i, end - 1)) continue
      add(sum, level[i]! + end - 1, -weight * years)
      sum.constant += weight * years * initial[i]!
    }
  }
}

/** Kinds that have a capacity, with the attribute that names their bus. */
const kindsWithCapacity = ['generators', 'links', 'lines', 'transformers', 'stores', 'storage_units'] as const

function technologyCapacity(program: Program, { i, carrier, period }: Limit, sum: Sum): void {
  const bus = program.network.global_constraints.text('bus')[i]!
  for (const kind of kindsWithCapacity) {
    const components = program.network[kind]
    const at = components.text(['links', 'lines', 'transformers'].includes(kind) ? 'bus0' : 'bus')
    capacitySum(
      program,
      kind,
      { carriers: [carrier], period, weight: (k) => (bus === '' || at[k] === bus ? 1 : 0) },
      sum,
    )
  }
}

const listed = (carriers: string): string[] =>
  carriers
    .replace(/[[\]()]/g, '')
    .split(',')
    .map((name) => name.trim())

function transmissionVolume(program: Program, { carrier, period }: Limit, sum: Sum): void {
  for (const kind of ['lines', 'links'] as const) {
    const length = program.network[kind].number('length', 0)
    capacitySum(program, kind, { carriers: listed(carrier), period, weight: (k) => length[k]! }, sum)
  }
}

function transmissionCost(program: Program, { carrier, period }: Limit, sum: Sum): void {
  for (const kind of ['lines', 'links'] as const) {
    const components = program.network[kind]
    const cost = periodizedCost(program, components)
    const fixed = components.number('fom_cost', 0)
    const years = (k: number): number => (period ? 1 : activeWeight(program, components, k))
    const weight = (k: number): number => (cost(k) - fixed[k]!) * years(k)
    capacitySum(program, kind, { carriers: listed(carrier), period, weight }, sum)
  }
}

/** Σ weight · capacity of what is to be found of some carriers and works in the period, or in any. */
function capacitySum(
  program: Program,
  kind: (typeof kindsWithCapacity)[number],
  options: {
    readonly carriers: readonly string[]
    readonly period: Period | undefined
    readonly weight: (i: number) => number
  },
  sum: Sum,
): void {
  const components = program.network[kind]
  const { column } = program.capacities.get(kind)!
  const carrier = carriersOf(program, components)
  const within = options.period ? [options.period] : program.network.snapshots.periods
  for (let i = 0; i < components.count; i += 1) {
    if (column[i]! < 0 || !options.carriers.includes(carrier[i]!)) continue
    if (!within.some(({ first }) => program.isActive(components, i, first))) continue
    const weight = options.weight(i)
    if (weight !== 0) add(sum, column[i]!, weight)
  }
}

/** Carriers of components; a line without one has that of its first bus. */
function carriersOf({ network }: Program, components: Components): readonly string[] {
  const own = components.text('carrier')
  if (components.kind !== 'lines') return own
  const buses = new Map(network.buses.names.map((name, b) => [name, network.buses.text('carrier', 'AC')[b]!]))
  const bus0 = components.text('bus0')
  return own.map((name, i) => (name === '' ? (buses.get(bus0[i]!) ?? '') : name))
}

/** `nom_max_<carrier>` and `nom_min_<carrier>` of a bus, with the period as suffix where there are several. */
function addBusCarrierBounds(program: Program): void {
  const { network, builder } = program
  const { buses, carriers, snapshots } = network
  for (const carrier of carriers.names) {
    const suffixes = ['', ...snapshots.periods.filter(({ name }) => !Number.isNaN(name)).map(({ name }) => `_${name}`)]
    for (const sense of ['min', 'max'] as const)
      for (const suffix of suffixes) {
        const attribute = `nom_${sense}_${carrier}${suffix}`
        if (!buses.has(attribute)) continue
        const bound = buses.number(attribute, Number.NaN)
        const period = snapshots.periods.find(({ name }) => suffix === `_${name}`)
        buses.names.forEach((bus, b) => {
          if (Number.isNaN(bound[b]!)) return
          const sum: Sum = { terms: new Map(), constant: 0 }
          for (const kind of ['generators', 'stores', 'storage_units'] as const) {
            const at = network[kind].text('bus')
            capacitySum(program, kind, { carriers: [carrier], period, weight: (k) => (at[k] === bus ? 1 : 0) }, sum)
          }
          if (sum.terms.size === 0) return
          builder.beginRow(attribute, sense === 'min' ? bound[b]! : none, sense === 'max' ? bound[b]! : infinite)
          for (const [column, coefficient] of sum.terms) builder.term(column, coefficient)
          builder.endRow()
        })
      }
  }
}
