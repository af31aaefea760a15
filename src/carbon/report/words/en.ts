import type { Text } from '../../../report/index.ts'
import type { VerdictOutput } from '../../verdict/index.ts'

type Guiding = VerdictOutput['guiding'][number]
type Values = VerdictOutput['reasons'][number]['values']

/** All that the reports of this room say. Every language has every word. */
export interface CarbonWords {
  /** Language in which engines write their own sentences, where that is another. */
  readonly foreign?: 'en'
  readonly inventory: string
  readonly parkVerdict: string
  readonly period: (from: string, to: string) => string
  readonly year: (year: number) => string
  readonly scopes: Readonly<Record<1 | 2 | 3, string>>
  readonly scope2: Readonly<Record<'location' | 'market', string>>
  readonly total: Readonly<Record<'location' | 'market', string>>
  readonly categories: Readonly<Record<string, string>>
  readonly approaches: Readonly<Record<string, string>>
  readonly facts: {
    readonly approach: string
    readonly period: string
    readonly gwpSet: string
    readonly run: string
    readonly outputHash: string
    readonly organisation: string
    readonly scheme: string
    readonly document: string
    readonly readings: string
    readonly rows: string
  }
  readonly count: (count: number) => string
  readonly sections: {
    readonly scopes: string
    readonly gases: string
    readonly energy: string
    readonly lines: string
    readonly views: string
    readonly meters: string
    readonly factors: string
    readonly toKnow: string
    readonly method: string
    readonly result: string
    readonly readings: string
    readonly emissions: string
    readonly guiding: string
    readonly verify: string
    readonly pedigree: string
  }
  readonly columns: {
    readonly scope: string
    readonly category: string
    readonly method: string
    readonly emissions: string
    readonly biogenic: string
    readonly halfWidth: string
    readonly uncertainShare: string
    readonly score: string
    readonly rows: string
    readonly gas: string
    readonly mass: string
    readonly energy: string
    readonly calorific: string
    readonly equivalent: string
    readonly activity: string
    readonly code: string
    readonly place: string
    readonly why: string
    readonly meter: string
    readonly amount: string
    readonly coverage: string
    readonly estimated: string
    readonly rule: string
    readonly number: string
    readonly factor: string
    readonly value: string
    readonly source: string
    readonly valid: string
    readonly licence: string
    readonly verify: string
    readonly reading: string
    readonly indicator: string
    readonly limit: string
    readonly gap: string
    readonly energyGap: string
    readonly chance: string
    readonly result: string
    readonly part: string
    readonly stated: string
    readonly counted: string
    readonly notCounted: string
    readonly rests: string
  }
  readonly figures: {
    readonly scopes: string
    readonly gases: string
    readonly energy: string
    readonly parts: string
    readonly dial: (reading: string) => string
    readonly spread: string
  }
  /** What a figure shows, for who does not see it: names and numbers in their order. */
  readonly described: (what: string, entries: readonly string[]) => string
  readonly to: string
  readonly noVerify: string
  readonly gapNote: (energy: string) => string
  readonly unlimited: string
  readonly withoutCoefficient: (rows: number) => string
  readonly outsidePeriod: (rows: number) => string
  readonly notEquivalent: string
  readonly readByEngine: string
  readonly accountMethod: readonly string[]
  readonly verdictMethod: readonly string[]
  readonly pedigree: (run: string) => readonly string[]
  readonly verdicts: Readonly<Record<'passes' | 'fails' | 'not-decided', string>>
  readonly results: Readonly<
    Record<'passes' | 'fails' | 'open' | 'meets' | 'misses' | 'not-known' | 'left-out', string>
  >
  readonly relations: Readonly<Record<'at-least' | 'at-most', string>>
  readonly reading: (greenPower: 'counted' | 'not-counted', coal: 'calorific' | 'equivalent', counts: boolean) => string
  readonly parts: Readonly<Record<string, string>>
  /** Names of indicators by their id; one that is not here keeps the name of its scheme. */
  readonly indicators: Readonly<Record<string, string>>
  readonly level: string
  /** A reason in this language; undefined: the engine's own words, in English. */
  readonly reason: (code: string, values: Values, guiding: Guiding | undefined) => Text | undefined
}

