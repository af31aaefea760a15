import { type Decimal, parseDecimal, printedDecimals } from '../quantity/index.ts'
import type { Asked } from './ask.ts'
import type { UsedFactor } from './count/index.ts'
import { bandAt, type Cell, ratioOf, unknownSources } from './judge/index.ts'
import type { VerdictReason } from './schema.ts'

/** A number for a sentence: thousands apart, four decimals at most, of hundreds and more one. */
export function told(value: Decimal | number): string {
  const scale = Math.abs(Number(value)) < 100 ? 1e4 : 10
  const rounded = Math.round(Number(value) * scale) / scale
  const [whole = '0', decimals] = String(rounded).split('.')
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',')
  return decimals === undefined ? grouped : `${grouped}.${decimals}`
}

export const say = (code: string, text: string, values: VerdictReason['values'] = {}): VerdictReason => ({
  code,
  text,
  values,
})

/** The reading of a cell in words: `green power counted, electricity calorific`. */
export function readingText({ greenPower, coal }: Pick<Cell, 'greenPower' | 'coal'>, { scheme }: Asked): string {
  const green = scheme.file.greenPower.choices.length > 1 ? [`green power ${greenPower.replace('-', ' ')}`] : []
  const method = scheme.coalMethods.length > 1 ? [`electricity ${coal}`] : []
  const both = [...green, ...method]
  return both.length === 0 ? 'the one reading' : both.join(', ')
}

/** Everything that the result rests on and that has to be held against its document. */
export function verifyList({
  scheme,
  emissions,
  energy,
  guiding,
  deciding,
}: Asked): readonly { readonly what: string; readonly why: string }[] {
  const { file } = scheme
  const said = (what: string, why: string | undefined) => (why === undefined ? [] : [{ what, why }])
  const factors = usedFactors({ emissions, energy })
  const bands = deciding.flatMap(({ band }) => band ?? [])
  return [
    ...said(`the scheme ${file.id}`, file.verify),
    ...said(`the limits of ${file.id}`, file.indicator.verify),
    ...bands
      .filter((band, k) => bands.indexOf(band) === k)
      .flatMap((band) => said(`the limit ${band.limit.toFixed()}`, band.verify)),
    ...said('how green power counts', file.greenPower.verify),
    ...said('how electricity counts in the energy use', file.coal?.verify),
    ...guiding.flatMap(({ rule }) => said(rule.title, rule.verify)),
    ...factors.flatMap(({ factor, value, unit, verify }) =>
      said(factor === 'own' ? `the factor ${value} ${unit}` : factor, verify),
    ),
  ]
}

/** Every factor once. */
export function usedFactors({ emissions, energy }: Pick<Asked, 'emissions' | 'energy'>): readonly UsedFactor[] {
  const all = [...emissions.rows, ...energy].flatMap(({ factors }) => factors)
  return all.filter(({ key }, k) => all.findIndex((one) => one.key === key) === k)
}

/** What decides, what is missing, and what to beware of, each with its numbers. */
export function verdictReasons(
  asked: Asked,
  verdict: 'passes' | 'fails' | 'not-decided',
  chances: ReadonlyMap<Cell, number | null>,
): readonly VerdictReason[] {
  return [
    ...decidingReasons(asked, verdict),
    ...asked.deciding.flatMap((cell) => cellReasons(cell, asked, chances.get(cell) ?? null)),
    ...dataReasons(asked),
    ...guidingReasons(asked),
  ].filter(({ text }, k, all) => all.findIndex((one) => one.text === text) === k)
}

function decidingReasons(asked: Asked, verdict: string): readonly VerdictReason[] {
  const { scheme, figures, deciding, yearIsOver, inForce } = asked
  const passing = deciding.filter(({ passes }) => passes === true)
  const failing = deciding.filter(({ passes }) => passes === false)
  const splits = passing.length > 0 && failing.length > 0
  const { years, title } = scheme.file
  return [
    ...(verdict === 'not-decided'
      ? []
      : [
          say(`verdict.${verdict}`, `The park ${verdict} under every reading that counts.`, {
            readings: deciding.length,
          }),
        ]),
    ...(splits
      ? [
          say(
            'verdict.reading-decides',
            `It passes with ${passing.map((cell) => readingText(cell, asked)).join('; ')}, and fails with ${failing.map((cell) => readingText(cell, asked)).join('; ')}: the rules leave open which holds.`,
            { passing: passing.length, failing: failing.length },
          ),
        ]
      : []),
    ...(inForce
      ? []
      : [
          say(
            'verdict.not-in-force',
            `${title} judges years from ${years.from}${years.to === undefined ? '' : ` to ${years.to}`}, not ${figures.year}.`,
            { year: figures.year, from: years.from },
          ),
        ]),
    ...(yearIsOver
      ? []
      : [
          say('verdict.year-not-over', `${figures.year} is not over: these figures are no account of it yet.`, {
            year: figures.year,
          }),
        ]),
  ]
}

