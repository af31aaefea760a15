import type { ModelBuilder } from '../solve/index.ts'

/** What flows on a bus: kW of electricity, of heat, of hydrogen by its lower heating value, or of held-back reserve. */
export type Carrier = 'electricity' | 'heat' | 'hydrogen' | 'reserve-up' | 'reserve-down'

/** The bus of an asset that names none. */
export const mainBus = 'main'

/** Columns `first … first + (to − from) − 1` act on steps `from … to − 1` of the bus. */
interface BusBlock {
  readonly first: number
  readonly from: number
  readonly to: number
  /** kW on the bus of one unit of the column; + supplies, − draws. */
  readonly factor: number
}

/** Columns of an asset that act on a bus. */
export interface BusUse extends BusBlock {
  readonly carrier: Carrier
  readonly bus: string
}

/** The same buses, which write down what an asset gives and takes. */
export function noteUses(buses: Buses, uses: BusUse[]): Buses {
  return {
    ...buses,
    of(carrier, name = mainBus) {
      const bus = buses.of(carrier, name)
      return {
        supply(first, from, to, factor = 1) {
          uses.push({ carrier, bus: name, first, from, to, factor })
          bus.supply(first, from, to, factor)
        },
        draw(first, from, to, factor = 1) {
          uses.push({ carrier, bus: name, first, from, to, factor: -factor })
          bus.draw(first, from, to, factor)
        },
        fixed: (powerKw) => bus.fixed(powerKw),
      }
    },
  }
}

/** A node where assets meet: what is supplied equals what is drawn, in every step. */
export interface Bus {
  /** `factor` kW reach the bus for one unit of the column; default 1. */
  supply(firstColumn: number, from: number, to: number, factor?: number): void
  draw(firstColumn: number, from: number, to: number, factor?: number): void
  /** Adds a draw that is no decision, kW a step. */
  fixed(powerKw: Float64Array): void
}

/** A bus that has been asked for, and where its rows and its surplus stand in the model. */
export interface BusPlace {
  readonly carrier: Carrier
  readonly name: string
  /** First of the balance rows, one a step. Row `k` reads supply − draw = fixed, so its dual is the worth of one kW. */
  readonly row: number
  /** First of the columns with the surplus that nothing can take, kW a step; −1 where more than enough does no harm. */
  readonly surplus: number
  /** Draw that is no decision, kW a step. */
  readonly fixedKw: Float64Array
}

/** All buses of a site; each is made when it is first asked for. */
export interface Buses {
  of(carrier: Carrier, name?: string): Bus
  /** First column of the voltage angle of an electricity bus, per unit; see `components/line.ts`. */
  angle(name: string): number
  /** First of columns that several assets share, by name; made when first asked for. */
  shared(name: string, make: () => number): number
  /** Writes the balance rows of all buses. `surplusCost`: of one kW over one step. */
  balance(surplusCost: Float64Array): readonly BusPlace[]
}

/** Reserve may be more than is asked for; energy has to go somewhere. */
const mayExceed = (carrier: Carrier): boolean => carrier === 'reserve-up' || carrier === 'reserve-down'

interface OpenBus extends Bus {
  readonly carrier: Carrier
  readonly name: string
  readonly blocks: BusBlock[]
  readonly fixedKw: Float64Array
}

function openBus(carrier: Carrier, name: string, count: number): OpenBus {
  const blocks: BusBlock[] = []
  const fixedKw = new Float64Array(count)
  return {
    carrier,
    name,
    blocks,
    fixedKw,
    supply: (first, from, to, factor = 1) => void blocks.push({ first, from, to, factor }),
    draw: (first, from, to, factor = 1) => void blocks.push({ first, from, to, factor: -factor }),
    fixed(powerKw) {
      for (let k = 0; k < count; k += 1) fixedKw[k]! += powerKw[k]!
    },
  }
}

/** Angles beyond this, rad, mean that the lines carry nothing like linear power flow any more. */
const largestAngle = 1e3

export function createBuses(model: ModelBuilder, count: number): Buses {
  const open = new Map<string, OpenBus>()
  const angles = new Map<string, number>()
  const shared = new Map<string, number>()
  const of = (carrier: Carrier, name: string = mainBus): OpenBus => {
    const key = `${carrier}/${name}`
    const found = open.get(key) ?? openBus(carrier, name, count)
    open.set(key, found)
    return found
  }
  of('electricity')
  return {
    of,
    angle(name) {
      const found = angles.get(name)
      if (found !== undefined) return found
      // Only differences count: the first bus that is asked for is the reference.
      const bound = angles.size === 0 ? 0 : largestAngle
      const first = model.addColumns(`angle.${name}`, count, { lower: -bound, upper: bound })
      angles.set(name, first)
      return first
    },
    shared(name, make) {
      const first = shared.get(name) ?? make()
      shared.set(name, first)
      return first
    },
    balance: (surplusCost) =>
      [...open.values()].map(({ carrier, name, blocks, fixedKw }): BusPlace => {
        const label = name === mainBus ? carrier : `${carrier}.${name}`
        const surplus = mayExceed(carrier) ? -1 : model.addColumns(`surplusKw.${label}`, count, { cost: surplusCost })
        if (surplus >= 0) blocks.push({ first: surplus, from: 0, to: count, factor: -1 })
        const row = model.rowCount
        // Blocks that begin in each step, and those that have begun and not ended, in the order in which they were noted: a
        // year of charging has thousands that last some hours each.
        const beginning = Map.groupBy(blocks.keys(), (index) => Math.max(0, blocks[index]!.from))
        let open: number[] = []
        for (let k = 0; k < count; k += 1) {
          const more = beginning.get(k)
          if (more) open = [...open, ...more].sort((a, b) => a - b)
          model.beginRow(`bus.${label}`, fixedKw[k]!, surplus < 0 ? Number.POSITIVE_INFINITY : fixedKw[k]!)
          let ends = false
          for (const index of open) {
            const { first, from, to, factor } = blocks[index]!
            if (k < to) model.term(first + k - from, factor)
            else ends = true
          }
          model.endRow()
          if (ends) open = open.filter((index) => k < blocks[index]!.to)
        }
        return { carrier, name, row, surplus, fixedKw }
      }),
  }
}
