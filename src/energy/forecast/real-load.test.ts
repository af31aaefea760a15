import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../kernel/index.ts'
import { fitEnsemble } from './ensemble.ts'
import { createFeatures } from './features.ts'
import { noPause } from './pause.ts'
import { backtest, usualLearning } from './proof/backtest.ts'
import { addScores, coverage, meanAbsoluteError, meanPinball, noScores } from './proof/scores.ts'
import { actualAfter, walkOrigins } from './proof/walk.ts'
import { lastDays, type RealLoadName, readRealLoad, realLoads, realLoadsPresent } from './real-load.fixture.ts'
import { originsBefore } from './training-rows.ts'
import { teachBoost, tuneBoost } from './tuned-boost.fixture.ts'

const levels = [0.1, 0.5, 0.9]
const warmUp = 14
const days = 21

/** A small window of `bench/forecast.ts`: the last three weeks of a file, learnt from `history` days, learnt anew once. */
async function compare(name: RealLoadName, history: number) {
  const task = lastDays(await readRealLoad(name), history, realLoads[name].holidays)
  const features = createFeatures(task)
  const end = task.values.length - task.horizon
  const walked = [...originsBefore(task, end), end].slice(-(days + warmUp))
  const tested = walked.slice(warmUp)
  const forecasts = await walkOrigins(walked, warmUp, (before) =>
    fitEnsemble(task, features, { before, levels, random: seededRandom(1), pause: noPause }),
  )
  const own = await backtest(task, forecasts, warmUp, { ...usualLearning, levels })
  const options = await tuneBoost(task, features, tested[0]!)
  const boosted = noScores()
  for (const { origin, forecast } of await walkOrigins(tested, warmUp, (before) =>
    teachBoost(task, features, options, { before, levels: [0.5] }),
  ))
    addScores(boosted, actualAfter(task, origin, task.values.length), forecast.points[0]!)
  return {
    mae: meanAbsoluteError(own.scores),
    pinball: meanPinball(own.scores),
    covered: coverage(own.scores),
    naive: meanAbsoluteError(own.naive),
    boosted: meanAbsoluteError(boosted),
    count: own.scores.count,
  }
}

describe.skipIf(!realLoadsPresent())('measured loads, day ahead (skipped without ../shared/data)', () => {
  it.each([
    ['steel', 120],
    ['ausgrid', 184],
    ['victoria', 240],
  ] as const)(
    '%s: better than naive and than tuned boosted trees alone; 80 %% intervals hold 80 ± 8 %%',
    async (name, history) => {
      const found = await compare(name, history)
      console.log(name, found)
      expect(found.count).toBe(days * (86_400_000 / (await readRealLoad(name)).calendar.grid.stepMs))
      expect(found.mae).toBeLessThan(0.85 * found.naive)
      expect(found.mae).toBeLessThan(found.boosted)
      expect(Math.abs(found.covered - 0.8)).toBeLessThan(0.08)
    },
  )
})
