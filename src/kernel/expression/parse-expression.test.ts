import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MangroveError } from '../errors.ts'
import { problemsOf } from '../kernel.fixture.ts'
import { checkExpression } from './check-expression.ts'
import { expressions, unitOfPoint } from './expression.fixture.ts'
import { type Expression, functionArity, maxExpressionDepth, maxExpressionLength } from './expression.ts'
import { parseExpression } from './parse-expression.ts'
import { printExpression } from './print-expression.ts'

/** Without the places in the text. */
const bare = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (key, inner) => (key === 'from' || key === 'to' ? undefined : inner)))
const shape = (text: string): string => {
  const show = (part: Expression): string => {
    if (part.kind === 'number') return `${part.value}${part.unit ? `[${part.unit}]` : ''}`
    if (part.kind === 'point') return part.ref
    if (part.kind === 'negate') return `(-${show(part.of)})`
    if (part.kind === 'power') return `(${show(part.base)}^${part.exponent})`
    if (part.kind === 'arithmetic') return `(${show(part.left)}${part.sign}${show(part.right)})`
    if (part.kind === 'call') return `${part.name}[${part.parts.map(show).join(',')}]`
    const { condition } = part
    return `if[${show(condition.left)}${condition.sign}${show(condition.right)},${show(part.chosen)},${show(part.otherwise)}]`
  }
  return show(parseExpression(text))
}

