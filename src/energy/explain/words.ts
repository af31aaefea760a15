import { formatIso } from '../../kernel/index.ts'
import type { Frame } from '../frame.ts'
import type { BusWorth, PricePart, PriceTerm } from '../schema/index.ts'
import type { Situation } from './fixed-plan.ts'

/** Time of day at the site: `18:15`. */
export const clock = (timestampMs: number, { site }: Pick<Frame, 'site'>): string =>
  formatIso(timestampMs, site.zone).slice(11, 16)

/** A price per kWh with as many decimals as people compare. */
export const price = (value: number, { site }: Pick<Frame, 'site'>): string =>
  `${value.toFixed(Math.abs(value) >= 100 ? 0 : 3)} ${site.currency}`

export const titleOf = ({ frame }: Pick<Situation, 'frame'>, id: string | null): string =>
  frame.site.assets.find((asset) => asset.id === id)?.title ?? frame.site.name

const wishWords: Readonly<Record<string, string>> = {
  'serve-load': 'load that goes without',
  'ev-energy': 'vehicles that leave short',
  comfort: 'rooms outside their comfort',
  'finish-shift': 'shifted work left undone',
  reserve: 'reserve that is missed',
  'peak-import': 'import above the wished peak',
  'must-run': 'surplus that has nowhere to go',
}

const termWords: Readonly<Record<PriceTerm, string>> = {
  'import-price': 'import',
  'export-price': 'export',
  'carbon-price': 'carbon',
  'price-block': 'the tariff’s block',
  'net-metering': 'net metering',
  'demand-charge': 'demand charge',
  fuel: 'fuel',
  start: 'start',
  running: 'running',
  wear: 'wear',
  loss: 'losses',
  'load-left-out': 'load left out',
  'reserve-price': 'reserve',
  'stored-energy': 'what is stored at the end',
  'missed-wish': 'a missed wish',
}

/** A part in words: `import at 03:15 0.338 CNY`. */
export function describePart({ frame }: Pick<Situation, 'frame'>, part: PricePart, fromMs: number): string {
  const { term, asset, atMs, amountPerKwh, wish, changeKw } = part
  const what = wish === undefined ? termWords[term] : (wishWords[wish] ?? wish)
  const less = (changeKw ?? 0) < 0 && term !== 'export-price' ? 'less ' : ''
  const whose = asset === frame.site.id || term.startsWith('import') ? '' : ` (${asset})`
  const when = atMs === null || atMs === fromMs ? '' : ` at ${clock(atMs, frame)}`
  return `${less}${what}${whose}${when} ${price(amountPerKwh, frame)}`
}

/** A worth in words, its largest parts first. */
export function describeWorth(situation: Pick<Situation, 'frame'>, worth: Omit<BusWorth, 'text'>): string {
  const { frame } = situation
  const { carrier, bus, fromMs, toMs, pricePerKwh, parts } = worth
  const where = bus === 'main' ? carrier : `${carrier} on ${bus}`
  const span = `${clock(fromMs, frame)}–${clock(toMs, frame)}`
  const told = parts.filter(
    ({ amountPerKwh }) => Math.abs(amountPerKwh) >= Math.max(5e-4, 0.005 * Math.abs(pricePerKwh)),
  )
  const told6 = told.slice(0, 6).map((part) => describePart(situation, part, fromMs))
  const why = told6.length === 0 ? 'nothing has to give for it' : told6.join(', ')
  return `${span}: one more kWh of ${where} is worth ${price(pricePerKwh, frame)}: ${why}.`
}
