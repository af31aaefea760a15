import type { Conflict } from '../schema/index.ts'
import type { Group } from './conflict-groups.ts'
import type { Situation } from './fixed-plan.ts'
import { clock, titleOf } from './words.ts'

type LimitTold = Conflict['limits'][number]

/** A limit in words and as data. */
export function describeLimitOf(situation: Pick<Situation, 'frame'>, group: Group): LimitTold {
  const { limit, asset, block = '' } = group
  const title = titleOf(situation, asset)
  if (!limit) {
    const isCharger = /\.powerKw$/.test(block) && block !== `${asset}.powerKw`
    const text = isCharger ? `the charger of ${stayIn(block, asset)} gives its most` : `${title} is at its limits`
    const path = asset === situation.frame.site.id ? 'assets' : `assets.${asset}`
    return { code: isCharger ? 'limit.charger' : 'limit.machine', path, asset, value: null, unit: '1', text }
  }
  const { field, value, unit, path } = limit
  const size = `${Math.round(value * 1000) / 1000} ${unit}`
  const [code, text] = limitPhrase(field, title, size)
  return { code, path, asset: limit.asset, value, unit, text }
}

function limitPhrase(field: string, title: string, size: string): readonly [code: string, text: string] {
  if (/^import/.test(field)) return ['limit.import', `the import limit of ${size} is reached`]
  if (/^export/.test(field)) return ['limit.export', `the export limit of ${size} is reached`]
  if (field === 'feederLimitKw') return ['limit.feeder', `the feeder of ${title} (${size}) is full`]
  if (/^maxCharge|^maxFill/.test(field)) return ['limit.charge', `${title} takes its most (${size})`]
  if (/^maxDischarge|^maxDraw/.test(field)) return ['limit.discharge', `${title} gives its most (${size})`]
  if (/^capacityK(wh|g)$/.test(field)) return ['limit.capacity', `${title} (${size}) stores no more`]
  if (field === 'limitKw') return ['limit.line', `${title} (${size}) is full`]
  return ['limit.size', `${title} (${size}) has no more to give`]
}

const stayIn = (block: string, asset: string): string =>
  block
    .slice(asset.length + 1)
    .split('.')
    .slice(0, -1)
    .join('.')

const wishPhrases: Readonly<Record<string, (title: string) => string>> = {
  'serve-load': (title) => `${title} is to be served`,
  'ev-energy': (title) => `vehicles of ${title} are to be charged`,
  comfort: (title) => `${title} is to be comfortable`,
  'finish-shift': (title) => `${title} is to finish its shifted work`,
  reserve: (title) => `${title} is to keep its reserve`,
  'peak-import': () => 'import is to stay under the wished peak',
  'must-run': () => 'all that runs is to be used',
}

/** Another wish that takes part in a conflict. */
export function describeWishOf(
  situation: Pick<Situation, 'frame'>,
  { asset, wish = '', block = '' }: Group,
): Conflict['wishes'][number] {
  const stay = stayIn(block, asset)
  if (wish === 'ev-energy' && stay !== '') return { wish, asset, text: `vehicle ${stay} is to be charged` }
  const text = wishPhrases[wish]?.(titleOf(situation, asset)) ?? `${wish} of ${asset}`
  return { wish, asset, text }
}

interface Told extends Pick<Conflict, 'wish' | 'asset' | 'amount' | 'unit' | 'limits' | 'wishes'> {
  readonly stay: string | undefined
  readonly fromMs: number | null
  readonly toMs: number | null
  readonly held: boolean
}

function missPhrase(situation: Pick<Situation, 'frame'>, { wish, asset, amount, unit, stay }: Told): string {
  const title = titleOf(situation, asset)
  const much = `${amount.toFixed(1)} ${unit}`
  if (wish === 'serve-load') return `${title} goes without ${much}`
  if (wish === 'ev-energy') return `Vehicle ${stay ?? ''} at ${title} misses ${much}`
  if (wish === 'finish-shift') return `${title} leaves ${much} of shifted work undone`
  if (wish === 'reserve') return `${title} is up to ${much} short of its reserve`
  if (wish === 'peak-import') return `Import passes the wished peak by up to ${much}`
  if (wish === 'comfort') return `${title} misses its comfort by ${much}`
  return `${much} have nowhere to go`
}

/** `Vehicle 7 at Chargers B misses 3.2 kWh because the feeder of Chargers B (50 kW) is full 02:00–04:00.` */
export function describeConflict(situation: Pick<Situation, 'frame'>, told: Told): string {
  const { frame } = situation
  const { limits, wishes, fromMs, toMs, held } = told
  const span = fromMs === null || toMs === null ? '' : ` ${clock(fromMs, frame)}–${clock(toMs, frame)}`
  const because = [...new Set(limits.map(({ text }) => text))]
  const shown = shortList(because, 'limits hold')
  const reasons = shown.length === 0 ? [] : [`${joined(shown)}${span}`]
  const while_ = [...new Set(wishes.map(({ text }) => text))]
  const cause = [...reasons, ...(while_.length === 0 ? [] : [joined(shortList(while_, 'wishes are kept'))])]
  const machines = held ? ', with machines on and off as their least times and loads ask' : ''
  const why = cause.length === 0 ? ': nothing on the site can give it' : ` because ${joined(cause)}`
  return `${missPhrase(situation, told)}${why}${machines}.`
}

const shortList = (parts: readonly string[], what: string): readonly string[] =>
  parts.length > 4 ? [...parts.slice(0, 3), `${parts.length - 3} more ${what}`] : parts

const joined = (parts: readonly string[]): string =>
  parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`
