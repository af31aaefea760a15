import { readFile } from 'node:fs/promises'
import { Decimal, parseDecimal, plus, printedDecimals } from '../../../src/carbon/index.ts'
import { peerErrors } from '../errors.ts'
import { failureOf, type PeerOfMany, type PeerResult } from '../peer.ts'
import { casesOf, Printed, parsePrinted, textOf } from './read-cases.ts'
import { chainOf, footprintSum } from './rules.ts'

/** Reference cases of carbon accounting: sums of products, exact to the last digit that is printed. */
export const carbon: PeerOfMany = {
  name: 'carbon',
  takes: 'FILE',
  async runAll(path) {
    const cases = casesOf(path, parsePrinted(path, await readFile(path, 'utf8')))
    return cases.map((one, index): PeerResult => {
      const id = idOf(one, index)
      try {
        return { id, ...compute(one, `[${index}]`) }
      } catch (error) {
        return { id, error: failureOf(error, path) }
      }
    })
  },
}

const idOf = (one: unknown, index: number): string => {
  const { id } = (one ?? {}) as { readonly id?: unknown }
  return typeof id === 'string' ? id : id instanceof Printed ? id.text : String(index)
}

function compute(one: unknown, path: string): PeerResult {
  if (typeof one !== 'object' || one === null || Array.isArray(one) || one instanceof Printed) {
    throw peerErrors.badValue({ detail: 'This is no case', place: { path }, expected: 'an object' })
  }
  const fields = one as Readonly<Record<string, unknown>>
  const { expected, unit } = fields
  const exact = ruleOf(fields, path)
  const printed = textOf(expected, `${path}.expected`)
  const aim = parseDecimal(printed, `${path}.expected`)
  const ours = exact.toDecimalPlaces(printedDecimals(printed), Decimal.ROUND_HALF_EVEN)
  return {
    ...{ ours: plain(ours), expected: plain(aim), difference: plain(ours.minus(aim)) },
    ...(exact.eq(ours) ? {} : { exact: exact.toFixed() }),
    ...(typeof unit === 'string' ? { unit } : {}),
  }
}

/** What a case comes to by its rule. */
function ruleOf(fields: Readonly<Record<string, unknown>>, path: string): Decimal {
  const { rule = 'sum of products', terms } = fields
  switch (rule) {
    case 'sum of products':
      return listOf(terms, 'terms', path)
        .map((term, index) => product(term, `${path}.terms[${index}]`))
        .reduce((sum, term) => plus(sum, term), new Decimal(0))
    case 'transport chain':
      return chainOf(listOf(fields.legs, 'legs', path), path)
    case 'footprint sum':
      return footprintSum(fields.pcf, fields.take, path)
    default:
      throw peerErrors.unsupported({
        detail: 'The rule is not known',
        place: { path: `${path}.rule` },
        found: rule,
        expected: 'sum of products, transport chain, footprint sum',
      })
  }
}

function listOf(value: unknown, name: string, path: string): readonly unknown[] {
  if (Array.isArray(value) && value.length > 0) return value
  throw peerErrors.missing({
    detail: `The case has no ${name}`,
    place: { path: `${path}.${name}` },
    expected: name === 'terms' ? 'a list of lists of numbers' : 'a list of { massKg, km, kgPerTkm }',
  })
}

/** A term is a list of factors, or one number; `1/3` is a ratio, which no decimal is. */
function product(term: unknown, path: string): Decimal {
  const factors: readonly unknown[] = Array.isArray(term) ? term : [term]
  if (factors.length === 0)
    throw peerErrors.missing({ detail: 'The term has no factors', place: { path }, expected: 'numbers' })
  let value = new Decimal(1)
  let divisor = new Decimal(1)
  for (const [index, factor] of factors.entries()) {
    const text = textOf(factor, `${path}[${index}]`)
    const [up = '', down] = text.split('/')
    value = value.times(parseDecimal(up, `${path}[${index}]`))
    if (down !== undefined) divisor = divisor.times(parseDecimal(down, `${path}[${index}]`))
  }
  if (divisor.isZero()) throw peerErrors.badValue({ detail: 'A ratio divides by zero', place: { path } })
  return value.dividedBy(divisor)
}

/** A JSON number where that keeps every digit, else text. */
function plain(value: Decimal): number | string {
  const text = value.toFixed()
  return new Decimal(value.toNumber()).eq(value) ? value.toNumber() + 0 : text
}
