/** An interval of this width that still may hold several roots is looked at no closer. */
const leastWidth = 2 ** -20
/** Where a polynomial is this small beside its terms, it touches zero. */
const touching = 1e-11

/**
 * All roots of Σ aᵢ·xⁱ in the open interval (0, 1), rising, each once. Descartes' rule of signs on the Bernstein form tells how
 * many an interval may hold; it is halved until that is one or none (Mourrain, Rouillier & Roy 2005, "The Bernstein Basis and
 * Real Root Isolation"). Roots nearer to each other than a millionth count as one.
 */
export function rootsInUnit(coefficients: readonly number[]): number[] {
  const first = coefficients.findIndex((value) => value !== 0)
  const last = coefficients.findLastIndex((value) => value !== 0)
  if (first < 0) return []
  const own = coefficients.slice(first, last + 1)
  const largest = own.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  const polynomial = own.map((value) => value / largest)
  const found: number[] = []
  isolate({ polynomial, bernstein: toBernstein(polynomial), low: 0, high: 1 }, found)
  return found.sort((a, b) => a - b)
}

interface Interval {
  readonly polynomial: readonly number[]
  /** Bernstein coefficients on [low, high]. */
  readonly bernstein: readonly number[]
  readonly low: number
  readonly high: number
}

function isolate(interval: Interval, found: number[]): void {
  const { polynomial, bernstein, low, high } = interval
  const variations = signVariations(bernstein)
  if (variations === 0) return
  const middle = (low + high) / 2
  if (variations === 1) {
    found.push(bisect(interval))
  } else if (high - low > leastWidth) {
    const [left, right] = halve(bernstein)
    isolate({ polynomial, bernstein: left, low, high: middle }, found)
    if (right[0] === 0) found.push(middle)
    isolate({ polynomial, bernstein: right, low: middle, high }, found)
  } else if (variations % 2 === 1) {
    found.push(bisect(interval))
  } else {
    const size = polynomial.reduce((sum, value, power) => sum + Math.abs(value) * middle ** power, 0)
    if (Math.abs(valueAt(polynomial, middle)) <= touching * size) found.push(middle)
  }
}

function signVariations(values: readonly number[]): number {
  let variations = 0
  let before = 0
  for (const value of values) {
    const sign = Math.sign(value)
    if (sign === 0) continue
    if (before !== 0 && sign !== before) variations += 1
    before = sign
  }
  return variations
}

/** bⱼ = Σᵢ C(j, i) / C(n, i) · aᵢ. */
function toBernstein(polynomial: readonly number[]): number[] {
  const degree = polynomial.length - 1
  return polynomial.map((_, j) => {
    let ratio = 1
    let sum = 0
    for (let i = 0; i <= j; i += 1) {
      sum += ratio * polynomial[i]!
      ratio *= (j - i) / (degree - i)
    }
    return sum
  })
}

/** de Casteljau's algorithm at the middle. */
function halve(bernstein: readonly number[]): [number[], number[]] {
  const left: number[] = []
  const right: number[] = []
  let level = [...bernstein]
  while (level.length > 0) {
    left.push(level[0]!)
    right.unshift(level.at(-1)!)
    level = level.slice(1).map((value, index) => (level[index]! + value) / 2)
  }
  return [left, right]
}

function bisect({ polynomial, bernstein, low, high }: Interval): number {
  const leftSign = Math.sign(bernstein.find((value) => value !== 0)!)
  let below = low
  let above = high
  for (let round = 0; round < 1100; round += 1) {
    const middle = (below + above) / 2
    const sign = Math.sign(valueAt(polynomial, middle))
    if (sign === 0 || middle === below || middle === above) return middle
    if (sign === leftSign) below = middle
    else above = middle
  }
  return (below + above) / 2
}

/** Horner's rule. */
const valueAt = (polynomial: readonly number[], x: number): number =>
  polynomial.reduceRight((sum, value) => sum * x + value, 0)
