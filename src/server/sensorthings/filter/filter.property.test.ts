import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MangroveError, qualityNames } from '../../../kernel/index.ts'
import type { Datastream, ObservationEntity } from '../entities.ts'
import { always, rangeOf } from '../observation-range.ts'
import type { View } from '../view.ts'
import { compile, isTrue } from './compile.ts'
import { parseExpression } from './expression.ts'

const startMs = Date.UTC(2026, 6, 6)
const datastream = { type: 'Datastream', id: 'a:b.c', site: 'a', fields: { name: 'Power' } } as unknown as Datastream
const other = { ...datastream, id: 'a:b.d', fields: { name: 'Energy' } } as Datastream
const view = {
  one: (entity: ObservationEntity) => entity.datastream,
  readId: (id: string) => ({
    datastream: id.startsWith('a:b.c') ? datastream : other,
    timeMs: Number(id.split(':').at(-1)),
  }),
} as unknown as View
const context = { view, nowMs: startMs, option: '$filter' }

const row = fc.record({
  timeMs: fc.integer({ min: -3, max: 3 }).map((step) => startMs + step * 1000),
  value: fc.oneof(fc.integer({ min: -3, max: 3 }), fc.constant(Number.NaN)),
  of: fc.constantFrom(datastream, other),
})
const rowOf = ({ timeMs, value, of }: { timeMs: number; value: number; of: Datastream }): ObservationEntity => ({
  type: 'Observation',
  datastream: of,
  timeMs,
  value,
  quality: Number.isNaN(value) ? qualityNames.indexOf('missing') : 0,
})

type Row = ObservationEntity
/** Text of an expression, and what it is worth, by hand: undefined where it is worth nothing. */
interface Drawn<T> {
  readonly text: string
  of(row: Row): T | undefined
}

const number: fc.Arbitrary<Drawn<number>> = fc.letrec<{ number: Drawn<number> }>((tie) => ({
  number: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.integer({ min: -3, max: 3 }).map((value) => ({ text: String(value), of: () => value })),
    fc.constant<Drawn<number>>({
      text: 'result',
      of: ({ value }) => (Number.isNaN(value) ? undefined : value),
    }),
    fc.constant<Drawn<number>>({
      text: 'second(phenomenonTime)',
      of: ({ timeMs }) => new Date(timeMs).getUTCSeconds(),
    }),
    fc.tuple(tie('number'), fc.constantFrom('add', 'sub', 'mul', 'div', 'mod'), tie('number')).map(
      ([left, sign, right]): Drawn<number> => ({
        text: `(${left.text} ${sign} ${right.text})`,
        of(one) {
          const [a, b] = [left.of(one), right.of(one)]
          if (a === undefined || b === undefined) return undefined
          const value = { add: a + b, sub: a - b, mul: a * b, div: a / b, mod: a % b }[sign]
          return value !== undefined && Number.isFinite(value) ? value : undefined
        },
      }),
    ),
  ),
})).number

const test = (sign: string, gap: number): boolean =>
  ({ eq: gap === 0, ne: gap !== 0, gt: gap > 0, ge: gap >= 0, lt: gap < 0, le: gap <= 0 })[sign] ?? false
const signs = fc.constantFrom('eq', 'ne', 'gt', 'ge', 'lt', 'le')

const condition: fc.Arbitrary<Drawn<boolean>> = fc.letrec<{ condition: Drawn<boolean> }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.tuple(number, signs, number).map(
      ([left, sign, right]): Drawn<boolean> => ({
        text: `${left.text} ${sign} ${right.text}`,
        of(one) {
          const [a, b] = [left.of(one), right.of(one)]
          if (a === undefined && b === undefined) return sign === 'eq'
          if (a === undefined || b === undefined) return sign === 'ne'
          return test(sign, a - b)
        },
      }),
    ),
    fc.tuple(signs, fc.integer({ min: -3, max: 3 }), fc.boolean()).map(([sign, step, turned]): Drawn<boolean> => {
      const literal = new Date(startMs + step * 1000).toISOString()
      return {
        text: turned ? `${literal} ${sign} phenomenonTime` : `phenomenonTime ${sign} ${literal}`,
        of: ({ timeMs }) => test(sign, (timeMs - startMs - step * 1000) * (turned ? -1 : 1)),
      }
    }),
    fc.constantFrom('Power', 'Energy').map(
      (name): Drawn<boolean> => ({
        text: `Datastream/name eq '${name}'`,
        of: (one) => one.datastream.fields.name === name,
      }),
    ),
    fc.integer({ min: -3, max: 3 }).map(
      (step): Drawn<boolean> => ({
        text: `id eq 'a:b.c:${startMs + step * 1000}'`,
        of: (one) => one.datastream === datastream && one.timeMs === startMs + step * 1000,
      }),
    ),
    fc.tuple(tie('condition'), fc.constantFrom('and', 'or'), tie('condition')).map(
      ([left, sign, right]): Drawn<boolean> => ({
        text: `(${left.text}) ${sign} (${right.text})`,
        of: (one) =>
          sign === 'and'
            ? left.of(one) === true && right.of(one) === true
            : left.of(one) === true || right.of(one) === true,
      }),
    ),
    tie('condition').map((inner): Drawn<boolean> => ({ text: `not (${inner.text})`, of: (one) => !inner.of(one) })),
  ),
})).condition

