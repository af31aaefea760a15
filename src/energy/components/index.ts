import { battery } from './battery.ts'
import type { Component } from './component.ts'
import { evCharging } from './ev-charging.ts'
import { genset } from './genset.ts'
import { gridConnection } from './grid.ts'
import { hydro } from './hydro.ts'
import { load } from './load.ts'
import { pv } from './pv.ts'
import { wind } from './wind.ts'

/** A component of any kind; the site reader has checked the asset against the kind's schema. */
// biome-ignore lint/suspicious/noExplicitAny: unlike components stand in one list, matched to assets by `kind`
export type AnyComponent = Component<any, any, any>

/** Every kind of energy asset, in the order the bus is written. */
export const components: readonly AnyComponent[] = [pv, wind, hydro, battery, genset, load, evCharging, gridConnection]

export const componentOf = (kind: string): AnyComponent | undefined =>
  components.find((component) => component.kind === kind)
