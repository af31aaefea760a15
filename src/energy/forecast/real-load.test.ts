import { beforeAll, describe, expect, it } from 'vitest'
import { seededRandom } from '../../kernel/index.ts'
import { fitEnsemble } from './ensemble.ts'
import { createFeatures } from './features.ts'
import type { Fitted } from './method.ts'
import { noPause } from './pause.ts'
import { backtest, usualLearning } from './proof/backtest.ts'
import { addScores, coverage, meanAbsoluteError, meanPinball, noScores, type ScoreSums } from './proof/scores.ts'
import { actualAfter, walkOrigins } from './proof/walk.ts'
import { lastDays, type RealLoadName, readRealLoad, realLoads, realLoadsPresent } from './real-load.fixture.ts'
import { fittedSimple, naiveDay, naiveWeek } from './simple-methods.ts'
import { originsBefore } from './training-rows.ts'
import { type BoostOptions, usualBoost } from './trees/boost.ts'
import { teachBoost } from './tuned-boost.fixture.ts'

const levels = [0.1, 0.5, 0.9]

interface Trial {
  /** Days of the file that are looked at, its last ones. */
  readonly history: number
  /** Days forecast and scored, the last of all; before them days that teach combination and calibration. */
  readonly days: number
  readonly warmUp: number
  /** Days after which a method learns anew. */
  readonly refit: number
  /** What `bench/forecast.ts` found best on the eight weeks before the days scored. */
  readonly boost: Partial<BoostOptions>
}

const trials: Readonly<Record<RealLoadName, Trial>> = {
  steel: {
    ...{ history: 273, days: 70, warmUp: 28, refit: 98 },
    boost: { leaves: 31, trees: 150, leastRows: 40, featureShare: 0.5 },
  },
  ausgrid: { history: 184, days: 70, warmUp: 28, refit: 35, boost: {} },
  victoria: {
    ...{ history: 300, days: 70, warmUp: 28, refit: 98 },
    boost: { leaves: 15, trees: 300, leastRows: 40, featureShare: 0.5 },
  },
}

/** A short form of `bench/forecast.ts`: a rolling origin, one forecast a day. */
async function compare(name: RealLoadName) {
  const { history, days, warmUp, refit, boost } = trials[name]
  const task = lastDays(await readRealLoad(name), history, realLoads[name].holidays)
  const features = createFeatures(task)
  const end = task.values.length - task.horizon
  const walked = [...originsBefore(task, end), end].slice(-(days + warmUp))
  const calibrated = async (teach: (before: number) => Fitted | Promise<Fitted>): Promise<ScoreSums> => {
    const forecasts = await walkOrigins(walked, refit, teach)
    return (await backtest(task, forecasts, warmUp, { ...usualLearning, levels })).scores
  }
  const boosted = noScores()
  const options = { ...usualBoost, ...boost }
  const alone = await walkOrigins(walked.slice(warmUp), refit, (before) =>
    teachBoost(task, features, options, { before, levels }),
  )
  for (const { origin, forecast } of alone) {
    const actual = actualAfter(task, origin, task.values.length)
    addScores(boosted, actual, forecast.points[0]!, { levels, values: forecast.spreads[0]!.quantiles })
  }
  const random = seededRandom(1)
  return {
    steps: days * task.horizon,
    own: await calibrated((before) => fitEnsemble(task, features, { before, levels, random, pause: noPause })),
    day: await calibrated(() => fittedSimple(naiveDay, task)),
    week: await calibrated(() => fittedSimple(naiveWeek, task)),
    boosted,
  }
}

/** The others take most of a minute: `MANGROVE_REAL_LOADS=all`. `bench/forecast.ts` walks all of them at full length. */
const tried: readonly RealLoadName[] =
  process.env.MANGROVE_REAL_LOADS === 'all' ? (Object.keys(trials) as RealLoadName[]) : ['steel']

describe.skipIf(!realLoadsPresent())('measured loads, day ahead (skipped without ../shared/data)', () => {
  describe.each(tried)('%s', (name) => {
    let found: Awaited<ReturnType<typeof compare>>
    beforeAll(async () => {
      found = await compare(name)
    }, 300_000)

    it('scores every step of every day', () => {
      for (const { count } of [found.own, found.day, found.week, found.boosted]) expect(count).toBe(found.steps)
    })

    it.each(['day', 'week'] as const)(
      'is far better than same time last %s, whose quantiles are calibrated alike',
      (peer) => {
        expect(meanAbsoluteError(found.own)).toBeLessThan(0.8 * meanAbsoluteError(found[peer]))
        expect(meanPinball(found.own)).toBeLessThan(0.8 * meanPinball(found[peer]))
      },
    )

    it('is better than tuned boosted trees alone', () => {
      expect(meanAbsoluteError(found.own)).toBeLessThan(meanAbsoluteError(found.boosted))
      expect(meanPinball(found.own)).toBeLessThan(meanPinball(found.boosted))
    })

    it('holds 75 to 85 % in its 80 % intervals', () => {
      expect(coverage(found.own)).toBeGreaterThan(0.75)
      expect(coverage(found.own)).toBeLessThan(0.85)
    })
  })
})
