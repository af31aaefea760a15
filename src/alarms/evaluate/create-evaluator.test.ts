import { describe, expect, it } from 'vitest'
import { beginMs, computedOf, type Row, rowsOf, rule, rulesOf, siteWith } from '../alarms.fixture.ts'
import { createEvaluator, type Decision, type Evaluator, type EvaluatorOptions } from './index.ts'

const latestMs = Number.POSITIVE_INFINITY

function evaluatorOf(rules: string, more: Partial<EvaluatorOptions> = {}): Evaluator {
  const site = siteWith(rules)
  return createEvaluator({ site: 'park', rules: rulesOf(site), computed: computedOf(site), monotonicMs: 0, ...more })
}

/** `raised 30`: what was decided, with seconds after the begin. */
const told = (decisions: readonly Decision[]): readonly string[] =>
  decisions.map(({ kind, eventMs }) => `${kind} ${(eventMs - beginMs) / 1000}`)

const decided = (rules: string, rows: readonly Row[]): readonly string[] =>
  told(evaluatorOf(rules).take(rowsOf(rows), { monotonicMs: 0, latestMs }))

const feed = (...values: readonly (readonly [seconds: number, value: number, quality?: number])[]): readonly Row[] =>
  values.map(
    ([seconds, value, code]) =>
      ['hall.feedKw', seconds, value, ...(code === undefined ? [] : [code])] as unknown as Row,
  )

describe('limits', () => {
  const high = (more = '') =>
    rule('a', `point: hall.feedKw, when: { kind: high, limit: 0.1 MW, deadband: 10 kW }${more}`)

  it('raise above and clear below the deadband', () => {
    expect(decided(high(), feed([0, 100], [1, 101], [2, 95], [3, 90], [4, 100.5]))).toEqual([
      'raised 1',
      'cleared 3',
      'raised 4',
    ])
  })

  it('of the low kind mirror it', () => {
    const low = rule('a', 'point: hall.feedKw, when: { kind: low-low, limit: 10, deadband: 2 }')
    expect(decided(low, feed([0, 9], [1, 11], [2, 12]))).toEqual(['raised 0', 'cleared 2'])
  })

  it('wait for the delay, and tell when it was over', () => {
    const delayed = high(', onDelay: 30s, offDelay: 20s')
    expect(decided(delayed, feed([0, 200], [10, 50], [20, 200], [45, 200], [55, 200]))).toEqual(['raised 50'])
    // The last known value holds until the next one comes.
    expect(decided(delayed, feed([0, 200], [100, 50], [110, 60], [121, 70]))).toEqual(['raised 30', 'cleared 120'])
    expect(decided(delayed, feed([0, 200], [30, 50]))).toEqual([])
    expect(decided(delayed, feed([0, 200], [30, 200]))).toEqual(['raised 30'])
  })

  it('end their delay by time alone', () => {
    const evaluator = evaluatorOf(high(', onDelay: 30s'))
    evaluator.take(rowsOf(feed([0, 200])), { monotonicMs: 5000, latestMs })
    expect(told(evaluator.advance(34_999))).toEqual([])
    expect(told(evaluator.advance(35_001))).toEqual(['raised 30'])
    expect(told(evaluator.advance(99_000))).toEqual([])
    // What is older than the decision does not undo it.
    expect(told(evaluator.take(rowsOf(feed([20, 50])), { monotonicMs: 36_000, latestMs }))).toEqual([])
    expect(told(evaluator.take(rowsOf(feed([31, 50])), { monotonicMs: 36_000, latestMs }))).toEqual(['cleared 31'])
  })

  it('are neither raised nor cleared by what is not known', () => {
    expect(decided(high(), feed([0, Number.NaN], [1, 200, 3], [2, 200], [3, Number.NaN], [4, 0, 3]))).toEqual([
      'raised 2',
    ])
    // Back to normal has to be known for the whole delay.
    const slow = high(', offDelay: 20s')
    expect(decided(slow, feed([0, 200], [10, 0], [25, Number.NaN], [31, 0], [50, 0], [51, 0]))).toEqual([
      'raised 0',
      'cleared 51',
    ])
  })

  it('do not hear of late, repeated and future values', () => {
    expect(decided(high(), feed([5, 200]))).toEqual(['raised 5'])
    const evaluator = evaluatorOf(high())
    evaluator.take(rowsOf(feed([5, 200])), { monotonicMs: 0, latestMs })
    expect(evaluator.take(rowsOf(feed([4, 0], [5, 0])), { monotonicMs: 0, latestMs })).toEqual([])
    // A clock that runs ahead would make everything after it late.
    const ahead = { monotonicMs: 0, latestMs: beginMs + 600_000 }
    expect(evaluator.take(rowsOf(feed([86_400, 0])), ahead)).toEqual([])
    expect(told(evaluator.take(rowsOf(feed([6, 0])), ahead))).toEqual(['cleared 6'])
  })

  it('take rows of a batch in the order of time', () => {
    expect(decided(high(), feed([2, 0], [1, 200]))).toEqual(['raised 1', 'cleared 2'])
  })
})

