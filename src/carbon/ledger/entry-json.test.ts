import fc from 'fast-check'
import { expect, it } from 'vitest'
import { canonicalJson } from '../../kernel/index.ts'
import { entryJson } from './entry-json.ts'

it('law: gives the bytes of canonical JSON, whatever the value', () => {
  const members = fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue({ stringUnit: 'grapheme' }))
  fc.assert(
    fc.property(fc.oneof(fc.jsonValue({ stringUnit: 'grapheme' }), members), (value) => {
      expect(entryJson(value)).toBe(canonicalJson(value))
    }),
    { numRuns: 40 },
  )
  expect(entryJson({ b: undefined, a: -0, c: {}, __proto__x: [] })).toBe('{"__proto__x":[],"a":0,"c":{}}')
})

it.each([Number.NaN, '\ud800', 1n, new Date(0), { a: ['\udfff'] }, { '\ud800': 1 }])(
  'refuses what JSON cannot say (%#)',
  (value) => {
    expect(() => entryJson({ value })).toThrow(/kernel.not-json/)
  },
)
