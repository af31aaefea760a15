import { printedInterval } from './printed-interval.ts'
import {
  type Claim,
  type Hedge,
  type Mode,
  type Period,
  type Role,
  type Stated,
  type Technology,
  technologies,
} from './stated.ts'
import { numberPattern, scaleWords, type UnitWord, unitOfWord } from './unit-words.ts'

const periodWords: readonly (readonly [Period, RegExp])[] = [
  [
    'total',
    /\b(cumulative(ly)?|in total|to date|so far|since|lifetime|over its life)\b|累计|截至|总计|全生命周期|共计/iu,
  ],
  [
    'year',
    /\b(per year|a year|per annum|annual(ly)?|each year|every year|yearly)\b|每年|年均|全年|一年|年(?=发电|减|节|可|产|供|用|运)/iu,
  ],
  ['month', /\b(per month|a month|monthly)\b|每月|月均/iu],
  ['day', /\b(per day|a day|daily|each day)\b|每天|每日|日均/iu],
]

const hedgeWords: readonly (readonly [Hedge, RegExp])[] = [
  ['more than', /(\b(more than|over|at least|exceed(s|ing)?|above|upwards of)|超过?|逾|不少于|达到?以上)[\s约]*$/iu],
  ['nearly', /(\b(nearly|almost|close to|up to)|近|将近|接近)\s*$/iu],
  ['about', /(\b(about|around|approximately|roughly|some|circa|an estimated)|约|大约|左右|约为)\s*$/iu],
]

/** What a mass is of, by the words nearest to it. */
const massWords: readonly (readonly [Role, RegExp])[] = [
  ['coal', /standard coal|coal equivalent|coal-equivalent|\btce\b|标准煤|标煤/iu],
  ['emissions', /CO2|CO₂|carbon dioxide|carbon|greenhouse|emission|二氧化碳|碳排放|碳减排|减排|减碳|温室气体/iu],
  ['freight', /cargo|freight|goods|containers|coal transport|ore|grain|货物|货运|货|运输|运量/iu],
]

const technologyWords: Readonly<Record<Technology, RegExp>> = {
  pv: /photovoltaic|solar|\bPV\b|光伏|太阳能/iu,
  wind: /\bwind\b|风电|风力|风能|风机/iu,
  hydro: /\bhydro(power|electric)?\b|水电|水力/iu,
}

const measureWords: Readonly<Record<string, RegExp>> = {
  ...technologyWords,
  storage: /\bstorage\b|\bbatter(y|ies)\b|储能/iu,
  charging: /\bcharging (piles|stations|points)\b|\bchargers\b|充电桩|充电站/iu,
  'heat pumps': /heat pumps?|热泵/iu,
  lighting: /\bLED\b|lighting|照明/iu,
  'shore power': /shore power|岸电/iu,
  forest: /\bforest|afforestation|mangrove|植树|造林|红树林/iu,
}

const modeWords: Readonly<Record<Mode, string>> = {
  road: 'road|trucks?|lorr(?:y|ies)|公路|汽车|公',
  rail: 'rail(?:way|ways)?|trains?|铁路|铁',
  water: 'water(?:way|ways)?|barges?|ships?|sea|inland shipping|水路|水运|海运|水',
  air: 'air|planes?|航空|空运',
}

/**
 * Reads plain sentences, English or Chinese, into numbers with their roles. What it cannot place it names; it never
 * guesses a role from the size of a number.
 */
export function readClaim(text: string): Claim {
  const found = [...text.matchAll(numberPattern())].filter((match) => !isDate(match))
  const present = technologies.filter((one) => technologyWords[one].test(text))
  const stated: Stated[] = []
  const unread: string[] = []
  found.forEach((match, index) => {
    const { digits: printed = '', scale = '', unit = '' } = match.groups ?? {}
    const around = surroundings(text, found, index)
    const word = unitOfWord(unit)
    const role = word && roleOf(word, around)
    if (word?.role === 'share') return
    if (!word || !role) {
      unread.push(match[0].trim())
      return
    }
    const digits = printed.replaceAll(',', '')
    const factor = (scaleWords[scale.toLowerCase()] ?? 1) * (role === 'freight' ? word.factor / 1000 : word.factor)
    const hedge = hedgeWords.find(([, pattern]) => pattern.test(around.before))?.[0]
    const period = periodOf(around, role)
    const technology =
      technologies.find((one) => technologyWords[one].test(around.clause.text)) ??
      (present.length === 1 ? present[0] : undefined)
    stated.push({
      role,
      value: Number(digits) * factor,
      ...printedInterval(digits, factor, hedge),
      text: match[0].trim(),
      ...(hedge === undefined ? {} : { hedge }),
      ...(period === undefined ? {} : { period }),
      ...(role === 'emissions' ? { gas: gasOf(match[0], around) } : {}),
      ...(technology !== undefined && (role === 'energy' || role === 'capacity' || role === 'area')
        ? { technology }
        : {}),
    })
  })
  const shift = shiftOf(text)
  const measures = Object.entries(measureWords).flatMap(([name, pattern]) => (pattern.test(text) ? name : []))
  return { stated, measures, unread, ...(shift ? { shift } : {}) }
}

