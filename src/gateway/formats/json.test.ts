import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anyTold, parse, refusals, rowsOf } from './observations.fixture.ts'

const time = '2026-07-06T00:00:00Z'
const ms = Date.parse(time)
const good = { point: 'a.b', time, value: 1 }

/** Rows that are wrong in one way, and the code and path that they are told by. */
const wrong: readonly (readonly [unknown, string, string | undefined])[] = [
  [{ ...good, value: 'x' }, 'not-a-number', 'value'],
  [{ ...good, value: '1' }, 'not-a-number', 'value'],
  [{ ...good, value: 'NaN' }, 'not-finite', 'value'],
  [{ ...good, value: [] }, 'not-a-number', 'value'],
  [{ point: 'a.b', time }, 'missing-field', 'value'],
  [{ point: 'a.b', value: 1 }, 'missing-field', 'time'],
  [{ time, value: 1 }, 'missing-field', 'point'],
  [{ ...good, point: 7 }, 'bad-name', 'point'],
  [{ ...good, point: '' }, 'bad-name', 'point'],
  [{ ...good, point: 'x'.repeat(10_000) }, 'bad-name', 'point'],
  [{ ...good, point: 'a\u0000b' }, 'bad-name', 'point'],
  [{ ...good, point: 'a\u001b[31m' }, 'bad-name', 'point'],
  [{ ...good, point: '\ud800' }, 'bad-name', 'point'],
  [{ ...good, unit: 5 }, 'bad-name', 'unit'],
  [{ ...good, source: 'x'.repeat(201) }, 'bad-name', 'source'],
  [{ ...good, site: {} }, 'bad-name', 'site'],
  [{ ...good, time: '2026-07-06T00:00:00' }, 'no-offset', 'time'],
  [{ ...good, time: 0 }, 'implausible-time', 'time'],
  [{ ...good, time: '2262-01-01T00:00:00Z' }, 'implausible-time', 'time'],
  [{ point: 'a.b', timestampMs: 1.5, value: 1 }, 'bad-time', 'timestampMs'],
  [{ ...good, timestampMs: ms }, 'bad-row', 'time'],
  [{ ...good, quality: 'fine' }, 'bad-quality', 'quality'],
  [{ ...good, quality: 5 }, 'bad-quality', 'quality'],
  [{ ...good, quality: 'missing' }, 'quality-contradicts', undefined],
  [{ ...good, value: null, quality: 'good' }, 'quality-contradicts', undefined],
  [{ ...good, unti: 'kW' }, 'unknown-field', undefined],
  [JSON.parse('{"point":"a.b","value":1,"__proto__":{"time":1783296000000}}'), 'unknown-field', undefined],
  [null, 'bad-row', undefined],
  [[], 'bad-row', undefined],
  ['a.b', 'bad-row', undefined],
]

