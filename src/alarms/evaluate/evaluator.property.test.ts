import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { beginMs, computedOf, type Row, rowsOf, rule, rulesOf, siteWith } from '../alarms.fixture.ts'
import { createEvaluator, type Decision, type Evaluator, type EvaluatorSnapshot } from './index.ts'

const site = siteWith(
  [
    rule('high', 'point: hall.feedKw, when: { kind: high, limit: 5, deadband: 2 }, onDelay: 3s, offDelay: 2s'),
    rule('low', 'point: hall.otherKw, when: { kind: low, limit: 3 }, suppressWhile: "hall.feedKw < 2 kW"'),
    rule('stale', 'point: hall.feedKw, when: { kind: stale, after: 5s }'),
    rule('rate', 'point: hall.otherKw, when: { kind: rate, limit: 4, within: 8s }'),
    rule('apart', 'point: hall.feedKw, when: { kind: deviation, other: hall.otherKw, limit: 4 }, onDelay: 2s'),
    rule('both', 'point: hall.bothKw, when: { kind: high-high, limit: 14 }, offDelay: 4s'),
    rule('bad', 'point: hall.otherKw, when: { kind: bad-quality }, onDelay: 1s'),
  ].join('\n'),
)
const rules = rulesOf(site)
const latestMs = Number.POSITIVE_INFINITY
const create = (snapshot?: EvaluatorSnapshot): Evaluator =>
  createEvaluator({ site: 'park', rules, computed: computedOf(site), monotonicMs: 0, snapshot })

/** A walk through time; gaps, values that are missing, and both points. */
const walk = fc
  .array(
    fc.record({
      point: fc.constantFrom('hall.feedKw', 'hall.otherKw'),
      waitS: fc.integer({ min: 0, max: 4 }),
      value: fc.oneof(
        { weight: 9, arbitrary: fc.integer({ min: 0, max: 10 }) },
        { weight: 1, arbitrary: fc.constant(Number.NaN) },
      ),
      code: fc.constantFrom(0, 0, 0, 1, 3),
    }),
    { maxLength: 60 },
  )
  .map((steps) => {
    let seconds = 0
    return steps.map(({ point, waitS, value, code }): Row => {
      seconds += waitS
      return [point, seconds, value, Number.isNaN(value) ? 4 : code]
    })
  })

const all = (evaluator: Evaluator, batches: readonly (readonly Row[])[]): Decision[] =>
  batches.flatMap((batch) => evaluator.take(rowsOf(batch), { monotonicMs: 0, latestMs }))

/** Cut between moments: what is sampled together is sent together. */
function cut(rows: readonly Row[], places: readonly number[]): readonly (readonly Row[])[] {
  const batches: Row[][] = [[]]
  for (const [index, row] of rows.entries()) {
    if (places.includes(index % 17) && row[1] !== rows[index - 1]?.[1]) batches.push([])
    batches.at(-1)!.push(row)
  }
  return batches
}

const order = (decisions: readonly Decision[]): readonly string[] =>
  decisions.map(({ alarm, kind, eventMs }) => `${alarm} ${kind} ${(eventMs - beginMs) / 1000}`).sort()

describe('decisions', () => {
  it('do not depend on how rows come in batches, nor on their order within one', () => {
    fc.assert(
      fc.property(walk, fc.array(fc.nat(16)), fc.nat(), (rows, places, seed) => {
        const whole = order(all(create(), [rows]))
        expect(order(all(create(), cut(rows, places)))).toEqual(whole)
        // The same point twice at one moment counts once, the first: only distinct moments may be shuffled.
        const seen = new Set<string>()
        const distinct = rows.filter(([point, seconds]) => {
          const key = `${point} ${seconds}`
          return seen.has(key) ? false : seen.add(key)
        })
        const shuffled = distinct.toSorted((a, b) => ((a[1] * 31 + seed) % 13) - ((b[1] * 31 + seed) % 13))
        expect(order(all(create(), [shuffled]))).toEqual(order(all(create(), [distinct])))
      }),
    )
  })

  it('are the same over a stop at any place, from the snapshot as JSON', () => {
    fc.assert(
      fc.property(walk, fc.nat(60), (rows, at) => {
        const place = rows.findIndex(([, seconds], index) => index >= at && seconds !== rows[index - 1]?.[1])
        const [before, after] = place < 0 ? [rows, []] : [rows.slice(0, place), rows.slice(place)]
        const first = create()
        const early = all(first, [before])
        const second = create(JSON.parse(JSON.stringify(first.snapshot())) as EvaluatorSnapshot)
        expect(order([...early, ...all(second, [after])])).toEqual(order(all(create(), [rows])))
        // What was sent before is sent again.
        const third = create(JSON.parse(JSON.stringify(first.snapshot())) as EvaluatorSnapshot)
        expect(order([...early, ...all(third, [rows])])).toEqual(order(all(create(), [rows])))
      }),
    )
  })

  it('alternate, and never go back in time', () => {
    fc.assert(
      fc.property(walk, (rows) => {
        for (const [, own] of Map.groupBy(all(create(), [rows]), ({ alarm }) => alarm)) {
          let [on, hidden, ms] = [false, false, 0]
          for (const { kind, eventMs } of own) {
            expect(eventMs).toBeGreaterThanOrEqual(ms)
            ms = eventMs
            if (kind === 'raised' || kind === 'cleared') {
              expect(hidden).toBe(false)
              expect(on).toBe(kind === 'cleared')
              on = kind === 'raised'
            } else {
              expect(hidden).toBe(kind === 'unsuppressed')
              hidden = kind === 'suppressed'
              on = false
            }
          }
        }
      }),
    )
  })
})