/** Words around a number: none of them belongs to another number. */
interface Surroundings {
  readonly before: string
  readonly after: string
  /** Until the next full stop or semicolon, to both sides. */
  readonly sentence: Part
  /** Until the next comma, to both sides. */
  readonly clause: Part
}

/** A part of the text, and where the number stands in it. */
interface Part {
  readonly text: string
  readonly start: number
  readonly end: number
}

function surroundings(text: string, found: readonly RegExpExecArray[], index: number): Surroundings {
  const start = found[index]!.index
  const end = start + found[index]![0].length
  const last = found[index - 1]
  const before = text.slice(last ? last.index + last[0].length : 0, start)
  const after = text.slice(end, found[index + 1]?.index ?? text.length)
  const around = (stop: RegExp): Part => {
    const head = text.slice(0, start).split(stop).at(-1) ?? ''
    const tail = text.slice(end).split(stop)[0] ?? ''
    return { text: head + text.slice(start, end) + tail, start: head.length, end: head.length + end - start }
  }
  return {
    before,
    after: after.split(/[,;.，；。]/u)[0] ?? '',
    sentence: around(/[;；。!?]|\.(?!\d)/u),
    clause: around(/,(?!\d{3})|[;，；。]|\.(?!\d)/u),
  }
}

function roleOf({ role }: UnitWord, { before, after }: Surroundings): Role | undefined {
  if (role === 'share') return undefined
  if (role !== 'mass') return role
  // What stands behind a mass says what it is of; else the last word before it does.
  const behind = massWords
    .map(([name, pattern]) => ({ name, at: after.search(pattern) }))
    .filter(({ at }) => at >= 0 && at < 40)
    .sort((a, b) => a.at - b.at)[0]
  if (behind) return behind.name
  return massWords
    .map(([name, pattern]) => ({ name, at: lastIndex(before, pattern) }))
    .filter(({ at }) => at >= 0)
    .sort((a, b) => b.at - a.at)[0]?.name
}

function lastIndex(text: string, pattern: RegExp): number {
  let at = -1
  for (const match of text.matchAll(new RegExp(pattern.source, `g${pattern.flags}`))) at = match.index
  return at
}

function periodOf({ clause, sentence }: Surroundings, role: Role): Period | undefined {
  if (['capacity', 'area', 'distance', 'duration', 'trees', 'vehicles'].includes(role)) return undefined
  return nearestPeriod(clause) ?? nearestPeriod(sentence)
}

/** Of the word that stands nearest to the number. */
function nearestPeriod({ text, start, end }: Part): Period | undefined {
  let nearest: { readonly period: Period; readonly away: number } | undefined
  for (const [period, pattern] of periodWords) {
    for (const { index, 0: word } of text.matchAll(new RegExp(pattern.source, `g${pattern.flags}`))) {
      const away = index >= end ? index - end : start - (index + word.length)
      if (!nearest || away < nearest.away) nearest = { period, away }
    }
  }
  return nearest?.period
}

const gasOf = (number: string, { after, before }: Surroundings): 'CO2' | 'CO2e' =>
  /CO2e|CO₂e|CO2-?eq|equivalent|当量/iu.test(number + after.slice(0, 40)) ||
  /CO2e|CO₂e|当量[^，。]*$/iu.test(before.slice(-30))
    ? 'CO2e'
    : 'CO2'

/** 2025, 2025年, July 2026: a year, where no unit says else. */
function isDate({ groups }: RegExpExecArray): boolean {
  const { digits = '', unit = '', scale = '' } = groups ?? {}
  return /^(19|20|21)\d\d$/.test(digits) && scale === '' && (unit === '年' || unit === '')
}

function shiftOf(text: string): Claim['shift'] {
  for (const [from, words] of Object.entries(modeWords)) {
    for (const [to, other] of Object.entries(modeWords)) {
      if (from === to) continue
      const english = new RegExp(
        `\\b(?:from|off)\\s+(?:the\\s+)?(?:${words})\\b.{0,60}\\b(?:to|onto|by)\\s+(?:the\\s+)?(?:${other})\\b`,
        'iu',
      )
      const chinese = new RegExp(`(?:${words})转(?:${other})`, 'u')
      if (english.test(text) || chinese.test(text)) return { from: from as Mode, to: to as Mode }
    }
  }
  return undefined
}
