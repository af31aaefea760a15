import { type GridSegment, gridOfSegments, hoursOfSteps, type StepGrid } from '../../kernel/index.ts'
import { type PlanTestParkOptions, planTestPark, type SolvedPark, type TestPark } from '../park.fixture.ts'

const quarterMs = 900_000
const startMs = Date.UTC(2026, 6, 6)

/** A grid of so many quarters of an hour, and then hours. */
export const quartersThenHours = (quarters: number, hours: number): StepGrid =>
  gridOfSegments(startMs, [
    { stepMs: quarterMs, count: quarters },
    { stepMs: 4 * quarterMs, count: hours },
  ] satisfies GridSegment[])

type Park = Omit<TestPark, 'grid'>

/** Plans a test park on steps of any length; series are given as one value a step. */
export const planOnSteps = (grid: StepGrid, park: Park, options?: PlanTestParkOptions): Promise<SolvedPark> =>
  planTestPark({ ...park, grid } as TestPark, options)

/** Energy by hand: each value times the hours of its step. */
export const sumOverSteps = (values: ArrayLike<number>, hours: ArrayLike<number>): number =>
  Array.from(values).reduce((sum, value, k) => sum + value * hours[k]!, 0)

/**
 * Objectives of a park on an uneven grid of {@link quartersThenHours} and on quarters of an hour throughout, with data that
 * are constant in each long step. What can be planned on long steps can be planned on short ones, so the second is no dearer
 * where nothing is counted by the step.
 *
 * @param parkOf the park, given what lays one value a step of the uneven grid out on the grid at hand
 */
export async function objectivesOf(
  grid: StepGrid,
  parkOf: (laid: (perStep: readonly number[]) => number[]) => Park,
  options?: PlanTestParkOptions,
): Promise<{ readonly uneven: number; readonly fine: number }> {
  const quarters = Array.from(hoursOfSteps(grid), (hours) => hours * 4)
  const fineGrid: StepGrid = { startMs, stepMs: quarterMs, count: quarters.reduce((sum, count) => sum + count, 0) }
  const uneven = await planOnSteps(
    grid,
    parkOf((values) => [...values]),
    options,
  )
  const fine = await planOnSteps(
    fineGrid,
    parkOf((values) => values.flatMap((value, k) => Array<number>(quarters[k]!).fill(value))),
    options,
  )
  return { uneven: uneven.solved.solution.objective, fine: fine.solved.solution.objective }
}
