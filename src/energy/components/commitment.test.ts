import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createInlineSolver, createModelBuilder } from '../../solve/index.ts'
import { assignRuns, countRuns, dwellBreaches, formulateCommitment, type RunState } from './commitment.ts'

const hourly = (count: number): Float64Array => new Float64Array(count).fill(1)

const solver = await createInlineSolver()

interface Case {
  readonly demand: readonly number[]
  /** Of each step. */
  readonly hours: Float64Array
  readonly states: readonly RunState[]
  readonly minUpHours: number
  readonly minDownHours: number
  readonly onCostPerHour: number
  readonly startCost: number
  readonly stopCost: number
}

/** A machine covers one unit of demand, and a unit that is not covered for a step costs 50. */
const missingCost = 50

async function solved({ demand, hours, ...options }: Case) {
  const builder = createModelBuilder()
  const count = demand.length
  const { on } = formulateCommitment(builder, 'sets', { count, hours: hours.subarray(0, count), ...options })
  const missing = builder.addColumns('missing', count, { cost: missingCost })
  for (let k = 0; k < count; k += 1) {
    builder.beginRow('cover', demand[k]!, Number.POSITIVE_INFINITY)
    builder.term(on + k, 1)
    builder.term(missing + k, 1)
    builder.endRow()
  }
  const solution = await solver.solve(builder.build().model, { relativeGap: 1e-9 })
  expect(solution.status).toBe('optimal')
  return { objective: solution.objective, on: solution.columnValues.slice(on, on + count).map(Math.round) }
}

/** Every schedule of one machine that keeps its minimum times, with what it costs beside the demand. */
function schedules(
  { demand, hours, minUpHours, minDownHours, onCostPerHour, startCost, stopCost }: Case,
  state: RunState,
) {
  return Array.from({ length: 2 ** demand.length }, (_, bits) => Float64Array.from(demand, (_, k) => (bits >> k) & 1))
    .filter((on) => dwellBreaches(on, state, hours, { minUpHours, minDownHours }).length === 0)
    .map((on) => {
      const { starts, stops, runningHours } = countRuns(on, state.onHours > 0 ? 1 : 0, hours)
      return { on, cost: starts * startCost + stops * stopCost + runningHours * onCostPerHour }
    })
}

/** The least cost over all combinations of schedules, tried one by one. */
function bruteForce(given: Case): number {
  const sums = given.states.reduce(
    (found, state) => {
      const next = new Map<string, { on: number[]; cost: number }>()
      for (const { on, cost } of found.values()) {
        for (const own of schedules(given, state)) {
          const total = on.map((many, k) => many + own.on[k]!)
          const key = total.join(',')
          const best = next.get(key)
          if (!best || cost + own.cost < best.cost) next.set(key, { on: total, cost: cost + own.cost })
        }
      }
      return next
    },
    new Map([['', { on: given.demand.map(() => 0), cost: 0 }]]),
  )
  return Math.min(
    ...[...sums.values()].map(
      ({ on, cost }) => cost + on.reduce((sum, many, k) => sum + missingCost * Math.max(0, given.demand[k]! - many), 0),
    ),
  )
}

const state = fc.oneof(
  fc.integer({ min: 1, max: 4 }).map((onHours): RunState => ({ onHours, offHours: 0 })),
  fc.constantFrom(1, 2, 3, Number.POSITIVE_INFINITY).map((offHours): RunState => ({ onHours: 0, offHours })),
)
const anyCase: fc.Arbitrary<Case> = fc.record({
  // Steps of one hour, and steps that grow.
  hours: fc.constantFrom(hourly(6), Float64Array.of(0.25, 0.25, 0.5, 1, 1, 2), Float64Array.of(0.5, 2, 1, 0.25, 3, 1)),
  demand: fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 2, maxLength: 6 }),
  states: fc.array(state, { minLength: 1, maxLength: 3 }),
  minUpHours: fc.integer({ min: 0, max: 4 }),
  minDownHours: fc.integer({ min: 0, max: 4 }),
  onCostPerHour: fc.constantFrom(1, 7, 30),
  startCost: fc.constantFrom(0, 5, 40),
  stopCost: fc.constantFrom(0, 10),
})

describe('the commitment of equal machines', () => {
  it('costs what the best of all schedules costs, tried one by one', async () => {
    await fc.assert(
      fc.asyncProperty(anyCase, async (given) => {
        expect((await solved(given)).objective).toBeCloseTo(bruteForce(given), 6)
      }),
      { numRuns: 300, seed: 3 },
    )
  })

  it('can be carried out by machines that each keep their minimum times', async () => {
    await fc.assert(
      fc.asyncProperty(anyCase, async (given) => {
        const { on } = await solved(given)
        const each = assignRuns(on, given.states, given.hours)
        expect(on.map((_, k) => each.reduce((sum, own) => sum + own[k]!, 0))).toEqual(on.map((many) => many + 0))
        expect(each.flatMap((own, index) => dwellBreaches(own, given.states[index]!, given.hours, given))).toEqual([])
      }),
      { numRuns: 100, seed: 4 },
    )
  })
})

describe('which of equal machines runs', () => {
  const off = (offHours: number): RunState => ({ onHours: 0, offHours })
  const running = (onHours: number): RunState => ({ onHours, offHours: 0 })

  it.each([
    [
      'who has stood longest starts first',
      [1, 1],
      [off(1), off(5)],
      [
        [0, 0],
        [1, 1],
      ],
    ],
    [
      'who has run longest stops first',
      [1, 1],
      [running(2), running(7)],
      [
        [1, 1],
        [0, 0],
      ],
    ],
    [
      'who has just stopped starts last',
      [1, 0, 1],
      [running(3), off(3)],
      [
        [1, 0, 0],
        [0, 0, 1],
      ],
    ],
    ['all run where all are wanted', [2], [off(1), running(1)], [[1], [1]]],
  ])('%s', (_, on, states, expected) => {
    expect(assignRuns(Float64Array.from(on), states, hourly(24)).map((own) => Array.from(own))).toEqual(expected)
  })
})

describe('minimum times, checked on a published schedule', () => {
  const times = { minUpHours: 2, minDownHours: 1 }

  it.each([
    [
      'a run of two half hours',
      [1, 1, 0, 0],
      { onHours: 0, offHours: 9 },
      ['changes in step 2 after 1 h instead of 2 h'],
    ],
    ['a run that began before', [1, 0, 0], { onHours: 1.5, offHours: 0 }, []],
    ['a run that ends too early', [0, 0], { onHours: 1, offHours: 0 }, ['changes in step 0 after 1 h instead of 2 h']],
    [
      'half an hour of rest',
      [1, 1, 1, 1, 0, 1],
      { onHours: 0, offHours: 1 },
      ['changes in step 5 after 0.5 h instead of 1 h'],
    ],
    ['a run that the horizon cuts', [0, 1], { onHours: 0, offHours: 1 }, []],
  ])('%s', (_, on, before, expected) => {
    expect(dwellBreaches(Float64Array.from(on), before, hourly(on.length).fill(0.5), times)).toEqual(expected)
  })

  it('are counted as starts, stops and hours', () => {
    expect(countRuns(Float64Array.of(0, 1, 1, 0, 1), 1, hourly(5).fill(0.5))).toEqual({
      starts: 2,
      stops: 2,
      runningHours: 1.5,
    })
  })
})
