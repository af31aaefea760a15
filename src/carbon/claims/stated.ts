/** What the numbers of a claim are numbers of, and the unit that each is read into. */
export const roleUnits = {
  energy: 'kWh',
  capacity: 'kW',
  area: 'm2',
  coal: 'kgce',
  emissions: 'kg',
  freight: 't',
  distance: 'km',
  transport: 't·km',
  trees: 'trees',
  vehicles: 'vehicles',
  duration: 'a',
} as const

export type Role = keyof typeof roleUnits
export const roles = Object.keys(roleUnits) as readonly Role[]

export const periods = ['year', 'month', 'day', 'total'] as const
/** What a number is counted over; `total`: since the beginning, or over a life. */
export type Period = (typeof periods)[number]

export const hedges = ['about', 'more than', 'nearly'] as const
export type Hedge = (typeof hedges)[number]

/** Everything that a number may be if its printing is taken at its word; both ends belong to it. */
export interface Interval {
  readonly low: number
  readonly high: number
}

/** One number of a claim. */
export interface Stated extends Interval {
  readonly role: Role
  /** In the unit of the role. */
  readonly value: number
  /** As it stands in the claim. */
  readonly text: string
  readonly period?: Period
  readonly hedge?: Hedge
  /** Of emissions. */
  readonly gas?: 'CO2' | 'CO2e'
  readonly technology?: Technology
}

export const technologies = ['pv', 'wind', 'hydro'] as const
export type Technology = (typeof technologies)[number]

export const modes = ['road', 'rail', 'water', 'air'] as const
export type Mode = (typeof modes)[number]

/** A claim as far as it was understood. */
export interface Claim {
  readonly stated: readonly Stated[]
  /** Freight that changes its way. */
  readonly shift?: { readonly from: Mode; readonly to: Mode }
  /** Measures that one number may stand for together. */
  readonly measures: readonly string[]
  /** Numbers that nothing was made of, as they stand in the text. */
  readonly unread: readonly string[]
}
