import { carbonErrors } from '../errors.ts'
import type { Block, EventOf } from './events.ts'
import { quantityOf } from './events.ts'
import { createOrderBook, type Order, type OrderBook, type Trade } from './order-book.ts'
import type { Purses } from './purses.ts'
import type { Run, Serials } from './serials.ts'

/** A trade that was settled: credits went one way and money the other, in one step. */
export interface SettledTrade extends Trade {
  readonly project: string
  readonly vintage: number
  readonly currency: string
}

export interface Market {
  offer(event: EventOf<'offer'>, id: string): void
  bid(event: EventOf<'bid'>, id: string): void
  withdraw(event: EventOf<'withdraw-order'>): void
  orders(project: string, vintage: number, currency: string, side: Order['side']): readonly Order[]
  trades(): readonly SettledTrade[]
}

export interface MarketParts {
  readonly purses: Purses
  serialsOf(project: string, vintage: number): Serials
  /** Serials of a block that an account may sell. @throws `carbon.not-held` */
  held(block: Block, account: string): { readonly serials: Serials; readonly runs: readonly Run[] }
}

interface Place {
  readonly project: string
  readonly vintage: number
  readonly currency: string
}

/** Order books by project, vintage and currency. An offer sets its credits aside, a bid its money, so that each match settles. */
export function createMarket({ purses, serialsOf, held }: MarketParts): Market {
  const books = new Map<string, OrderBook>()
  const places = new Map<string, Place & Pick<Order, 'account' | 'side' | 'priceMinor'>>()
  const trades: SettledTrade[] = []
  const bookOf = ({ project, vintage, currency }: Place): OrderBook => {
    const key = `${project}|${vintage}|${currency}`
    const book = books.get(key) ?? createOrderBook()
    books.set(key, book)
    return book
  }
  /** Hands over the first serials that an offer set aside. */
  const deliver = (serials: Serials, { offer, buyer, quantity }: Trade): void => {
    let left = quantity
    for (const run of serials.runs().filter(({ status, by }) => status === 'offered' && by === offer)) {
      if (left === 0n) break
      const end = run.end - run.start + 1n > left ? run.start + left - 1n : run.end
      serials.change(run.start, end, ({ by: _, ...own }) => ({ ...own, holder: buyer, status: 'active' }))
      left -= end - run.start + 1n
    }
    if (left > 0n) throw new Error(`Offer ${offer} has set aside too little`)
  }
  const place = (at: Place, order: Order): void => {
    const serials = serialsOf(at.project, at.vintage)
    places.set(order.id, { ...at, account: order.account, side: order.side, priceMinor: order.priceMinor })
    for (const trade of bookOf(at).place(order)) {
      deliver(serials, trade)
      purses.add(trade.seller, at.currency, trade.quantity * trade.priceMinor)
      // The bid set aside what it would have paid at most.
      purses.add(trade.buyer, at.currency, trade.quantity * (trade.bidMinor - trade.priceMinor))
      trades.push({ ...trade, ...at })
    }
  }
  return {
    offer({ block, account, currency, priceMinor }, id) {
      const { serials } = held(block, account)
      serials.change(BigInt(block.start), BigInt(block.end), (run) => ({ ...run, status: 'offered', by: id }))
      const order = { id, side: 'offer', account, priceMinor: BigInt(priceMinor), quantity: quantityOf(block) } as const
      place({ project: block.project, vintage: block.vintage, currency }, order)
    },
    bid({ project, vintage, quantity, account, currency, priceMinor }, id) {
      const order = { id, side: 'bid', account, priceMinor: BigInt(priceMinor), quantity: BigInt(quantity) } as const
      purses.take(account, currency, order.quantity * order.priceMinor)
      place({ project, vintage, currency }, order)
    },
    withdraw({ order: id, account }) {
      const at = places.get(id)
      const order = at?.account === account ? bookOf(at).remove(id) : undefined
      if (!at || !order) {
        throw carbonErrors.unknownOrder({ detail: `${account} has no such order in the book`, found: id })
      }
      if (order.side === 'bid') purses.add(account, at.currency, order.quantity * order.priceMinor)
      else {
        const serials = serialsOf(at.project, at.vintage)
        for (const { start, end } of serials.runs().filter(({ status, by }) => status === 'offered' && by === id)) {
          serials.change(start, end, ({ by: _, ...run }) => ({ ...run, status: 'active' }))
        }
      }
    },
    orders: (project, vintage, currency, side) => bookOf({ project, vintage, currency }).orders(side),
    trades: () => trades,
  }
}
