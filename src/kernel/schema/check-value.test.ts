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

describe('a value of a union', () => {
  const wind = Type.Object({ kind: Type.Literal('wind'), hubM: Type.Number() })
  const battery = Type.Object({ kind: Type.Literal('battery'), kwh: Type.Number(), cells: Type.Array(Type.String()) })
  const either = Type.Object({ kind: Type.Literal('pair'), of: Type.Union([wind, battery]) })
  const park = Type.Object({
    assets: Type.Array(Type.Union([wind, battery, either])),
    size: Type.Optional(Type.Number()),
  })
  const toldOf = (assets: unknown) =>
    checkValue(park, { assets }).problems.map(({ place, expected }) => [place?.path, expected])

  it('hears of the branch that it names, and of no other', () => {
    expect(toldOf([{ kind: 'wind', hubM: 'high' }])).toEqual([['assets.0.hubM', 'number']])
    expect(
      toldOf([
        { kind: 'wind', hubM: 3 },
        { kind: 'battery', kwh: 'much', cells: [1] },
      ]),
    ).toEqual([
      ['assets.1.kwh', 'number'],
      ['assets.1.cells.0', 'string'],
    ])
  })

  it('hears which names there are where it has none of them', () => {
    expect(toldOf([{ kind: 'wnd', hubM: 3 }])).toEqual([['assets.0.kind', 'one of wind, battery, pair']])
  })

  it('hears of the branch within a branch', () => {
    expect(toldOf([{ kind: 'pair', of: { kind: 'battery', kwh: 1, cells: 3 } }])).toEqual([
      ['assets.0.of.cells', 'array'],
    ])
    expect(toldOf([{ kind: 'pair', of: { kind: 'cell' } }])).toEqual([['assets.0.of.kind', 'one of wind, battery']])
  })

  it('hears of all branches where no constant tells them apart', () => {
    const size = Type.Object({ size: Type.Union([Type.Number(), Type.Boolean()]) })
    expect(checkValue(size, { size: 'x' }).problems.map(({ expected }) => expected)).toEqual(
      expect.arrayContaining(['number', 'boolean']),
    )
  })
})
