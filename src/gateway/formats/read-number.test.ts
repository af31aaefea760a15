import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { numberProblem, readJsonNumber, readNumber, readShortDecimal } from './read-number.ts'

const read = (text: string): number => readNumber(Buffer.from(`x${text}9`), 1, 1 + text.length)
const readJson = (text: string): number => readJsonNumber(Buffer.from(`x${text}9`), 1, 1 + text.length)
const short = (text: string): number => readShortDecimal(Buffer.from(`x${text}9`), 1, 1 + text.length)

describe('a number in bytes', () => {
  it('is Number(text) to the bit for every short decimal', () => {
    const digits = fc.stringMatching(/^-?(0|[1-9]\d{0,8})(\.\d{1,6})?$/)
    fc.assert(
      fc.property(digits, (text) => Object.is(short(text), Number(text))),
      { numRuns: 5000 },
    )
  })

  it('is Number(text) for every double as JavaScript and C print it', () => {
    const texts = (value: number): readonly string[] => [
      Object.is(value, -0) ? '-0' : String(value),
      value.toExponential(),
      value.toPrecision(17),
    ]
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        for (const text of texts(value)) {
          expect(Object.is(read(text), Number(text)), text).toBe(true)
          expect(Object.is(readJson(text), Number(text)), text).toBe(true)
        }
      }),
      { numRuns: 2000 },
    )
  })

  it('follows JSON’s grammar exactly where that is asked for', () => {
    const nearly = fc.stringMatching(/^[-+.0-9eE]{1,8}$/)
    const json = (text: string): number => {
      try {
        return JSON.parse(text) as number
      } catch {
        return Number.NaN
      }
    }
    fc.assert(
      fc.property(nearly, (text) => Object.is(readJson(text), json(text))),
      { numRuns: 5000 },
    )
  })

  it.each(['+1.5', '1.', '.5', '007', '1e3', '-2.5E-3'])('reads %s, which other formats write', (text) => {
    expect(read(text)).toBe(Number(text))
  })

  it.each(['', '-', '.', 'e5', '1e', '1e+', '0x10', '1_000', '1,5', ' 1', 'NaN', 'Infinity', '1..2', '--1'])(
    'does not read "%s"',
    (text) => expect(read(text)).toBeNaN(),
  )

  it.each(['NaN', '-Inf', 'infinity', '1e999'])('refuses %s as not finite, by name', (found) => {
    expect(numberProblem(found)).toMatchObject({ code: 'gateway.not-finite', found })
  })
})
