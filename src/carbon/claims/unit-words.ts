import type { Role } from './stated.ts'

/** A unit as it is written, and what one of it is in the unit of its role. `mass`: what of is told by the words around. */
export interface UnitWord {
  readonly words: readonly string[]
  readonly role: Role | 'mass' | 'share'
  readonly factor: number
}

/** A mu is 1/15 of a hectare. */
const muM2 = 10_000 / 15

export const unitWords: readonly UnitWord[] = [
  {
    role: 'energy',
    factor: 1,
    words: ['kWh', 'kilowatt-hours', 'kilowatt hours', 'kilowatt-hour', '千瓦时', '千瓦·时', '度电', '度'],
  },
  { role: 'energy', factor: 1e3, words: ['MWh', 'megawatt-hours', 'megawatt hours', '兆瓦时'] },
  { role: 'energy', factor: 1e6, words: ['GWh', 'gigawatt-hours', 'gigawatt hours', '吉瓦时'] },
  { role: 'energy', factor: 1e9, words: ['TWh', 'terawatt-hours', 'terawatt hours', '太瓦时'] },
  { role: 'capacity', factor: 1, words: ['kWp', 'kW', 'kilowatts', 'kilowatt', '千瓦'] },
  { role: 'capacity', factor: 1e3, words: ['MWp', 'MW', 'megawatts', 'megawatt', '兆瓦'] },
  { role: 'capacity', factor: 1e6, words: ['GWp', 'GW', 'gigawatts', 'gigawatt', '吉瓦'] },
  { role: 'coal', factor: 1000, words: ['tce', '吨标准煤', '吨标煤'] },
  { role: 'coal', factor: 1, words: ['kgce', '千克标准煤', '公斤标准煤'] },
  { role: 'coal', factor: 1e9, words: ['Mtce'] },
  { role: 'emissions', factor: 1000, words: ['tCO2e', 'tCO2eq', 't CO2e', 'tCO2', 't CO2'] },
  { role: 'emissions', factor: 1, words: ['kgCO2e', 'kg CO2e', 'kgCO2', 'kg CO2'] },
  { role: 'emissions', factor: 1e6, words: ['ktCO2e', 'ktCO2', 'kt CO2e', 'kt CO2'] },
  { role: 'emissions', factor: 1e9, words: ['MtCO2e', 'MtCO2', 'Mt CO2e', 'Mt CO2'] },
  {
    role: 'transport',
    factor: 1,
    words: ['tonne-kilometres', 'tonne-kilometers', 'ton-kilometers', 'tkm', 't·km', 't-km', '吨公里'],
  },
  {
    role: 'mass',
    factor: 1000,
    words: ['mt', 'tonnes', 'tonne', 'metric tons', 'metric ton', 'tons', 'ton', 't', '吨'],
  },
  { role: 'mass', factor: 1, words: ['kilograms', 'kilogrammes', 'kg', '公斤', '千克'] },
  { role: 'mass', factor: 1e6, words: ['kilotonnes', 'kt'] },
  { role: 'mass', factor: 1e9, words: ['megatonnes', 'Mt'] },
  { role: 'area', factor: 1, words: ['square metres', 'square meters', 'sq m', 'm²', 'm2', '平方米', '平米'] },
  {
    role: 'area',
    factor: 1e6,
    words: ['square kilometres', 'square kilometers', 'km²', 'km2', '平方公里', '平方千米'],
  },
  { role: 'area', factor: 1e4, words: ['hectares', 'hectare', 'ha', '公顷'] },
  { role: 'area', factor: muM2, words: ['mu', '亩'] },
  { role: 'distance', factor: 1, words: ['kilometres', 'kilometers', 'km', '公里', '千米'] },
  { role: 'trees', factor: 1, words: ['trees', '棵树', '棵', '株'] },
  { role: 'vehicles', factor: 1, words: ['cars', 'vehicles', '辆汽车', '辆车', '辆'] },
  { role: 'duration', factor: 1, words: ['years', '年'] },
  { role: 'share', factor: 0.01, words: ['%', 'percent', 'per cent'] },
]

const exact = new Map(unitWords.flatMap((unit) => unit.words.map((word) => [word, unit] as const)))
/** Of two that only size tells apart the first: MT is a metric ton. */
const lower = new Map(
  unitWords.flatMap((unit) => unit.words.map((word) => [word.toLowerCase(), unit] as const)).toReversed(),
)

/**
 * As it is written, or all in letters of one size, as the press has it: `kwh`, `MWH`. `mW` is neither, and no megawatt.
 *
 * @returns undefined for what is no unit of a claim
 */
export function unitOfWord(word: string): UnitWord | undefined {
  const small = word.toLowerCase()
  const even = word === small || word === word.toUpperCase() || /^[A-Z]?[a-z -]+$/.test(word)
  return exact.get(word) ?? (even ? lower.get(small) : undefined)
}

/** Words that multiply the number before them. */
export const scaleWords: Readonly<Record<string, number>> = {
  ...{ hundred: 100, thousand: 1e3, million: 1e6, billion: 1e9, trillion: 1e12 },
  ...{ 百: 100, 千: 1e3, 万: 1e4, 百万: 1e6, 千万: 1e7, 亿: 1e8, 万亿: 1e12 },
}

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
const longestFirst = (words: readonly string[]): string =>
  words
    .toSorted((a, b) => b.length - a.length)
    .map(escaped)
    .join('|')
/** A Latin word ends where its letters end. */
const latinEnd = '(?![A-Za-z0-9])'

const units = unitWords.flatMap(({ words }) => words)
const latin = units.filter((word) => /[A-Za-z]$/.test(word))
const other = units.filter((word) => !/[A-Za-z]$/.test(word))

/** A number with its scale and unit; groups `digits`, `scale`, `unit`. */
export const numberPattern = (): RegExp =>
  new RegExp(
    [
      '(?<![A-Za-z0-9.,_-])(?<digits>\\d{1,3}(?:,\\d{3})+(?:\\.\\d+)?|\\d+(?:\\.\\d+)?)',
      `[\\s-]*(?<scale>(?:${longestFirst(Object.keys(scaleWords))})(?![A-Za-z瓦米])|)`,
      `[\\s-]*(?<unit>(?:${longestFirst(latin)})${latinEnd}|(?:${longestFirst(other)})|)`,
    ].join(''),
    'giu',
  )