export const en: CarbonWords = {
  inventory: 'Greenhouse gas inventory',
  parkVerdict: 'Zero-carbon park verdict',
  period: (from, to) => `${from} to ${to}`,
  year: (year) => `Year ${year}`,
  scopes: {
    1: 'Scope 1: direct',
    2: 'Scope 2: purchased energy',
    3: 'Scope 3: value chain',
  },
  scope2: { location: 'Scope 2, by location', market: 'Scope 2, by market' },
  total: { location: 'Scopes 1 to 3, scope 2 by location', market: 'Scopes 1 to 3, scope 2 by market' },
  categories: {
    combustion: 'Combustion',
    fugitive: 'Fugitive',
    process: 'Process',
    waste: 'Waste',
    1: '1 Purchased goods and services',
    2: '2 Capital goods',
    3: '3 Fuel- and energy-related activities',
    4: '4 Upstream transport and distribution',
    5: '5 Waste generated in operations',
    6: '6 Business travel',
    7: '7 Employee commuting',
    8: '8 Upstream leased assets',
    9: '9 Downstream transport and distribution',
    10: '10 Processing of sold products',
    11: '11 Use of sold products',
    12: '12 End of life of sold products',
    13: '13 Downstream leased assets',
    14: '14 Franchises',
    15: '15 Investments',
  },
  approaches: { operational: 'Operational control', financial: 'Financial control', equity: 'Equity share' },
  facts: {
    approach: 'Boundary',
    period: 'Period',
    gwpSet: 'Global warming potentials',
    run: 'Evidence of the run',
    outputHash: 'Hash of the result',
    organisation: 'Organisation',
    scheme: 'Scheme',
    document: 'Document',
    readings: 'Readings that count',
    rows: 'Rows of activity',
  },
  count: (count) => String(count),
  sections: {
    scopes: 'Emissions by scope',
    gases: 'Emissions by gas',
    energy: 'Energy',
    lines: 'Emissions by activity',
    views: 'As standards sort it',
    meters: 'What meters told',
    factors: 'Factors',
    toKnow: 'What to know',
    method: 'Method',
    result: 'The verdict',
    readings: 'Every reading of the rules',
    emissions: 'What is emitted',
    guiding: 'Other indicators',
    verify: 'To be held against its document',
    pedigree: 'The way back of every number',
  },
  columns: {
    scope: 'Scope',
    category: 'Category',
    method: 'Method',
    emissions: 'Emissions',
    biogenic: 'Biogenic CO₂, beside',
    halfWidth: '± (95 %)',
    uncertainShare: 'Uncertainty known of',
    score: 'Data quality, 1 best',
    rows: 'Rows',
    gas: 'Gas',
    mass: 'Mass',
    energy: 'Energy',
    calorific: 'Calorific',
    equivalent: 'Equivalent',
    activity: 'Activity',
    code: 'Code',
    place: 'Place',
    why: 'Why',
    meter: 'Meter',
    amount: 'Amount',
    coverage: 'Time known',
    estimated: 'Estimated',
    rule: 'Rule for gaps',
    number: 'No.',
    factor: 'Factor',
    value: 'Value',
    source: 'Document and table',
    valid: 'Holds',
    licence: 'Licence',
    verify: 'To verify',
    reading: 'Reading',
    indicator: 'Indicator',
    limit: 'Limit',
    gap: 'Above the limit',
    energyGap: 'Energy lacking',
    chance: 'Chance to pass',
    result: 'Result',
    part: 'Part',
    stated: 'Stated',
    counted: 'Green power counted',
    notCounted: 'Not counted',
    rests: 'What it rests on',
  },
  figures: {
    scopes: 'Emissions by scope and category',
    gases: 'Emissions by gas and scope',
    energy: 'Energy use in standard coal',
    parts: 'Emissions by what is used',
    dial: (reading) => `Indicator against its limit (${reading})`,
    spread: '95 % of the draws:',
  },
  described: (what, entries) => `${what}. ${entries.join('; ')}.`,
  to: 'to',
  noVerify: 'read in the document',
  gapNote: (energy) => `or ${energy} more energy use at these emissions`,
  unlimited: 'outside of the scheme',
  withoutCoefficient: (rows) =>
    `${rows} rows of energy have no coefficient of standard coal and are not in these sums.`,
  outsidePeriod: (rows) => `${rows} rows of the file lie wholly outside the period and are not in this inventory.`,
  notEquivalent:
    'There is no sum by the equivalent of coal, because a row has no such coefficient: a sum without it would be too small.',
  readByEngine: 'What the calculation says of itself:',
  accountMethod: [
    'The inventory follows the GHG Protocol: scope 1 is what is emitted on site, scope 2 what is emitted for bought electricity and heat, by location and by market side by side, scope 3 the value chain. The two sums of scope 2 are never added up.',
    'Every amount is exact: sums and products are decimal and are rounded only where they are printed. A number that is missing is told as missing, never as zero.',
    'Each gas is weighed by the one set of global warming potentials that is named above. Biogenic CO₂ is told beside the total.',
  ],
  verdictMethod: [
    'The indicator is emissions over energy use, compared with the limit of the band in exact numbers. Where the rules leave open how green power or electricity counts, every reading is worked out, and the verdict says so where they differ.',
    'The chance to pass follows from what each figure may err by; where that is not known, no chance is told.',
  ],
  pedigree: (run) => [
    `This report is drawn from one run, whose evidence has the id ${run}. It holds the input, every file and factor by its hash, and the versions.`,
    `mangrove replay ${run.slice(0, 12)}… with the whole id runs it again and compares the bytes.`,
    'Each number of the page names its place in the result of that run, and the rows of factors it rests on; the form for machines (JSON) has both beside every value, with all digits.',
  ],
  verdicts: { passes: 'Passes', fails: 'Does not pass', 'not-decided': 'Not decided' },
  results: {
    passes: 'passes',
    fails: 'does not pass',
    open: 'not decided',
    meets: 'meets it',
    misses: 'misses it',
    'not-known': 'not known',
    'left-out': 'left out',
  },
  relations: { 'at-least': 'at least', 'at-most': 'at most' },
  reading: (greenPower, coal, counts) =>
    `Green power ${greenPower === 'counted' ? 'counted' : 'not counted'}, electricity ${coal}${counts ? '' : ' (does not count here)'}`,
  parts: {
    fuel: 'Fuel',
    electricity: 'Electricity',
    heat: 'Heat',
    process: 'Process',
    transformation: 'Transformation',
    total: 'Total',
  },
  indicators: {},
  level: 'level',
  reason: () => undefined,
}
