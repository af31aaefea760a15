import type { TSchema } from 'typebox'
import type { Asset, DataPort, PointSpec, Problem, Site } from '../../kernel/index.ts'
import type { ModelBuilder } from '../../solve/index.ts'
import type { Bus, Buses, Carrier } from '../bus.ts'
import type { Cover } from '../covers.ts'
import type { CostParts, Frame } from '../frame.ts'
import type { Reason, Relaxed } from '../schema/index.ts'
import type { Present } from './ev-sharing.ts'
import type { Size } from './sized.ts'

/** Two things an asset cannot do at once; the planner adds a binary only in steps where the relaxation does both. */
export interface Exclusive {
  readonly step: number
  readonly a: readonly number[]
  readonly aMax: number
  readonly b: readonly number[]
  readonly bMax: number
}

/** What the plan means for one asset. */
export interface Outcome {
  /** Point id to one value a step. */
  readonly points: Readonly<Record<string, Float64Array>>
  readonly units?: Readonly<Record<string, string>>
  readonly cost: Partial<CostParts>
  readonly emissionsKgCo2e: number
  readonly relaxed: readonly Relaxed[]
}

/** Where an asset's decisions stand in the model, and how to read them back. */
export interface Formulated {
  readonly exclusives?: readonly Exclusive[]
  /** Integer columns, for the fallback that fixes them. */
  readonly integers?: readonly { readonly first: number; readonly count: number }[]
  /** Columns with power, kW a step, that is imported or made from fossil fuel. */
  readonly nonRenewable?: readonly { readonly first: number; readonly count: number }[]
  /** What a battery holds above its least: columns that add up to it at the end of each step, kWh, and how it fills and gives. */
  readonly stock?: {
    readonly columns: readonly number[]
    readonly startKwh: number
    readonly chargeKw: number
    readonly chargeEfficiency: number
    readonly dischargeEfficiency: number
  }
  /** Columns of peaks that a demand charge bills, of import, kW. */
  readonly peaks?: readonly number[]
  /** Columns of power that stand to commitment as `covers.ts` says. */
  readonly cover?: Cover
  read(columnValues: Float64Array): Outcome
  /** Of equal machines that were formulated together: one a machine, the asset's own first, in the order of `alike`. */
  readEach?(columnValues: Float64Array): readonly Outcome[]
}

export interface Formulation<A, I> {
  readonly asset: Asset & A
  readonly inputs: I
  readonly frame: Frame
  readonly model: ModelBuilder
  /** The electricity bus the asset stands on. */
  readonly bus: Bus
  /** Every bus of the site, for what moves heat, hydrogen, reserve, or power between buses. */
  readonly buses: Buses
  /** A size of the asset: what the site file says, or the column that decides it. */
  size(field: keyof A & string): Size
  /** Further machines with the same {@link Component.likeness}, to be formulated together with `asset`. */
  readonly alike: readonly (Asset & A)[]
}

/** Power that an asset gives a bus. */
export interface Flow {
  readonly carrier: Carrier
  readonly bus: string
  /** + supplies the bus, − draws; one value a step. */
  readonly powerKw: Float64Array
}

/** The vehicles at the chargers of a site, in its {@link Surroundings}. */
export const vehiclesThere = Symbol('vehicles that are there')

/** What an asset feels of the world outside during a step, by name with its unit: `outdoorC`, `cop`; chargers, who is there. */
export type Surroundings = Readonly<Record<string, number>> & { readonly [vehiclesThere]?: readonly Present[] }

/** What the surroundings do to an asset during a simulated step. */
export interface Conditions {
  readonly timestampMs: number
  readonly stepHours: number
  /** Power that the weather, the shift or the drivers offer or ask for now, kW. */
  readonly offeredKw: number
  /**
   * What the plan asks for on the asset's leading bus (that of electricity, if it stands on one), kW: + supplies, − draws.
   * Absent: the asset does what it would alone.
   */
  readonly setpointKw?: number
  /** The carrier whose bus the set point speaks of, when the asset is asked to keep its balance; absent: the leading bus. */
  readonly setpointOn?: Carrier
  /** Parts of the set point, kW by name, of an asset that is many (vehicles): how they share it, as far as they can. */
  readonly partsKw?: Readonly<Record<string, number>>
  /** What {@link Component.surroundings} tells for now; absent for kinds that ask for nothing but {@link offeredKw}. */
  readonly surroundings?: Surroundings
}

export interface SimulatedStep<S> {
  readonly state: S
  /** On the electricity bus: + supplies, − draws. */
  readonly busKw: number
  /** On the buses of other carriers: + supplies, − draws. */
  readonly otherKw?: Partial<Record<Carrier, number>>
  /** On the bus `from` of an asset that ties two electricity buses, whose `busKw` is on `to`; see `branch.ts`. */
  readonly farKw?: number
  readonly points: Readonly<Record<string, number>>
}

/** What a describer may look at: the plan's numbers and the worth of energy that the duals tell. */
export interface Explained<A> {
  readonly asset: Asset & A
  readonly frame: Frame
  readonly outcome: Outcome
  /** Worth of one more kWh on the asset's electricity bus, currency per kWh, one a step. */
  readonly marginalPricePerKwh: Float64Array
  /** The same on any bus; undefined where the site has none of that carrier and name. */
  priceOn(carrier: Carrier, bus?: string): Float64Array | undefined
}

