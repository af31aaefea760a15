import { describe, expect, it } from 'vitest'
import { differencesOf, shortText, summaryOf } from './differences.ts'

describe('two runs', () => {
  it('differ where a value is another, came or went, in lists too', () => {
    const one = { cost: 1, same: { deep: [1, 2, 3] }, gone: true, list: [1, 2] }
    const other = { cost: 2, same: { deep: [1, 2, 3] }, new: 'x', list: [1, 3, 4] }
    expect(differencesOf(one, other)).toEqual([
      { path: 'cost', one: 1, other: 2 },
      { path: 'gone', one: true, other: undefined },
      { path: 'list.1', one: 2, other: 3 },
      { path: 'list.2', one: undefined, other: 4 },
      { path: 'new', one: undefined, other: 'x' },
    ])
    expect(differencesOf({ a: [] }, { a: {} })).toHaveLength(1)
    expect(differencesOf(one, structuredClone(one))).toEqual([])
  })

  it('that have nothing in common tell no more than can be read', () => {
    const long = Array.from({ length: 1000 }, (_, k) => k)
    expect(
      differencesOf(
        long,
        long.map((k) => k + 1),
      ),
    ).toHaveLength(200)
  })
})

it('sums a result up in lines', () => {
  const output = { verdict: 'fails', hours: [1, 2, 3, 4, 5], pair: [1, 2], text: 'a'.repeat(500), none: null }
  expect(summaryOf(output).map(({ value }) => value.length)).toEqual([5, 3, 5, 121, 4])
  expect(summaryOf(7)).toEqual([{ name: '', value: '7' }])
  expect(shortText(undefined)).toBe('–')
})
