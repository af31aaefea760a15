// Day-ahead load forecasts on measured loads with a rolling origin, beside naive ones, boosted trees alone (tuned) and, where
// Python has it, LightGBM (tuned, on the same features and origins). Needs ../shared/data; says so where it is absent.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fitEnsemble } from '../src/energy/forecast/ensemble.ts'
import { createFeatures, type Features } from '../src/energy/forecast/features.ts'
import { noPause } from '../src/energy/forecast/pause.ts'
import { backtest, usualLearning } from '../src/energy/forecast/proof/backtest.ts'
import * as score from '../src/energy/forecast/proof/scores.ts'
import { actualAfter, walkOrigins } from '../src/energy/forecast/proof/walk.ts'
import { type RealLoadName, readRealLoad, realLoadsPresent } from '../src/energy/forecast/real-load.fixture.ts'
import { fittedSimple, lookUp, naiveDay, naiveWeek, type SimpleMethod } from '../src/energy/forecast/simple-methods.ts'
import type { ForecastTask } from '../src/energy/forecast/task.ts'
import { originsBefore } from '../src/energy/forecast/training-rows.ts'
import { candidates, teachBoost, tuneBoost, validationDays } from '../src/energy/forecast/tuned-boost.fixture.ts'
import { seededRandom } from '../src/kernel/index.ts'
import { figure, report } from './report.ts'

/** Days forecast and scored, days before them that teach combination and calibration, days between two learnings. */
const trials: Readonly<
  Record<RealLoadName, { readonly days: number; readonly refit: number; readonly title: string }>
> = {
  steel: { days: 70, refit: 14, title: 'steel plant, 15 min, kW' },
  ausgrid: { days: 70, refit: 14, title: 'Ausgrid customer 12, 30 min, kW' },
  victoria: { days: 182, refit: 28, title: 'Victoria, 30 min, MW' },
}
const warmUp = 28
const levels = [0.1, 0.5, 0.9]

interface Line {
  readonly data: string
  readonly method: string
  readonly mae: number
  readonly nmae: number
  readonly pinball: number
  readonly coverage80: number
}

const lineOf = (data: string, method: string, sums: score.ScoreSums): Line => ({
  data,
  method,
  mae: score.meanAbsoluteError(sums),
  nmae: score.normalisedError(sums),
  pinball: score.meanPinball(sums),
  coverage80: score.coverage(sums),
})

/** A naive forecast with the calibration that energy.forecast has. */
async function naive(task: ForecastTask, walked: readonly number[], method: SimpleMethod): Promise<score.ScoreSums> {
  const forecasts = await walkOrigins(walked, walked.length, () => fittedSimple(method, task))
  const sums = (await backtest(task, forecasts, warmUp, { ...usualLearning, levels })).scores
  const plain = score.noScores()
  for (const { origin } of forecasts.slice(warmUp))
    score.addScores(plain, actualAfter(task, origin, task.values.length), lookUp(method, task, origin))
  // As a naive forecast is known: its error without calibration, its quantiles with.
  return { ...sums, absolute: plain.absolute, squared: plain.squared }
}

/** Boosted trees as they come, and with the calibration that energy.forecast has. */
async function boostedAlone(task: ForecastTask, features: Features, walked: readonly number[], refit: number) {
  const options = await tuneBoost(task, features, walked[warmUp]!)
  const forecasts = await walkOrigins(walked, refit, (before) =>
    teachBoost(task, features, options, { before, levels }),
  )
  const plain = score.noScores()
  for (const { origin, forecast } of forecasts.slice(warmUp)) {
    const actual = actualAfter(task, origin, task.values.length)
    score.addScores(plain, actual, forecast.points[0]!, { levels, values: forecast.spreads[0]!.quantiles })
  }
  const calibrated = await backtest(task, forecasts, warmUp, { ...usualLearning, levels })
  return { plain, calibrated: calibrated.scores, leaves: options.leaves, trees: options.trees }
}