describe('18-088 req/request-data/filter', () => {
  it('lets through what an evaluation by hand lets through', () => {
    fc.assert(
      fc.property(condition, fc.array(row, { maxLength: 8 }), (drawn, rows) => {
        const compiled = compile(parseExpression(drawn.text, '$filter'), 'Observation', context)
        for (const one of rows.map(rowOf)) expect(isTrue(compiled(one)), drawn.text).toBe(drawn.of(one) === true)
      }),
      { numRuns: 500 },
    )
  })

  it('reads no less than what it lets through, and no more where the range is exact', () => {
    let narrowed = 0
    fc.assert(
      fc.property(condition, fc.array(row, { maxLength: 8 }), (drawn, rows) => {
        const range = rangeOf(parseExpression(drawn.text, '$filter'), [datastream, other], context)
        if (range.fromMs > always.fromMs || range.datastreams.length < 2) narrowed += 1
        for (const one of rows.map(rowOf)) {
          const read =
            one.timeMs >= range.fromMs && one.timeMs < range.toMs && range.datastreams.includes(one.datastream)
          const holds = drawn.of(one) === true
          if (holds || range.exact) expect(read, `${drawn.text} ${JSON.stringify(one)}`).toBe(holds || read)
          if (range.exact) expect(read, drawn.text).toBe(holds)
        }
      }),
      { numRuns: 500 },
    )
    expect(narrowed).toBeGreaterThan(50)
  })

  it('reads any text or refuses it by name', () => {
    const words = fc
      .array(
        fc.constantFrom(
          ...["'", '(', ')', ',', '-', 'and', 'or', 'not', 'eq', 'result', 'add', '1', '1e9', 'null', "'a'", 'now()'],
          ...[
            'phenomenonTime',
            '2026-07-06T00:00:00Z',
            'Datastream/name',
            'length',
            "duration'PT1H'",
            '2026-02-31',
            '$',
          ],
          ...["geography'POINT (1 2)'", 'concat(', 'substring(', 'constructor', '__proto__', 'toString()'],
        ),
        { maxLength: 30 },
      )
      .map((parts) => parts.join(' '))
    let read = 0
    fc.assert(
      fc.property(fc.oneof(words, fc.string(), fc.string({ unit: 'binary' })), (text) => {
        try {
          isTrue(
            compile(
              parseExpression(text, '$filter'),
              'Observation',
              context,
            )(rowOf({ timeMs: 0, value: 1, of: datastream })),
          )
          read += 1
        } catch (error) {
          if (!(error instanceof MangroveError)) throw error
          expect(error.status).toBe(400)
        }
      }),
      { numRuns: 2000 },
    )
    expect(read).toBeGreaterThan(5)
  })

  it('is bounded in depth and length', () => {
    expect(() => parseExpression(`${'('.repeat(40)}1${')'.repeat(40)} eq 1`, '$filter')).toThrow(/nested too deep/)
    expect(() => parseExpression(`${'not '.repeat(300)}true`, '$filter')).toThrow(/nested too deep/)
    expect(() => parseExpression(Array(300).fill('true').join(' and '), '$filter')).toThrow(/too long/)
  })
})

describe('18-088 req/request-data/built-in-query-functions', () => {
  const noon = rowOf({ timeMs: Date.UTC(2026, 6, 6, 12, 34, 56, 789), value: 2.5, of: datastream })
  it.each([
    ["substringof('ow', Datastream/name)", true],
    ["endswith(Datastream/name, 'er')", true],
    ["startswith(Datastream/name, 'er')", false],
    ['length(Datastream/name) eq 5', true],
    ["indexof(Datastream/name, 'w') eq 2", true],
    ["substring(Datastream/name, 1, 2) eq 'ow'", true],
    ["tolower(Datastream/name) eq 'power'", true],
    ["concat(toupper('a'), trim(' b ')) eq 'Ab'", true],
    ['year(phenomenonTime) eq 2026 and month(phenomenonTime) eq 7 and day(phenomenonTime) eq 6', true],
    ['hour(phenomenonTime) eq 12 and minute(phenomenonTime) eq 34 and second(phenomenonTime) eq 56', true],
    ['fractionalseconds(phenomenonTime) eq 0.789', true],
    ['date(phenomenonTime) eq 2026-07-06', true],
    ['time(phenomenonTime) gt 12:00', true],
    ['totaloffsetminutes(phenomenonTime) eq 0', true],
    ['phenomenonTime gt mindatetime() and phenomenonTime lt maxdatetime()', true],
    ["phenomenonTime sub duration'PT12H' lt now()", false],
    ["phenomenonTime sub duration'PT13H' lt now()", true],
    ['round(result) eq 3 and floor(result) eq 2 and ceiling(result) eq 3', true],
    ["geo.distance(geography'POINT (0 3)', geography'POINT (4 0)') eq 5", true],
    ["st_within(geography'POINT (1 1)', geography'POLYGON ((0 0, 2 0, 2 2, 0 2, 0 0))')", true],
    ["geo.intersects(geography'POINT (3 1)', geography'POLYGON ((0 0, 2 0, 2 2, 0 2, 0 0))')", false],
  ])('%s is %s', (text, wanted) => {
    expect(isTrue(compile(parseExpression(text, '$filter'), 'Observation', context)(noon))).toBe(wanted)
  })

  it('binds tight as OData 4.0 does', () => {
    const worth = (text: string) => compile(parseExpression(text, '$filter'), 'Observation', context)(noon)
    expect(worth('1 add 2 mul 3')).toBe(7)
    expect(worth('10 sub 2 sub 3')).toBe(5)
    expect(worth('-2 mul 3')).toBe(-6)
    expect(worth('true or false and false')).toBe(true)
    expect(worth('not false or true')).toBe(true)
    expect(worth('result div 0')).toBe(null)
  })
})