describe('reading an expression', () => {
  it.each([
    ['1 + 2 * 3', '(1+(2*3))'],
    ['1 - 2 - 3', '((1-2)-3)'],
    ['8 / 4 / 2', '((8/4)/2)'],
    ['(1 - 2) * 3', '((1-2)*3)'],
    ['-2^2', '(-(2^2))'],
    ['-a.x * b.x', '((-a.x)*b.x)'],
    ['a.x - -b.x', '(a.x-(-b.x))'],
    ['2^-3', '(2^-3)'],
    ['min(1, max(2, 3))', 'min[1,max[2,3]]'],
    ['if(a.x > 2, b.x, -1)', 'if[a.x>2,b.x,(-1)]'],
    ['.5 + 1', 'error'],
  ])('%s is %s', (text, wanted) => {
    if (wanted === 'error') expect(problemsOf(() => parseExpression(text))).toHaveLength(1)
    else expect(shape(text)).toBe(wanted)
  })

  it.each([
    // A hyphen inside a name belongs to the name; a minus has a space before it, or no name there.
    ['genset-a.powerKw', 'genset-a.powerKw'],
    ['a.powerKw - b.powerKw', '(a.powerKw-b.powerKw)'],
    ['a.powerKw -b.powerKw', '(a.powerKw-b.powerKw)'],
    ['a.powerKw-b.powerKw', 'error'],
    ['a.power-kw', 'a.power-kw'],
    ['5-3', '(5-3)'],
    ['2nd-feeder.powerKw', '2nd-feeder.powerKw'],
    ['5 kW-3 kW', '(5[kW]-3[kW])'],
    ['(a.x)-(b.x)', '(a.x-b.x)'],
  ])('a hyphen or a minus: %s', (text, wanted) => {
    if (wanted === 'error') expect(problemsOf(() => parseExpression(text))).toHaveLength(1)
    else expect(shape(text)).toBe(wanted)
  })

  it.each([
    ['3.6 MJ', '3.6[MJ]'],
    ['3.6MJ', '3.6[MJ]'],
    ['1.5e3 W', '1500[W]'],
    ['50 % * a.x', '(50[%]*a.x)'],
    ['0.58 kgCO2e/kWh * a.x', '(0.58[kgCO2e/kWh]*a.x)'],
    ['3 CNY/kWh-2 CNY/kWh', '(3[CNY/kWh]-2[CNY/kWh])'],
    ['5 kWh/(m2·d) / 2', '(5[kWh/(m2·d)]/2)'],
    ['4 m^-2 * 2 m2', '(4[m^-2]*2[m2])'],
    ['3 kWh/pv.powerKw', '(3[kWh]/pv.powerKw)'],
    ['3 kWh/genset-a.powerKw', '(3[kWh]/genset-a.powerKw)'],
    ['3 kWh/max(a.x, b.x)', '(3[kWh]/max[a.x,b.x])'],
    ['3 kWh / 2 h', '(3[kWh]/2[h])'],
    ['3 kWh/2 h', '(3[kWh]/2[h])'],
    ['20 °C', '20[°C]'],
  ])('a number with its unit: %s', (text, wanted) => expect(shape(text)).toBe(wanted))

  it('prints to text that reads to the same tree', () => {
    fc.assert(
      fc.property(fc.oneof(expressions.power, expressions.plain), (expression) => {
        const text = printExpression(expression)
        fc.pre(text.length <= maxExpressionLength)
        expect(bare(parseExpression(text))).toEqual(bare(expression))
      }),
      { numRuns: 500 },
    )
  })

  it.each([
    ['', 'Column 1', 'the end'],
    ['   ', 'Column 4', 'the end'],
    ['1 +', 'Column 4', 'the end'],
    ['1 + * 2', 'Column 5', '*'],
    ['(1 + 2', 'Column 7', 'the end'],
    ['1 + 2)', 'Column 6', ')'],
    ['a.x b.x', 'Column 5', 'b.x'],
    ['a.x > 2', 'Column 5', '>'],
    ['if(a.x, 1, 2)', 'Column 7', ','],
    ['a.x ^ 1.5', 'Column 7', '1.5'],
    ['a.x ^ b.x', 'Column 7', 'b.x'],
    ['2^2^2', 'Column 4', '^'],
    ['a.x # 2', 'Column 5', '#'],
    ['a.x-b.x', 'a minus has a space before it', '.'],
    ['maxx(a.x, 2)', 'did you mean "max"', 'maxx'],
    ['power * 2', 'a word alone is no point', 'power'],
    ['abs(1, 2)', 'Column 1', 2],
    ['coalesce(a.x)', 'Column 1', 1],
    ['1e999', 'Column 1', '1e999'],
    ['1 + 😀', 'Column 5', '😀'],
  ])('of %j tells the column, what was found and what was expected', (text, detail, found) => {
    const [problem, ...more] = problemsOf(() => parseExpression(text))
    expect(more).toEqual([])
    expect(problem).toMatchObject({ code: 'kernel.bad-expression', status: 422, found })
    expect(problem?.detail).toContain(detail)
    expect(problem?.expected).toMatch(/\S/)
  })

  it('is bounded in length and depth', () => {
    const deep = (levels: number): string => `${'('.repeat(levels)}1${')'.repeat(levels)}`
    expect(shape(deep(maxExpressionDepth - 1))).toBe('1')
    expect(problemsOf(() => parseExpression(deep(maxExpressionDepth)))[0]?.detail).toContain('nested too deeply')
    expect(problemsOf(() => parseExpression('-'.repeat(1999)))[0]?.detail).toContain('nested too deeply')
    expect(problemsOf(() => parseExpression('1 '.repeat(1001)))[0]?.detail).toContain('too long')
    expect(shape(`1${'+1'.repeat(999)}`)).toContain('1+1')
  })

  it('throws nothing but expected failures, whatever the text', () => {
    const piece = fc.constantFrom(
      ...['(', ')', ',', '+', '-', '*', '/', '^', '<', '==', '!', '.', '%', ' ', 'kW', 'kWh', '°C', '1', '2.5', '1e9'],
      ...[
        ...Object.keys(unitOfPoint),
        ...Object.keys(functionArity),
        'if',
        'CNY/kWh',
        '__proto__',
        'constructor.x',
        '\u0000',
        '²',
      ],
    )
    const texts = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(piece, { maxLength: 40 }).map((parts) => parts.join('')),
    )
    const scope = {
      unitOf: (ref: string) => (Object.hasOwn(unitOfPoint, ref) ? unitOfPoint[ref] : undefined),
      unit: 'kW',
    }
    let read = 0
    fc.assert(
      fc.property(texts, (text) => {
        for (const action of [() => parseExpression(text), () => checkExpression(text, scope).evaluate(new Map(), 3)]) {
          try {
            action()
            read += 1
          } catch (error) {
            expect(error).toBeInstanceOf(MangroveError)
            for (const problem of (error as MangroveError).problems) expect(problem.status).toBe(422)
          }
        }
      }),
      { numRuns: 3000 },
    )
    expect(read).toBeGreaterThan(10)
  })

  it.each([
    'a'.repeat(2000),
    '1 a/'.repeat(500),
    '1 a-'.repeat(500),
    '1 a·b'.repeat(400),
    '9'.repeat(1999),
    '1 kW/(m·'.repeat(250),
  ])('takes no time on a hostile text of 2000 characters', (text) => {
    const began = performance.now()
    problemsOf(() => parseExpression(text.slice(0, 2000)))
    expect(performance.now() - began).toBeLessThan(100)
  })
})
