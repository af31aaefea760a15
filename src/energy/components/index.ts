import { battery } from './battery.ts'
import { boiler } from './boiler.ts'
import { chp } from './chp.ts'
import type { Component } from './component.ts'
import { electrolyser } from './electrolyser.ts'
import { evCharging } from './ev-charging.ts'
import { frequencyReserve } from './frequency-reserve.ts'
import { fuelCell } from './fuel-cell.ts'
import { genset } from './genset.ts'
import { gridConnection } from './grid.ts'
import { heatLoad } from './heat-load.ts'
import { heatPump } from './heat-pump.ts'
import { hydro } from './hydro.ts'
import { hydroReservoir } from './hydro-reservoir.ts'
import { hydrogenLoad } from './hydrogen-load.ts'
import { hydrogenStore } from './hydrogen-store.ts'
import { line } from './line.ts'
import { load } from './load.ts'
import { pv } from './pv.ts'
import { thermalStore } from './thermal-store.ts'
import { transformer } from './transformer.ts'
import { wind } from './wind.ts'
import { zone } from './zone.ts'

/** A component of any kind; the site reader has checked the asset against the kind's schema. */
// biome-ignore lint/suspicious/noExplicitAny: unlike components stand in one list, matched to assets by `kind`
export type AnyComponent = Component<any, any, any>

/** Every kind of energy asset, in the order the bus is written. */
export const components: readonly AnyComponent[] = [
  pv,
  wind,
  hydro,
  hydroReservoir,
  battery,
  genset,
  chp,
  load,
  evCharging,
  heatPump,
  boiler,
  thermalStore,
  heatLoad,
  zone,
  electrolyser,
  hydrogenStore,
  fuelCell,
  hydrogenLoad,
  frequencyReserve,
  line,
  transformer,
  gridConnection,
]

export const componentOf = (kind: string): AnyComponent | undefined =>
  components.find((component) => component.kind === kind)