/** A published outcome that is to be checked, without the model that it came from. */
export interface Published<A, I> {
  readonly asset: Asset & A
  readonly inputs: I
  readonly frame: Frame
  readonly outcome: Outcome
  /** Values of a point of the asset; none where it has no such point. */
  values(point: string): Float64Array
}

/** Points of a stretch that was simulated or measured, to be accounted for. */
export type Lived<A, I> = Omit<Published<A, I>, 'outcome'>

/** What a stretch cost, emitted and left undone. */
export type Account = Pick<Outcome, 'cost' | 'emissionsKgCo2e' | 'relaxed'>

/** A JSON Merge Patch on an asset: null removes a field. */
export type AssetPatch<A> = { readonly [field in keyof A]?: unknown }

/** A size of a kind that an investor may decide. */
export interface Sizable<A> {
  readonly unit: string
  /** Fields that are in proportion to it; the first is the size itself. Each is what `formulate` asks `size(field)` for. */
  readonly fields: readonly (keyof A & string)[]
  /** The fields of a machine of that size, where more than {@link fields} change; absent: those, in proportion. */
  resize?(asset: Asset & A, size: number): Partial<A>
}

/**
 * A kind of machine, written once and used three ways: `formulate` for plans and sizing, `simulate` for living parks
 * and backtests, `describe` for people. A new kind is a new sibling of this file's siblings.
 */
export interface Component<A, I = unknown, S = unknown> {
  readonly kind: string
  readonly title: string
  readonly schema: TSchema
  readonly points: readonly PointSpec[]
  /** What the schema cannot say: an EV that leaves before it arrives. */
  check?(asset: Asset & A, site: Site): readonly Pick<Problem, 'detail' | 'place' | 'found' | 'expected'>[]
  /** Whether the asset is computed from weather; absent: never. */
  needsWeather?(asset: Asset & A): boolean
  /** Reads the series the asset needs on the grid of the plan. */
  prepare(asset: Asset & A, frame: Frame, data: DataPort): Promise<I>
  /** The same inputs on a day without storage and shifting; absent: unchanged; null: the asset is not there. */
  baseline?(asset: Asset & A, inputs: I, frame: Frame): { readonly asset: Asset & A; readonly inputs: I } | null
  formulate(formulation: Formulation<A, I>): Formulated
  /** State at the beginning of a simulation. */
  initialState(asset: Asset & A): S
  /** Fields with which a plan begins where the machine stands, from a simulated or measured state; absent: it remembers nothing. */
  resume?(asset: Asset & A, state: S): AssetPatch<A>
  /** What a stretch that was simulated or measured cost, emitted and left undone; absent: nothing. */
  account?(lived: Lived<A, I>): Account
  /** Power offered or asked for in step `k` of prepared inputs, kW, for {@link Conditions.offeredKw}. */
  offeredKw(inputs: I, k: number): number
  /** What one number of kW cannot say, in step `k` of prepared inputs, for {@link Conditions.surroundings}; absent: nothing. */
  surroundings?(inputs: I, k: number): Surroundings
  /** Whether `powerKw` counts what the asset draws; absent: what it supplies. */
  readonly draws?: boolean
  /** What the asset gives each bus, from its published points; absent: `powerKw` on its electricity bus. */
  flows?(asset: Asset & A, outcome: Outcome): readonly Flow[]
  /** The asset's own physics and limits, checked on what is published: what is broken, in words. Shares nothing with `formulate`. */
  breaches(published: Published<A, I>): readonly string[]
  /** What `energy.size` may decide, by name. */
  readonly sizes?: Readonly<Record<string, Sizable<A>>>
  /** The dearest kWh the asset may cost by choice, currency: fuel with its carbon, load left out. Wishes must cost more. */
  dearestPerKwh?(asset: Asset & A, carbonPricePerKg: number): number
  /** What makes two machines exchangeable; those with one likeness are formulated together. Absent: none is like another. */
  likeness?(asset: Asset & A): string
  /** Buses whose balance the asset can keep in a simulation, with its place in the row of those that can; 0 first. */
  readonly balances?: Partial<Record<Carrier, number>>
  /** The carrier whose bus a set point of the asset speaks of; absent: electricity. */
  setpointOn?(asset: Asset & A): Carrier
  simulate(asset: Asset & A, state: S, conditions: Conditions): SimulatedStep<S>
  describe(explained: Explained<A>): readonly Reason[]
}

/** Keeps the types of a component while erasing them where kinds are listed. */
export const defineComponent = <A, I, S>(component: Component<A, I, S>): Component<A, I, S> => component

/** A copy of `count` columns from `first`. */
export const columns = (values: Float64Array, first: number, count: number): Float64Array =>
  values.slice(first, first + count)

/** What a rate an hour comes to in each step. */
export const perStep = (ratePerHour: number, hours: Float64Array): Float64Array =>
  hours.map((value) => ratePerHour * value)

/** Energy of a power over steps of so many hours each. */
export function sumKwh(powerKw: Float64Array, hours: Float64Array): number {
  let sum = 0
  for (let k = 0; k < powerKw.length; k += 1) sum += powerKw[k]! * hours[k]!
  return sum
}

/** Hours of the steps that are marked, kW or flags above `above`. */
export function hoursAbove(values: Float64Array, above: number, hours: Float64Array): number {
  let sum = 0
  for (let k = 0; k < values.length; k += 1) if (values[k]! > above) sum += hours[k]!
  return sum
}
