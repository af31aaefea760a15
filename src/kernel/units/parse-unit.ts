import { kernelErrors } from '../kernel-errors.ts'
import { type Dimension, dimensionNames, prefixFactor, type UnitEntry, unitTable } from './unit-table.ts'

export interface Unit {
  readonly symbol: string
  /** One of this unit in base units. */
  readonly factor: number
  readonly offset: number
  readonly dimension: Dimension
}

const currencies: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'))

export const isCurrency = (code: string): boolean => currencies.has(code)

const known = new Map<string, Unit>()

/**
 * Reads a unit: `kW`, `MWh`, `kgCO2e/kWh`, `CNY/kWh`, `W/m²`, `kWh/(m2·d)`, `m^-2`. Currencies are ISO 4217 codes.
 *
 * @throws `kernel.bad-unit`
 */
export function parseUnit(text: string): Unit {
  const found = known.get(text)
  if (found) return found
  const tokens = tokenise(text)
  const reader = { tokens, place: 0, text }
  const parsed = readProduct(reader)
  if (reader.place < tokens.length) throw notAUnit(text)
  const unit: Unit = { symbol: text.trim(), offset: 0, ...parsed }
  // Texts come from site files; a bound keeps a hostile one from filling the memory.
  if (known.size < 1000) known.set(text, unit)
  return unit
}

interface Reader {
  readonly tokens: readonly string[]
  readonly text: string
  place: number
}

type Parsed = Pick<Unit, 'factor' | 'dimension'> & { readonly offset?: number }

const tokenPattern = /\s*(?:([kMGTmµu]?[gt]CO2(?:eq|e)?)|(MMBtu|Btu|[A-Za-zµ°%]+|1)|(\^?[+-]?\d+)|([*·⋅/()]))|(\S)/gy

function tokenise(text: string): readonly string[] {
  const plain = text.trim().replaceAll('₂', '2').replaceAll('²', '^2').replaceAll('³', '^3').replaceAll('μ', 'µ')
  if (plain === '' || plain.length > 60) throw notAUnit(text)
  const tokens: string[] = []
  for (const match of plain.matchAll(tokenPattern)) {
    if (match[5] !== undefined) throw notAUnit(text)
    tokens.push((match[1] ?? match[2] ?? match[3] ?? match[4] ?? '').replace(/CO2eq$/, 'CO2e'))
  }
  return tokens
}

function readProduct(reader: Reader): Parsed {
  let left = readPower(reader)
  for (;;) {
    const sign = reader.tokens[reader.place]
    if (sign === undefined || sign === ')') return left
    const divides = sign === '/'
    if (divides || sign === '*' || sign === '·' || sign === '⋅') reader.place += 1
    left = combine(left, readPower(reader), divides ? -1 : 1, reader.text)
  }
}

function readPower(reader: Reader): Parsed {
  const base = readAtom(reader)
  const exponent = reader.tokens[reader.place]
  if (exponent === undefined || !/^\^?[+-]?\d+$/.test(exponent)) return base
  reader.place += 1
  const power = Number(exponent.replace('^', ''))
  if (power === 0 || Math.abs(power) > 9 || base.offset) throw notAUnit(reader.text)
  return {
    factor: base.factor ** power,
    dimension: Object.fromEntries(Object.entries(base.dimension).map(([name, value]) => [name, value * power])),
  }
}

function readAtom(reader: Reader): Parsed {
  const token = reader.tokens[reader.place]
  reader.place += 1
  if (token === '(') {
    const inner = readProduct(reader)
    if (reader.tokens[reader.place] !== ')') throw notAUnit(reader.text)
    reader.place += 1
    return inner
  }
  const entry = token === undefined ? undefined : lookUp(token)
  if (!entry) throw notAUnit(reader.text)
  return entry
}

function lookUp(symbol: string): UnitEntry | undefined {
  const exact = Object.hasOwn(unitTable, symbol) ? unitTable[symbol] : undefined
  if (exact) return exact
  const prefix = prefixFactor[symbol[0] ?? '']
  const base = Object.hasOwn(unitTable, symbol.slice(1)) ? unitTable[symbol.slice(1)] : undefined
  if (prefix !== undefined && base?.prefixes) return { factor: prefix * base.factor, dimension: base.dimension }
  return currencies.has(symbol) ? { factor: 1, dimension: { [symbol]: 1 } } : undefined
}

function combine(left: Parsed, right: Parsed, sign: 1 | -1, text: string): Parsed {
  if (left.offset || right.offset) throw notAUnit(text)
  const dimension: Record<string, number> = { ...left.dimension }
  for (const [name, power] of Object.entries(right.dimension)) {
    dimension[name] = (dimension[name] ?? 0) + sign * power
    if (dimension[name] === 0) delete dimension[name]
  }
  return { factor: left.factor * right.factor ** sign, dimension }
}

const notAUnit = (text: string) =>
  kernelErrors.badUnit({
    detail: 'This is no unit',
    found: text,
    expected: 'a unit such as kW, MWh, m2, kgCO2e, CNY/kWh',
  })

export function sameDimension(a: Dimension, b: Dimension): boolean {
  const names = Object.keys(a)
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name])
}

/** `power`, `energy`, `CNY per energy` … for messages. */
export function dimensionWords(dimension: Dimension): string {
  const named = dimensionNames.find(([, candidate]) => sameDimension(candidate, dimension))
  if (named) return named[0]
  const money = Object.entries(dimension).find(([name, power]) => power === 1 && currencies.has(name))
  if (money) {
    const { [money[0]]: _, ...rest } = dimension
    const below = Object.fromEntries(Object.entries(rest).map(([name, power]) => [name, -power]))
    const per = dimensionNames.find(([, candidate]) => sameDimension(candidate, below))
    if (per) return Object.keys(below).length === 0 ? `money in ${money[0]}` : `${money[0]} per ${per[0]}`
  }
  return Object.entries(dimension)
    .map(([name, power]) => (power === 1 ? name : `${name}^${power}`))
    .join('·')
}
