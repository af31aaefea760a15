import type { Findings } from '../../payload/index.ts'
import { Decimal, printedDecimals } from '../../quantity/index.ts'
import { sumTerms, uptakeTerm } from './fields.ts'

/** The decimals of a payload by name, as they could be read. */
export type ReadTerms = ReadonlyMap<string, Decimal>

export interface Sums {
  readonly excluding: Decimal
  readonly including: Decimal
  /** The printed value without uptake, plus the uptake: what the two printed values say of each other. */
  readonly includingFromPrinted: Decimal | null
}

const zero = new Decimal(0)
/** Of a payload of others nothing is refused, so sums beyond 64 digits round instead of failing. */
const plus = (a: Decimal, b: Decimal): Decimal => a.plus(b)
const of = (terms: ReadTerms, name: string): Decimal => terms.get(name) ?? zero

/** Both sums by the rule of the specification; a term that is not there counts as nothing, as the specification has it. */
export function sumsByRule(terms: ReadTerms): Sums {
  const excluding = sumTerms.reduce((sum, name) => plus(sum, of(terms, name)), zero)
  const uptake = of(terms, uptakeTerm)
  const printed = terms.get('pcfExcludingBiogenicUptake')
  return { excluding, including: plus(excluding, uptake), includingFromPrinted: printed ? plus(printed, uptake) : null }
}

/** Holds the printed sums against the rule, within half a unit of their last printed digit, and says what would explain a breach. */
export function checkSums(
  terms: ReadTerms,
  printed: { readonly excluding: unknown; readonly including: unknown },
  findings: Findings,
): Sums {
  const sums = sumsByRule(terms)
  let before: Slips | undefined
  const compare = (name: string, text: unknown, byRule: Decimal, more: readonly string[]): void => {
    const value = terms.get(name)
    if (value === undefined || within(value, byRule, text)) return
    // The slip that explained the one sum is the likeliest of the other.
    const repeats = before !== undefined && within(value, plus(byRule, before.by), text)
    const slips = repeats ? before : explain(terms, value, text, more)
    before = slips
    findings.add(
      'breach',
      'sum-rule',
      `pcf.${name}`,
      `The terms of ${name} come to ${byRule.toFixed()}${slips === undefined ? '' : `; the printed value is that ${slips.words}`}`,
      { found: value.toFixed(), expected: byRule.toFixed() },
    )
  }
  compare('pcfExcludingBiogenicUptake', printed.excluding, sums.excluding, [])
  compare('pcfIncludingBiogenicUptake', printed.including, sums.including, [uptakeTerm])
  const [including, fromPrinted] = [terms.get('pcfIncludingBiogenicUptake'), sums.includingFromPrinted]
  if (including && fromPrinted && !within(including, fromPrinted, printed.including)) {
    findings.add(
      'breach',
      'sums-differ',
      'pcf.pcfIncludingBiogenicUptake',
      'The two printed values do not differ by the uptake',
      { found: including.toFixed(), expected: fromPrinted.toFixed() },
    )
  }
  return sums
}

const within = (value: Decimal, other: Decimal, text: unknown): boolean => {
  const places = typeof text === 'string' || typeof text === 'number' ? safePlaces(text) : value.decimalPlaces()
  return value.minus(other).abs().lte(new Decimal(10).pow(-places).div(2))
}

const safePlaces = (text: string | number): number =>
  /^[+-]?\d+(\.\d+)?$/.test(String(text)) ? printedDecimals(String(text)) : 12

interface Slips {
  readonly words: string
  readonly by: Decimal
}

/** The fewest slips with single terms (left out, counted twice, wrong sign, a memo term counted) that give the printed value. */
function explain(terms: ReadTerms, value: Decimal, text: unknown, more: readonly string[]): Slips | undefined {
  const names = [...sumTerms, ...more]
  const base = names.reduce((sum, name) => plus(sum, of(terms, name)), zero)
  const slips: readonly (readonly Slips[])[] = [
    ...names.flatMap((name) => {
      const term = of(terms, name)
      if (term.isZero()) return []
      return [
        [
          { words: `without ${name}`, by: term.negated() },
          { words: `with ${name} twice`, by: term },
          { words: `with the sign of ${name} turned`, by: term.times(-2) },
        ],
      ]
    }),
    ...[
      'landManagementFossilGhgEmissions',
      'aircraftGhgEmissions',
      'packagingGhgEmissions',
      'outboundLogisticsGhgEmissions',
    ]
      .filter((name) => !of(terms, name).isZero())
      .map((name) => [{ words: `with ${name}, which is in another term or in none`, by: of(terms, name) }]),
  ]
  const single = slips.flat().find(({ by }) => within(value, plus(base, by), text))
  if (single) return single
  for (const [index, first] of slips.entries()) {
    for (const second of slips.slice(index + 1)) {
      for (const a of first) {
        const b = second.find(({ by }) => within(value, plus(plus(base, a.by), by), text))
        if (b) return { words: `${a.words} and ${b.words}`, by: plus(a.by, b.by) }
      }
    }
  }
  return undefined
}