function cellReasons(cell: Cell, asked: Asked, chance: number | null): readonly VerdictReason[] {
  const { scheme } = asked
  const { emissionsUnit, energyUnit } = scheme.file.indicator
  const reading = readingText(cell, asked)
  const { band, energy, gap } = cell
  const ratio = ratioOf(cell)
  if (cell.missing.length > 0) return cell.missing.map((what) => say('verdict.missing', `Missing: ${what}.`, { what }))
  if (energy === null) return []
  if (band === null || gap === null || ratio === null) {
    const [first] = scheme.bands
    return [
      say(
        'verdict.outside',
        `${told(energy)} ${energyUnit} a year are outside of ${scheme.file.title}, which begins at ${told(first!.from)}${scheme.coalMethods.length > 1 ? ` (electricity ${cell.coal})` : ''}.`,
        {
          energy: energy.toNumber(),
          from: first!.from.toNumber(),
          ...(ratio === null ? {} : { indicator: ratio.toNumber() }),
        },
      ),
    ]
  }
  const side = cell.passes ? 'within' : 'above'
  const spare = gap.emissions.abs()
  const limit = band.limit.toFixed()
  const decimals = Math.max(2, printedDecimals(limit) + 1)
  const rounds = !cell.passes && ratio.toDecimalPlaces(decimals).lte(parseDecimal(limit))
  return [
    say(
      cell.passes ? 'verdict.within' : 'verdict.above',
      `${told(ratio)} ${emissionsUnit}/${energyUnit} is ${side} ${limit}: ${told(spare)} ${emissionsUnit} ${cell.passes ? 'to spare' : 'too much'} (${reading}).`,
      { indicator: ratio.toNumber(), limit: band.limit.toNumber(), gapEmissions: gap.emissions.toNumber() },
    ),
    ...(rounds
      ? [
          say(
            'verdict.rounding-decides',
            `Rounded to ${decimals} decimals the indicator would pass; exact numbers decide here.`,
            { indicator: ratio.toNumber(), decimals },
          ),
        ]
      : []),
    ...(chance !== null && chance > 0.05 && chance < 0.95
      ? [
          say(
            'verdict.close',
            `The figures do not settle it: the chance to be within the limit is ${told(100 * chance)} % (${reading}).`,
            { chance },
          ),
        ]
      : []),
    ...nextBandReason(cell, asked),
  ]
}

/** A park near the end of a band may lie in the other one. */
function nextBandReason({ energy, band }: Cell, { scheme }: Asked): readonly VerdictReason[] {
  if (energy === null || band === null) return []
  const edges = [band.from, ...(band.below === undefined ? [] : [band.below])]
  const near = edges.find((edge) => energy.minus(edge).abs().lte(energy.times('0.02')))
  if (near === undefined) return []
  const { energyUnit } = scheme.file.indicator
  const below = bandAt(scheme.bands, near.minus(near.times('1e-9')))
  const above = bandAt(scheme.bands, near)
  const limitText = (one: typeof below): string => (one ? one.limit.toFixed() : 'no limit, outside of the scheme')
  return [
    say(
      'verdict.band-edge',
      `The energy use is within 2 % of ${told(near)} ${energyUnit}, where the limit changes: ${limitText(below)} below, ${limitText(above)} from there on.`,
      {
        edge: near.toNumber(),
      },
    ),
  ]
}

function dataReasons(asked: Asked): readonly VerdictReason[] {
  const { emissions, energy, deciding, figures, scheme } = asked
  const bunkers = emissions.rows.filter(({ bunker }) => bunker)
  const unknown = deciding.flatMap((cell) => unknownSources([...cell.emissionTerms, ...cell.energyTerms]))
  const names = [...new Set(unknown.map(({ of }) => of))]
  const verify = verifyList(asked)
  const warnings = usedFactors({ emissions, energy }).flatMap(({ warnings }) => warnings)
  const restAtAverage = emissions.rows.filter((row) => row.restAtAverage)
  return [
    ...warnings.map((text) => say('verdict.factor-stands-in', `${text}.`)),
    ...restAtAverage.map((row) =>
      say(
        'verdict.rest-at-average',
        `Green power is taken off ${row.id}, and the rest has the average factor, which has traded green power in it too: restFactor can name the factor without it.`,
        { row: row.id },
      ),
    ),
    ...bunkers.map((row) =>
      say(
        'verdict.bunkers',
        `${row.title} is fuel for international transport: told apart, and ${scheme.file.bunkers === 'deducted' ? 'taken off' : 'not taken off'}.`,
        { row: row.id },
      ),
    ),
    ...(names.length > 0
      ? [
          say(
            'verdict.uncertainty-missing',
            `No chance is told: nothing is known of what ${names.slice(0, 4).join(', ')}${names.length > 4 ? ` and ${names.length - 4} more` : ''} may err by.`,
            { count: names.length },
          ),
        ]
      : []),
    ...(figures.assumeRelative === undefined
      ? []
      : [
          say(
            'verdict.uncertainty-assumed',
            `Where nothing is known, an error of ±${told(100 * figures.assumeRelative)} % is assumed.`,
            { relative: figures.assumeRelative },
          ),
        ]),
    ...(verify.length > 0
      ? [
          say(
            'verdict.verify',
            `The result rests on ${verify.length} rules and factors that have to be held against their documents: ${verify
              .slice(0, 3)
              .map(({ what }) => what)
              .join(', ')}${verify.length > 3 ? ' …' : ''}.`,
            { count: verify.length },
          ),
        ]
      : []),
  ]
}

function guidingReasons({ guiding }: Asked): readonly VerdictReason[] {
  return guiding.flatMap(({ rule, result, value, why }) => {
    const values = { indicator: rule.id, ...(value === null ? {} : { value: value.toNumber() }), limit: rule.limit }
    if (result === 'misses')
      return [
        say('verdict.guiding-missed', `${rule.title}: ${told(value!)} ${rule.unit} misses ${rule.limit}.`, values),
      ]
    if (result === 'not-known') return [say('verdict.guiding-not-known', `${rule.title} is not told.`, values)]
    if (result === 'left-out') return [say('verdict.guiding-left-out', `${rule.title} is left out: ${why}.`, values)]
    return []
  })
}
