import type { ModelBuilder } from '../solve/index.ts'

/** Columns `first … first + (to − from) − 1` act on steps `from … to − 1` of the bus. */
interface BusBlock {
  readonly first: number
  readonly from: number
  readonly to: number
  /** +1 supplies the bus, −1 draws from it. */
  readonly sign: 1 | -1
}

/** The node where all assets of a site meet: what is supplied equals what is drawn, in every step. */
export interface Bus {
  supply(firstColumn: number, from: number, to: number): void
  draw(firstColumn: number, from: number, to: number): void
  /** Adds a draw that is no decision, kW a step. */
  fixed(powerKw: Float64Array): void
  /** Writes the balance rows; returns the index of the first. Row `k` reads supply − draw = fixed, so its dual is the worth of one kW. */
  balance(model: ModelBuilder): number
}

export function createBus(count: number): Bus {
  const blocks: BusBlock[] = []
  const fixedKw = new Float64Array(count)
  return {
    supply: (first, from, to) => void blocks.push({ first, from, to, sign: 1 }),
    draw: (first, from, to) => void blocks.push({ first, from, to, sign: -1 }),
    fixed(powerKw) {
      for (let k = 0; k < count; k += 1) fixedKw[k]! += powerKw[k]!
    },
    balance(model) {
      const firstRow = model.rowCount
      for (let k = 0; k < count; k += 1) {
        model.beginRow('bus', fixedKw[k]!, fixedKw[k]!)
        for (const block of blocks) {
          if (k >= block.from && k < block.to) model.term(block.first + k - block.from, block.sign)
        }
        model.endRow()
      }
      return firstRow
    },
  }
}