describe('JSON', () => {
  it('reads rows and columns of one body', () => {
    const points = {
      'c.d': { unit: 'kW', timestampsMs: [ms, ms], values: [null, true], quality: ['missing', 1], source: 's2' },
    }
    const body = {
      observations: [
        { ...good, quality: 2 },
        { point: 'a.b', timestampMs: ms, value: false, site: 's' },
      ],
      points,
    }
    expect(rowsOf(parse('json', JSON.stringify(body)).batch)).toEqual([
      { site: 'park', point: 'a.b', unit: undefined, ms, value: 1, quality: 'synthetic', source: 'gateway' },
      { site: 's', point: 'a.b', unit: undefined, ms, value: 0, quality: 'good', source: 'gateway' },
      { site: 'park', point: 'c.d', unit: 'kW', ms, value: Number.NaN, quality: 'missing', source: 's2' },
      { site: 'park', point: 'c.d', unit: 'kW', ms, value: 1, quality: 'estimated', source: 's2' },
    ])
  })

  it.each(wrong)('refuses the row %j as %s and keeps its neighbours', (row, code, field) => {
    const parsed = parse('json', JSON.stringify({ observations: [good, row, good] }))
    expect(parsed.batch.count).toBe(2)
    expect(refusals(parsed)).toEqual([[`gateway.${code}`, field ? `observations[1].${field}` : 'observations[1]']])
  })

  it.each(wrong)('refuses the line %j of NDJSON as %s, too', (row, told) => {
    // What holds a list or an object is no line of NDJSON.
    const isNested =
      row === null || typeof row !== 'object' || Object.values(row).some((value) => typeof value === 'object')
    const code = isNested && (row as { value?: unknown } | null)?.value !== null ? 'bad-row' : told
    const parsed = parse('ndjson', [good, row, good].map((line) => JSON.stringify(line)).join('\n'))
    expect(parsed.batch.count).toBe(2)
    expect(refusals(parsed)).toEqual([[`gateway.${code}`, 2]])
  })

  it('refuses values of columns by their place, and columns that do not fit as a whole', () => {
    const points = {
      ok: { timestampsMs: [ms, 1, ms, ms], values: [1, 2, 'x', 4], quality: [0, 0, 0, 'fine'] },
      short: { timestampsMs: [ms, ms, ms], values: [1] },
      none: 5,
      typo: { timestampsMs: [ms], values: [1], units: 'kW' },
      [`${'n'.repeat(300)}`]: { timestampsMs: [ms], values: [1] },
      empty: { timestampsMs: [], values: [] },
    }
    const parsed = parse('json', JSON.stringify({ points }))
    expect(parsed.batch.series).toEqual([{ site: 'park', point: 'ok' }])
    expect([...parsed.batch.values]).toEqual([1])
    expect(parsed.refusedCount).toBe(9)
    expect(refusals(parsed).map(([code, place]) => [code, String(place).slice(0, 30)])).toEqual([
      ['gateway.implausible-time', 'points["ok"].timestampsMs[1]'],
      ['gateway.not-a-number', 'points["ok"].values[2]'],
      ['gateway.bad-quality', 'points["ok"].quality[3]'],
      ['gateway.bad-row', 'points["short"].values'],
      ['gateway.bad-row', 'points["none"]'],
      ['gateway.unknown-field', 'points["typo"]'],
      ['gateway.bad-name', `points["${'n'.repeat(22)}`],
    ])
  })

  it('takes __proto__ for a name like any other', () => {
    const body = `{"points":{"__proto__":{"timestampsMs":[${ms}],"values":[1]}},"observations":[{"point":"__proto__","time":${ms},"value":2}]}`
    const { batch } = parse('json', body)
    expect(batch.series).toEqual([{ site: 'park', point: '__proto__' }])
    expect(({} as Record<string, unknown>).values).toBeUndefined()
  })

  it.each([
    '',
    '[]',
    '5',
    '{}',
    '{"observations":{}}',
    '{"points":[]}',
    '{"rows":[]}',
    '{"observations":[',
    '{"points":{"a":{"timestampsMs":[1],"values":[NaN]}}}',
    '[[[[',
  ])('does not take the body %s', (body) =>
    expect(() => parse('json', body)).toThrow(expect.objectContaining({ code: 'gateway.bad-body', status: 400 })),
  )

  it('does not take bytes that are not UTF-8', () => {
    expect(() => parse('json', Uint8Array.of(0x7b, 0xff, 0x7d))).toThrow(/UTF-8/)
  })
})

describe('NDJSON', () => {
  const blanks = fc.constantFrom('', ' ', '\t', '  ')
  const written = (value: unknown, blank: string): string => {
    const pairs = Object.entries(value as object).map(
      ([key, told]) => `"${key}"${blank}:${blank}${JSON.stringify(told)}`,
    )
    return `${blank}{${blank}${pairs.join(`${blank},${blank}`)}${blank}}${blank}`
  }

  it('reads each line from its bytes as JSON.parse reads it', () => {
    const told = fc.tuple(anyTold, fc.boolean(), fc.boolean(), blanks, fc.constantFrom('\n', '\r\n'))
    fc.assert(
      fc.property(fc.array(told, { maxLength: 8 }), (rows) => {
        const observations = rows.map(([{ ms: timestampMs, value, unit, ...names }, asText, first]) => {
          const stamp = asText ? { time: new Date(timestampMs).toISOString() } : { timestampMs }
          const rest = { ...names, value: Number.isNaN(value) ? null : value, ...(unit ? { unit } : {}) }
          return first ? { ...stamp, ...rest } : { ...rest, ...stamp }
        })
        const lines = observations.map((row, index) => `${written(row, rows[index]![3])}${rows[index]![4]}`).join('')
        const fast = parse('ndjson', lines)
        expect(fast.refused).toEqual([])
        expect(rowsOf(fast.batch)).toEqual(rowsOf(parse('json', JSON.stringify({ observations })).batch))
      }),
    )
  })

  it('counts lines and skips blank ones', () => {
    const parsed = parse(
      'ndjson',
      `\ufeff${JSON.stringify(good)}\n\n  \r\n{"point":"a.b","time":"${time}","value":NaN}\n${JSON.stringify(good)}`,
    )
    expect(parsed.batch.count).toBe(2)
    expect(refusals(parsed)).toEqual([['gateway.bad-row', 4]])
  })

  it.each(['01', '1.', '.5', '+1', '1e', '0x1', '-', '1 2', 'tru', 'nul'])('refuses %s, which is no JSON', (value) => {
    expect(parse('ndjson', `{"point":"a.b","time":"${time}","value":${value}}`).refusedCount).toBe(1)
  })
})
