/** An order that rests in the book. */
export interface Order {
  /** Id of the entry that placed it. */
  readonly id: string
  readonly side: 'offer' | 'bid'
  readonly account: string
  readonly priceMinor: bigint
  /** What is left of it, in credits. */
  readonly quantity: bigint
}

/** A match of two orders, at the price of the one that was there first. */
export interface Trade {
  readonly offer: string
  readonly bid: string
  readonly seller: string
  readonly buyer: string
  readonly quantity: bigint
  readonly priceMinor: bigint
  /** What the bid had set aside for a credit. */
  readonly bidMinor: bigint
}

/** Orders of one project, vintage and currency. */
export interface OrderBook {
  /** Best first: by price, then by time. */
  orders(side: Order['side']): readonly Order[]
  /** Matches an order against the other side; what is left of it rests. */
  place(order: Order): readonly Trade[]
  /** Takes an order out; undefined where there is none. */
  remove(id: string): Order | undefined
}

/** Price-time priority: a better price goes first, and of the same price the one that came first. Nobody trades with himself. */
export function createOrderBook(): OrderBook {
  const sides: Record<Order['side'], Order[]> = { offer: [], bid: [] }
  const better = (side: Order['side'], a: bigint, b: bigint): boolean => (side === 'offer' ? a < b : a > b)
  return {
    orders: (side) => sides[side],
    place(order) {
      const trades: Trade[] = []
      const others = sides[order.side === 'offer' ? 'bid' : 'offer']
      let left = order.quantity
      for (let k = 0; k < others.length && left > 0n; ) {
        const other = others[k]!
        const crosses =
          order.side === 'offer' ? other.priceMinor >= order.priceMinor : other.priceMinor <= order.priceMinor
        if (!crosses) break
        if (other.account === order.account) {
          k += 1
          continue
        }
        const quantity = smaller(other.quantity, left)
        const [offer, bid] = order.side === 'offer' ? [order, other] : [other, order]
        trades.push({
          ...{ offer: offer.id, bid: bid.id, seller: offer.account, buyer: bid.account },
          ...{ quantity, priceMinor: other.priceMinor, bidMinor: bid.priceMinor },
        })
        left -= quantity
        if (quantity === other.quantity) others.splice(k, 1)
        else others[k] = { ...other, quantity: other.quantity - quantity }
      }
      if (left > 0n) {
        const own = sides[order.side]
        const at = own.findIndex(({ priceMinor }) => better(order.side, order.priceMinor, priceMinor))
        own.splice(at < 0 ? own.length : at, 0, { ...order, quantity: left })
      }
      return trades
    },
    remove(id) {
      for (const orders of Object.values(sides)) {
        const at = orders.findIndex((order) => order.id === id)
        if (at >= 0) return orders.splice(at, 1)[0]
      }
      return undefined
    },
  }
}

/** `Math.min` takes no whole numbers of this kind. */
const smaller = (a: bigint, b: bigint): bigint => [a, b][Number(b < a)]!
