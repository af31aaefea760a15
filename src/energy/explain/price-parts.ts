import { stepStartMs } from '../../kernel/index.ts'
import type { BusWorth, PricePart, PriceTerm } from '../schema/index.ts'
import type { ColumnTerms } from './column-terms.ts'
import type { FixedPlan } from './fixed-plan.ts'
import type { Response } from './response.ts'
import { describeWorth } from './words.ts'

/** Parts of a price smaller than this, per kWh, are not told one by one. */
const leastPart = 1e-10

/** What a kWh is lost or made of on its way through stores belongs to, by kind. */
const storeKinds: ReadonlySet<string> = new Set([
  'battery',
  'ev-charging',
  'hydro-reservoir',
  'thermal-store',
  'hydrogen-store',
])

/** Costs that follow the energy, so that what a store loses of it can be told apart. */
const energyTerms: ReadonlySet<PriceTerm> = new Set(['import-price', 'export-price', 'carbon-price', 'fuel'])

type Open = { -readonly [key in keyof PricePart]: PricePart[key] }
type Adding = (
  part: { term: PriceTerm; asset: string; step: number; wish?: string },
  amount: number,
  changeKw: number,
) => void

/**
 * What the worth of one more kWh on a bus in step `at` is made of: the cost of every column that answers, times how much it answers. The
 * sum is the dual of the bus, exactly.
 */
export function partsOf(plan: FixedPlan, terms: ColumnTerms, at: number, response: Response): PricePart[] {
  const { frame, assets, model } = plan
  const hours = frame.hours[at]!
  const kinds = new Map(assets.map(({ asset }) => [asset.id, asset.kind]))
  const parts = new Map<string, Open>()
  const add: Adding = ({ term, asset, step, wish }, amount, changeKw) => {
    if (Math.abs(amount) < leastPart) return
    const key = `${term}/${asset}/${step}/${wish ?? ''}`
    const atMs = step < 0 ? null : stepStartMs(frame.grid, step)
    const part: Open = parts.get(key) ?? { term, asset, atMs, amountPerKwh: 0, changeKw: 0, ...(wish ? { wish } : {}) }
    part.amountPerKwh += amount / hours
    part.changeKw = Number.isNaN(changeKw) ? null : (part.changeKw ?? 0) + changeKw
    parts.set(key, part)
  }
  const { share, store } = lostShare(terms, response, kinds)
  for (const [column, change] of response) {
    const { term, asset, step, wish, carbonCost, name } = terms.of[column]!
    const changeKw = /Kw$/.test(name) ? change : Number.NaN
    const rest = (model.cost[column]! - carbonCost) * change
    const split = (which: PriceTerm, amount: number): void => {
      const lost = energyTerms.has(which) && store !== undefined ? amount * share : 0
      add({ term: which, asset, step, ...(wish ? { wish } : {}) }, amount - lost, changeKw)
      if (lost !== 0) add({ term: 'loss', asset: store!, step }, lost, Number.NaN)
    }
    split(term, rest)
    if (carbonCost !== 0) split('carbon-price', carbonCost * change)
  }
  return [...parts.values()].sort((a, b) => Math.abs(b.amountPerKwh) - Math.abs(a.amountPerKwh))
}

/** The share of the energy that answers which is lost in stores (negative: that they need not lose), and the store that does most. */
function lostShare(terms: ColumnTerms, response: Response, kinds: ReadonlyMap<string, string>) {
  let lostKw = 0
  let most = 0
  let store: string | undefined
  for (const columns of terms.onBuses) {
    for (const { column, carrier, factor } of columns) {
      const change = response.get(column)
      if (change === undefined || carrier.startsWith('reserve')) continue
      const { asset } = terms.of[column]!
      if (!storeKinds.has(kinds.get(asset) ?? '')) continue
      lostKw -= change * factor
      if (Math.abs(change) > most) {
        most = Math.abs(change)
        store = asset
      }
    }
  }
  const givenKw = 1 + lostKw
  const isTold = store !== undefined && givenKw > 0.2 && Math.abs(lostKw) > 1e-6
  return { share: isTold ? lostKw / givenKw : 0, store: isTold ? store : undefined }
}

/** Worth of a bus in one step, with its parts and words. */
export function worthAt(
  plan: FixedPlan,
  terms: ColumnTerms,
  { bus, step, response }: { bus: number; step: number; response: Response },
): BusWorth {
  const { frame, park, solution } = plan
  const { carrier, name, row } = park.buses[bus]!
  const parts = partsOf(plan, terms, step, response)
  const fromMs = stepStartMs(frame.grid, step)
  const worth = {
    carrier,
    bus: name,
    fromMs,
    toMs: stepStartMs(frame.grid, step + 1),
    pricePerKwh: (solution.rowDuals[row + step] ?? 0) / frame.hours[step]!,
    parts,
  }
  return { ...worth, text: describeWorth(plan, worth) }
}

/** Whether the parts of a worth add up to it. */
export const addsUp = ({ pricePerKwh, parts }: Pick<BusWorth, 'pricePerKwh' | 'parts'>): boolean => {
  const sum = parts.reduce((total, { amountPerKwh }) => total + amountPerKwh, 0)
  const size = parts.reduce((largest, { amountPerKwh }) => Math.max(largest, Math.abs(amountPerKwh)), 1)
  return Math.abs(sum - pricePerKwh) <= 1e-6 * size
}

const causeOf = ({ parts }: BusWorth): string =>
  parts
    .slice(0, 3)
    .map(({ term, asset }) => `${term}/${asset}`)
    .sort()
    .join(' ')

/** Prices that differ by more than this share are told apart. */
const shareAlike = 0.05

const isAlike = (a: BusWorth, b: BusWorth): boolean =>
  causeOf(a) === causeOf(b) &&
  Math.abs(a.pricePerKwh - b.pricePerKwh) <= shareAlike * Math.max(0.01, Math.abs(a.pricePerKwh))

/** Neighbouring steps with the same causes and nearly one price as one stretch, in which each part is the mean of its steps. */
export function stretchesOf(plan: FixedPlan, worths: readonly BusWorth[]): BusWorth[] {
  const stretches: BusWorth[][] = []
  for (const worth of worths) {
    const last = stretches.at(-1)
    if (last && isAlike(last[0]!, worth)) last.push(worth)
    else stretches.push([worth])
  }
  return stretches.map((steps): BusWorth => {
    const [first] = steps as [BusWorth]
    if (steps.length === 1) return first
    const merged = new Map<string, Open>()
    for (const { parts } of steps) {
      for (const part of parts) {
        const key = `${part.term}/${part.asset}/${part.wish ?? ''}`
        const sum: Open = merged.get(key) ?? { ...part, amountPerKwh: 0, changeKw: null, atMs: part.atMs }
        sum.amountPerKwh += part.amountPerKwh / steps.length
        if (sum.atMs !== part.atMs) sum.atMs = null
        merged.set(key, sum)
      }
    }
    const worth = {
      ...first,
      toMs: steps.at(-1)!.toMs,
      pricePerKwh: steps.reduce((sum, { pricePerKwh }) => sum + pricePerKwh, 0) / steps.length,
      parts: [...merged.values()].sort((a, b) => Math.abs(b.amountPerKwh) - Math.abs(a.amountPerKwh)),
    }
    return { ...worth, text: describeWorth(plan, worth) }
  })
}
