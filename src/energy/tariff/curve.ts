/**
 * What one counted quantity of a bill costs: kWh of a month, kW of its peak. Each further unit costs the price of the block
 * it falls in; `knots` are in rising order and the first is at 0.
 */
export interface Curve {
  /** Cost at 0. */
  readonly atZero: number
  readonly knots: readonly { readonly from: number; readonly price: number }[]
}

export const flatCurve = (price: number): Curve => ({ atZero: 0, knots: [{ from: 0, price }] })

/** Cost of a quantity of 0 or more. */
export function costAt({ atZero, knots }: Curve, quantity: number): number {
  let cost = atZero
  for (let i = 0; i < knots.length; i += 1) {
    const { from, price } = knots[i]!
    if (quantity <= from) break
    cost += price * (Math.min(quantity, knots[i + 1]?.from ?? Number.POSITIVE_INFINITY) - from)
  }
  return cost
}

/** One block of a curve, cut to a range. */
export interface CurveBlock {
  /** Quantity at which it begins. */
  readonly from: number
  readonly width: number
  readonly price: number
}

/** The blocks between two quantities; neighbours of one price are one block. */
export function blocksBetween({ knots }: Curve, low: number, high: number): readonly CurveBlock[] {
  const blocks: CurveBlock[] = []
  knots.forEach(({ from, price }, i) => {
    const begin = Math.max(low, from)
    const end = Math.min(high, knots[i + 1]?.from ?? Number.POSITIVE_INFINITY)
    const last = blocks.at(-1)
    if (!(end > begin)) return
    if (last && last.price === price) blocks[blocks.length - 1] = { ...last, width: last.width + end - begin }
    else blocks.push({ from: begin, width: end - begin, price })
  })
  return blocks
}

/** Dearest unit of a curve. */
export const dearestOf = ({ knots }: Curve): number => Math.max(...knots.map(({ price }) => price))

export const scaled = ({ atZero, knots }: Curve, factor: number): Curve => ({
  atZero: atZero * factor,
  knots: knots.map(({ from, price }) => ({ from, price: price * factor })),
})