describe('the other conditions', () => {
  it('rate: a change within a time', () => {
    const rate = rule('a', 'point: hall.feedKw, when: { kind: rate, limit: 50 kW, within: 80s, direction: rise }')
    expect(decided(rate, feed([0, 100], [40, 140], [80, 160], [300, 160], [340, 0]))).toEqual([
      'raised 80',
      'cleared 300',
    ])
  })

  it('deviation: two points, held against each other when both are there', () => {
    const deviation = rule(
      'a',
      'point: hall.feedKw, when: { kind: deviation, other: hall.otherKw, limit: 5, deadband: 1 }',
    )
    const rows: Row[] = [0, 1, 2, 3].flatMap((seconds): Row[] => [
      ['hall.feedKw', seconds, seconds * 100],
      ['hall.otherKw', seconds, seconds * 100 + (seconds === 2 ? 6 : 0)],
    ])
    expect(decided(deviation, rows)).toEqual(['raised 2', 'cleared 3'])
  })

  it('state', () => {
    const state = rule('a', 'point: hall.doorOpen, when: { kind: state }')
    expect(
      decided(state, [
        ['hall.doorOpen', 0, 0],
        ['hall.doorOpen', 1, 1],
        ['hall.doorOpen', 2, 0],
      ]),
    ).toEqual(['raised 1', 'cleared 2'])
  })

  it('bad quality', () => {
    const bad = rule('a', 'point: hall.feedKw, when: { kind: bad-quality }')
    expect(decided(bad, feed([0, 1], [1, 1, 3], [2, Number.NaN], [3, 1, 1]))).toEqual(['raised 1', 'cleared 3'])
  })

  it('stale: by a gap of event time, and by time alone', () => {
    const stale = rule('a', 'point: hall.feedKw, when: { kind: stale, after: 60s }')
    expect(decided(stale, feed([0, 1], [60, 1], [180, 1]))).toEqual(['raised 120', 'cleared 180'])
    const evaluator = evaluatorOf(stale)
    expect(evaluator.advance(1e9)).toEqual([])
    evaluator.take(rowsOf(feed([0, 1], [30, Number.NaN])), { monotonicMs: 0, latestMs })
    expect(told(evaluator.advance(29_000))).toEqual([])
    expect(told(evaluator.advance(31_000))).toEqual(['raised 60'])
    // A backlog that ends before that does not make it fresh.
    expect(told(evaluator.take(rowsOf(feed([40, 1], [50, 1])), { monotonicMs: 32_000, latestMs }))).toEqual([])
    expect(told(evaluator.take(rowsOf(feed([61, 1])), { monotonicMs: 33_000, latestMs }))).toEqual(['cleared 61'])
  })

  it('stale: a point that never spoke', () => {
    const stale = rule('a', 'point: hall.feedKw, when: { kind: stale, after: 60s }')
    const evaluator = evaluatorOf(stale, { silentFromMs: beginMs, monotonicMs: 100 })
    expect(told(evaluator.advance(60_000))).toEqual([])
    expect(told(evaluator.advance(60_200))).toEqual(['raised 60'])
  })

  it('computed points', () => {
    const both = rule('a', 'point: hall.bothKw, when: { kind: high, limit: 100 }')
    const rows: Row[] = [
      ['hall.feedKw', 0, 60],
      ['hall.otherKw', 1, 50],
      ['hall.otherKw', 2, 30],
    ]
    expect(decided(both, rows)).toEqual(['raised 1', 'cleared 2'])
  })

  it('anomaly: as it is told', () => {
    const evaluator = evaluatorOf(rule('a', 'point: hall.feedKw, when: { kind: anomaly }, offDelay: 60s'))
    expect(told(evaluator.tell('a', true, beginMs))).toEqual(['raised 0'])
    expect(told(evaluator.tell('a', false, beginMs + 1000))).toEqual([])
    expect(told(evaluator.tell('a', false, beginMs + 61_000))).toEqual(['cleared 61'])
  })
})

describe('suppression by design', () => {
  const lowFlow = rule(
    'a',
    'point: chiller.flow, when: { kind: low, limit: 5 }, onDelay: 30s, suppressWhile: "chiller.powerKw < 5 kW"',
  )

  it('hides an alarm while the machine is off, and gives it time to start', () => {
    const rows: Row[] = [
      ['chiller.powerKw', 0, 0],
      ['chiller.flow', 0, 0],
      ['chiller.flow', 60, 0],
      ['chiller.powerKw', 100, 40],
      ['chiller.flow', 120, 0],
      ['chiller.flow', 131, 0],
    ]
    expect(decided(lowFlow, rows)).toEqual(['suppressed 0', 'unsuppressed 100', 'raised 130'])
  })

  it('hides nothing while nobody knows', () => {
    const rows: Row[] = [
      ['chiller.powerKw', 0, Number.NaN],
      ['chiller.flow', 0, 0],
      ['chiller.flow', 31, 0],
    ]
    expect(decided(lowFlow, rows)).toEqual(['raised 30'])
  })
})