/** LightGBM in Python over the same rows; undefined where there is none. */
function lightGbm(task: ForecastTask, features: Features, origins: readonly number[], refit: number): Line | undefined {
  const python = process.env.MANGROVE_PEER_PYTHON ?? 'python3'
  if (spawnSync(python, ['-c', 'import lightgbm, numpy']).status !== 0) return undefined
  const folder = mkdtempSync(join(tmpdir(), 'mangrove-lightgbm-'))
  try {
    const all = [...originsBefore(task, origins[0]!), ...origins]
    const width = features.names.length
    const rows = all.length * task.horizon
    const values = new Float64Array(rows * width)
    const targets = new Float64Array(rows)
    const steps = new Float64Array(rows)
    all.forEach((origin, index) => {
      for (let k = 0; k < task.horizon; k += 1) {
        const row = index * task.horizon + k
        features.fill(origin, origin + k, values, row * width)
        targets[row] = task.values[origin + k] ?? Number.NaN
        steps[row] = origin + k
      }
    })
    writeFileSync(join(folder, 'values'), values)
    writeFileSync(join(folder, 'targets'), targets)
    writeFileSync(join(folder, 'steps'), steps)
    const { horizon } = task
    const about = {
      width,
      horizon,
      origins: all,
      tested: origins,
      refit,
      levels,
      validationDays,
      slots: horizon,
      candidates,
    }
    writeFileSync(join(folder, 'about.json'), JSON.stringify(about))
    const ended = spawnSync(python, ['-W', 'ignore', join(import.meta.dirname, 'peers/forecast_lightgbm.py'), folder], {
      encoding: 'utf8',
      env: { ...process.env, OMP_NUM_THREADS: '1' },
    })
    if (ended.status !== 0) throw new Error(ended.stderr)
    return JSON.parse(ended.stdout)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function trial(name: RealLoadName) {
  const { days, refit, title } = trials[name]
  const task = await readRealLoad(name)
  const features = createFeatures(task)
  const end = task.values.length - task.horizon
  const walked = [...originsBefore(task, end), end].slice(-(days + warmUp))
  const tested = walked.slice(warmUp)
  const times: number[] = []
  const forecasts = await walkOrigins(walked, refit, async (before) => {
    const started = performance.now()
    const fitted = await fitEnsemble(task, features, { before, levels, random: seededRandom(1), pause: noPause })
    times.push(performance.now() - started)
    return fitted
  })
  const own = await backtest(task, forecasts, warmUp, { ...usualLearning, levels })
  const boosted = await boostedAlone(task, features, walked, refit)
  const peer = lightGbm(task, features, tested, refit)
  const lines = [
    lineOf(title, 'same time last day', await naive(task, walked, naiveDay)),
    lineOf(title, 'same time last week', await naive(task, walked, naiveWeek)),
    lineOf(title, `boosted alone, tuned (${boosted.leaves} leaves, ${boosted.trees} trees)`, boosted.plain),
    lineOf(title, 'the same, calibrated', boosted.calibrated),
    ...(peer ? [{ ...peer, data: title }] : []),
    lineOf(title, 'energy.forecast', own.scores),
  ]
  return { title, lines, times, learntFrom: originsBefore(task, end).length * task.horizon }
}

const show = ({ data, method, mae, nmae, pinball, coverage80 }: Line, best: number): string =>
  [
    data.padEnd(32),
    method.padEnd(44),
    mae.toPrecision(4).padStart(8),
    `${(100 * nmae).toFixed(2)} %`.padStart(9),
    Number.isNaN(pinball) ? '—'.padStart(9) : pinball.toPrecision(4).padStart(9),
    Number.isNaN(coverage80) ? '—'.padStart(8) : `${(100 * coverage80).toFixed(1)} %`.padStart(8),
    `×${(mae / best).toFixed(3)}`.padStart(8),
  ].join(' ')

if (realLoadsPresent()) {
  const figures = []
  const head = ['data', 'method', 'MAE', 'nMAE', 'pinball', 'in 80 %', 'to ours']
  process.stdout.write(
    `${[head[0]!.padEnd(32), head[1]!.padEnd(44), head[2]!.padStart(8), head[3]!.padStart(9), head[4]!.padStart(9), head[5]!.padStart(8), head[6]!.padStart(8)].join(' ')}\n`,
  )
  const table: Line[] = []
  const asked = process.argv.slice(2)
  for (const name of Object.keys(trials) as RealLoadName[]) {
    if (asked.length > 0 && !asked.includes(name)) continue
    const { title, lines, times, learntFrom } = await trial(name)
    const ours = lines.at(-1)!.mae
    for (const line of lines) process.stdout.write(`${show(line, ours)}\n`)
    if (lines.some(({ mae, method }) => method !== 'energy.forecast' && mae <= ours)) process.exitCode = 1
    table.push(...lines)
    const median = times.toSorted((a, b) => a - b)[times.length >> 1]!
    // Seconds for a year of hours or nine months of quarter-hours; Victoria has three years of half-hours.
    const goal = learntFrom > 30_000 ? 12_000 : 5_000
    figures.push(figure(`learning once, ${title}`, { value: median, goal, note: `${learntFrom} steps at most` }))
  }
  process.stdout.write(`${JSON.stringify({ bench: 'forecast', table })}\n`)
  report('forecast', figures)
} else process.stdout.write('The measured loads of ../shared/data are not here; nothing was measured.\n')
