import { type Dimension, isCurrency, sameDimension } from '../../kernel/index.ts'
import { carbonErrors } from '../errors.ts'
import { exactDimensionNames, exactPrefixes, exactUnits } from './unit-table.ts'

/** A unit whose size in base units is a ratio of whole numbers. */
export interface ExactUnit {
  readonly symbol: string
  readonly numerator: bigint
  readonly denominator: bigint
  readonly dimension: Dimension
  /** What a mass is of, where the text says so: `CO2e` of `kgCO2e/kWh`. */
  readonly gas?: string
}

type Part = Omit<ExactUnit, 'symbol'>

const known = new Map<string, ExactUnit>()
const tokenPattern =
  /\s*(?:([kMGTmµ]?[gt])(CO2eq|CO2e|CO2|CH4|N2O|SF6|NF3)|(Nm3|[A-Za-zµ%]+|1)|(\^?-?[1-9])|([*·/()]))|(\S)/gy

/**
 * Reads a unit of an activity or a factor: `kWh`, `kgCO2e/kWh`, `kg/(t·km)`, `TJ/Gg`, `CNY`.
 *
 * @throws `carbon.bad-unit`
 */
export function exactUnit(text: string): ExactUnit {
  const found = known.get(text)
  if (found) return found
  const reader = { tokens: tokenise(text), at: 0, text }
  const part = readProduct(reader)
  if (reader.at < reader.tokens.length) throw notAUnit(text)
  const unit: ExactUnit = { symbol: text.trim(), ...part }
  if (known.size < 1000) known.set(text, unit)
  return unit
}

/** `mass per energy`, or the powers of base units where it has no name. */
export function dimensionName(dimension: Dimension): string {
  const named = exactDimensionNames.find(([, candidate]) => sameDimension(candidate, dimension))
  if (named) return named[0]
  return Object.entries(dimension)
    .map(([name, power]) => (power === 1 ? name : `${name}^${power}`))
    .join('·')
}

/** The dimension of a product. */
export function multiplyDimensions(a: Dimension, b: Dimension, sign: 1 | -1 = 1): Dimension {
  const product: Record<string, number> = { ...a }
  for (const [name, power] of Object.entries(b)) {
    const sum = (product[name] ?? 0) + sign * power
    if (sum === 0) delete product[name]
    else product[name] = sum
  }
  return product
}

interface Token {
  readonly text: string
  readonly gas?: string
}
interface Reader {
  readonly tokens: readonly Token[]
  readonly text: string
  at: number
}

function tokenise(text: string): readonly Token[] {
  const plain = text.trim().replaceAll('₂', '2').replaceAll('²', '^2').replaceAll('³', '3').replaceAll('μ', 'µ')
  if (plain === '' || plain.length > 60) throw notAUnit(text)
  return [...plain.matchAll(tokenPattern)].map((match): Token => {
    if (match[6] !== undefined) throw notAUnit(text)
    if (match[1] !== undefined) return { text: match[1], gas: match[2]!.replace('CO2eq', 'CO2e') }
    return { text: match[3] ?? match[4] ?? match[5] ?? '' }
  })
}

function readProduct(reader: Reader): Part {
  let left = readPower(reader)
  for (;;) {
    const sign = reader.tokens[reader.at]?.text
    if (sign === undefined || sign === ')') return left
    if (sign === '/' || sign === '*' || sign === '·') reader.at += 1
    left = combine(left, readPower(reader), sign === '/' ? -1 : 1, reader.text)
  }
}

function readPower(reader: Reader): Part {
  const base = readAtom(reader)
  const exponent = reader.tokens[reader.at]?.text
  if (exponent === undefined || !/^\^?-?[1-9]$/.test(exponent)) return base
  reader.at += 1
  const power = Number(exponent.replace('^', ''))
  const [up, down] = power > 0 ? [base.numerator, base.denominator] : [base.denominator, base.numerator]
  return {
    numerator: up ** BigInt(Math.abs(power)),
    denominator: down ** BigInt(Math.abs(power)),
    dimension: Object.fromEntries(Object.entries(base.dimension).map(([name, value]) => [name, value * power])),
  }
}

function readAtom(reader: Reader): Part {
  const token = reader.tokens[reader.at]
  reader.at += 1
  if (token?.text === '(') {
    const inner = readProduct(reader)
    if (reader.tokens[reader.at]?.text !== ')') throw notAUnit(reader.text)
    reader.at += 1
    return inner
  }
  const part = token && lookUp(token.text)
  if (!part) throw notAUnit(reader.text)
  return token.gas === undefined ? part : { ...part, gas: token.gas }
}

function lookUp(symbol: string): Part | undefined {
  const exact = Object.hasOwn(exactUnits, symbol) ? exactUnits[symbol] : undefined
  if (exact) return exact
  const prefix = Object.hasOwn(exactPrefixes, symbol[0] ?? '') ? exactPrefixes[symbol[0] ?? ''] : undefined
  const base = Object.hasOwn(exactUnits, symbol.slice(1)) ? exactUnits[symbol.slice(1)] : undefined
  if (prefix && base?.prefixes) {
    const { dimension } = base
    return { numerator: prefix[0] * base.numerator, denominator: prefix[1] * base.denominator, dimension }
  }
  return isCurrency(symbol) ? { numerator: 1n, denominator: 1n, dimension: { [symbol]: 1 } } : undefined
}

function combine(left: Part, right: Part, sign: 1 | -1, text: string): Part {
  if (right.gas !== undefined && (sign === -1 || left.gas !== undefined)) throw notAUnit(text)
  const [up, down] = sign === 1 ? [right.numerator, right.denominator] : [right.denominator, right.numerator]
  const [numerator, denominator] = reduce(left.numerator * up, left.denominator * down)
  const gas = left.gas ?? right.gas
  const dimension = multiplyDimensions(left.dimension, right.dimension, sign)
  return { numerator, denominator, dimension, ...(gas === undefined ? {} : { gas }) }
}

/** A ratio without common factors. */
export function reduce(numerator: bigint, denominator: bigint): readonly [bigint, bigint] {
  let [a, b] = [numerator < 0n ? -numerator : numerator, denominator]
  while (b !== 0n) [a, b] = [b, a % b]
  return a <= 1n ? [numerator, denominator] : [numerator / a, denominator / a]
}

const notAUnit = (text: string) =>
  carbonErrors.badUnit({
    detail: /\btons?\b/i.test(text) ? 'A ton may be short, long or metric; say t, or lb' : 'This is no unit',
    found: text,
    expected: 'a unit such as kWh, t, GJ, t·km, kgCO2e/kWh, CNY',
  })
