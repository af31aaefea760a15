import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createExactSum, Decimal, parseScaled, plus, scaledText, scaledToDecimal, times, timesScaled } from './index.ts'

it('adds a tenth ten times, and a small number to a large one', () => {
  const sum = createExactSum()
  for (let k = 0; k < 10; k += 1) sum.add(1n, 1)
  sum.add(10n ** 25n, 0)
  expect(scaledText(sum.total())).toBe('10000000000000000000000001.0')
})

it.each(['1e3', '1,5', '', '.5', '1.', '+1'])('refuses "%s"', (text) => {
  expect(() => parseScaled(text)).toThrow(/carbon.bad-decimal/)
})

it('law: what is computed on whole numbers is what decimals give, to the last digit', () => {
  const number = fc
    .tuple(fc.integer({ min: -1_000_000_000, max: 1_000_000_000 }), fc.integer({ min: 0, max: 9 }))
    .map(([digits, decimals]) => scaledText({ digits: BigInt(digits), decimals }))
  fc.assert(
    fc.property(fc.array(fc.tuple(number, number), { maxLength: 20 }), (rows) => {
      const sum = createExactSum()
      let slow = new Decimal(0)
      for (const [a, b] of rows) {
        const { digits, decimals } = timesScaled(parseScaled(a), parseScaled(b))
        sum.add(digits, decimals)
        slow = plus(slow, times(new Decimal(a), new Decimal(b)))
      }
      expect(scaledToDecimal(sum.total()).eq(slow)).toBe(true)
    }),
    { numRuns: 100 },
  )
})
