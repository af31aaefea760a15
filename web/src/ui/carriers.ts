/** What a site moves: each has its own buses, and its own chart where a site has it. */
export type Carrier = 'electricity' | 'heat' | 'hydrogen'

/** A point that tells what an asset gives a bus of a carrier, kW. */
export interface CarrierPoint {
  readonly point: string
  /** 1: positive values supply the bus; −1: they draw from it. */
  readonly sign: 1 | -1
  /** Not every asset of the kind has it: a boiler burns fuel or draws power. */
  readonly optional?: boolean
}

/** How full a store is. */
interface Level {
  readonly point: string
  readonly unit: string
}

interface KindPoints extends Partial<Record<Carrier, CarrierPoint>> {
  readonly level?: Level
}

const gives = (point: string): CarrierPoint => ({ point, sign: 1 })
const takes = (point: string): CarrierPoint => ({ point, sign: -1 })
const sometimes = (carrierPoint: CarrierPoint): CarrierPoint => ({ ...carrierPoint, optional: true })

/** Lines and transformers are not here: what they take from one bus they give another. */
const byKind: Readonly<Record<string, KindPoints>> = {
  pv: { electricity: gives('powerKw') },
  wind: { electricity: gives('powerKw') },
  hydro: { electricity: gives('powerKw') },
  'hydro-reservoir': { electricity: gives('powerKw') },
  genset: { electricity: gives('powerKw') },
  chp: { electricity: gives('powerKw'), heat: gives('heatKw') },
  battery: { electricity: gives('powerKw') },
  grid: { electricity: gives('powerKw') },
  load: { electricity: takes('powerKw') },
  'ev-charging': { electricity: takes('powerKw') },
  'heat-pump': { electricity: takes('powerKw'), heat: gives('heatKw') },
  boiler: { electricity: sometimes(takes('powerKw')), heat: gives('heatKw') },
  'thermal-store': { heat: gives('heatKw'), level: { point: 'storedKwh', unit: 'kWh' } },
  'heat-load': { heat: takes('heatKw') },
  zone: { electricity: sometimes(takes('powerKw')), heat: sometimes(takes('heatKw')) },
  electrolyser: {
    electricity: takes('powerKw'),
    heat: sometimes(gives('heatKw')),
    hydrogen: gives('hydrogenKw'),
  },
  'fuel-cell': {
    electricity: gives('powerKw'),
    heat: sometimes(gives('heatKw')),
    hydrogen: takes('hydrogenKw'),
  },
  'hydrogen-store': {
    electricity: sometimes(takes('compressionKw')),
    hydrogen: gives('hydrogenKw'),
    level: { point: 'levelKg', unit: 'kg' },
  },
  'hydrogen-load': { hydrogen: takes('hydrogenKw') },
}

/** The point of a kind on a carrier; undefined where it has nothing to do with it. */
export const carrierPoint = (kind: string, carrier: Carrier): CarrierPoint | undefined => byKind[kind]?.[carrier]

/** The level of a kind that stores heat or hydrogen. */
export const levelOf = (kind: string): Level | undefined => byKind[kind]?.level

/** All points that the charts read. */
export const carrierPoints: ReadonlySet<string> = new Set(
  Object.values(byKind).flatMap(({ electricity, heat, hydrogen, level }) =>
    [electricity, heat, hydrogen, level].flatMap((of) => (of ? [of.point] : [])),
  ),
)
