import Type from 'typebox'
import { describe, expect, it } from 'vitest'
import { durationText, instantText } from '../site/fields.ts'
import { checkValue } from './check-value.ts'

const schema = Type.Object({
  hours: Type.Number({ exclusiveMinimum: 0, default: 24 }),
  step: durationText({ default: '15m' }),
  at: Type.Optional(instantText()),
})

describe('a value against a schema', () => {
  it('is filled with defaults', () => {
    expect(checkValue(schema, {})).toEqual({ value: { hours: 24, step: '15m' }, problems: [] })
  })

  it('tells all that does not fit at once, each at its place', () => {
    const { problems } = checkValue(schema, { hours: 0, step: 'x', at: 'tomorrow', hous: 1 })
    expect(problems.map(({ place, found }) => [place?.path, found])).toEqual([
      ['hours', 0],
      ['hous', 'hous'],
      ['step', 'x'],
      ['at', 'tomorrow'],
    ])
    expect(problems[0]?.expected).toBe('> 0')
    expect(problems[1]?.detail).toContain('did you mean "hours"')
  })

  it('leaves the zone of an instant to who knows it: a time that Madrid skips may be one elsewhere', () => {
    expect(checkValue(schema, { at: '2026-03-29T02:30' }).problems).toEqual([])
  })
})
