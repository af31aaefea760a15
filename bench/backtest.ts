// The goals of rolling control: cost against perfect foresight and a tuned rule, time of a plan, a year of the rule.
// A week by default; `--year` runs the 8,760 plans of a year on the example. What needs ../shared is left out without it.
import { copyFileSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  createController,
  createForecaster,
  type ForecastMode,
  ruleSetpoints,
  selfConsumption,
} from '../src/energy/control/index.ts'
import { openSpan, runControlled, runRule, type Span, settleRun, tuneRule } from '../src/energy/simulate/index.ts'
import { packs } from '../src/packs.ts'
import { createInlineSolver } from '../src/solve/index.ts'
import { createFileData } from '../src/store/index.ts'
import { type Figure, figure, percentile, report } from './report.ts'

const root = join(import.meta.dirname, '..')
const shared = join(root, '../shared/data/energy')
const year = process.argv.includes('--year')
const stepMs = 900_000
const dayMs = 86_400_000
const signal = new AbortController().signal
const pause = async (): Promise<void> => undefined
const never = Number.POSITIVE_INFINITY

/** The steel plant of ../shared with the Korean spot price, a roof and a battery. */
function steelSite(): { folder: string; file: string } | undefined {
  const files = {
    'load.csv': 'load/KR_steel_plant_15min_2018_jan_sep.csv',
    'price.csv': 'price/KR_2023_hourly_usd_mwh.csv',
  }
  if (!Object.values(files).every((file) => existsSync(join(shared, file)))) return undefined
  const folder = mkdtempSync(join(tmpdir(), 'mangrove-backtest-'))
  for (const [name, file] of Object.entries(files)) copyFileSync(join(shared, file), join(folder, name))
  const file = join(folder, 'site.yaml')
  writeFileSync(
    file,
    `id: steel
name: Steel plant
location: { latitude: 37.5, longitude: 127, altitudeM: 30 }
zone: Asia/Seoul
currency: USD
assets:
  grid: { kind: grid, importLimitKw: 1000, exportLimitKw: 100 }
  battery: { kind: battery, capacityKwh: 800, maxChargeKw: 250, maxDischargeKw: 250, wear: { replacementCostPerKwh: 60 } }
  plant:
    kind: load
    demand: { file: load.csv, column: Usage_kWh, unit: kWh, per: step, time: { column: date, format: DD/MM/YYYY HH:mm, label: end } }
tariff:
  import:
    spot: { file: price.csv, column: Price (USD/MWh), unit: USD/MWh, time: { column: Datetime (UTC), zone: UTC }, align: weekday }
    feePerKwh: 0.02
  demand: [{ name: maximum demand, pricePerKwMonth: 6, peakSoFarKw: 300 }]
`,
  )
  return { folder, file }
}

const data = await createFileData({ packs })
const solver = await createInlineSolver()
const figures: Figure[] = []

async function weekOf(name: string, siteFile: string, at: string, modes: readonly ForecastMode[], days = 7) {
  const site = await data.site(siteFile)
  const grid = { startMs: Date.parse(at), stepMs, count: Math.round((days * dayMs) / stepMs) }
  const span = await openSpan(site, grid, data, { historyDays: 36, aheadSteps: 192, signal })
  const idle = new Map(site.assets.filter(({ kind }) => kind === 'battery').map(({ id }) => [id, 0]))
  const none = await runRule(span, span.site, span.assets, () => ({ setpointKw: idle }), { pause })
  const meter = site.assets.find(({ kind }) => kind === 'grid')
  const highestKw = Math.max(0, ...(meter ? none.series.get(`${meter.id}.powerKw`)! : []))
  const tuned = settleRun(span.frame, (await tuneRule(span, highestKw, pause)).run)
  const perfect = settleRun(
    span.frame,
    await control(span, 'perfect', { hours: 24 * days, everyMinutes: 1440 * days, patient: true }),
  )
  for (const mode of modes) {
    const run = await control(span, mode, { hours: 24, everyMinutes: 60 })
    const settled = settleRun(span.frame, run)
    const regret = (100 * (settled.total - perfect.total)) / Math.abs(perfect.total)
    const saved = (100 * (tuned.total - settled.total)) / Math.abs(tuned.total)
    const note = `${settled.total.toFixed(0)} against ${perfect.total.toFixed(0)}; unserved ${settled.unservedKwh.toFixed(1)} kWh; kept ${run.kept}, rule ${run.ruled} of ${run.replans}`
    figures.push(figure(`${name}, forecast ${mode}: above perfect`, { value: regret, goal: 1, unit: '%', note }))
    // Less is better in this report: the cost as a share of the rule’s, of which the goal is 97 %.
    figures.push(
      figure(`${name}, forecast ${mode}: of the tuned rule`, {
        value: 100 - saved,
        goal: 97,
        unit: '%',
        note: `rule ${tuned.total.toFixed(0)}`,
      }),
    )
    figures.push(
      figure(`${name}, forecast ${mode}: one plan`, {
        value: percentile(run.solveMs, 0.95),
        goal: 800,
        note: `p95 in one thread; median ${percentile(run.solveMs, 0.5).toFixed(0)} ms, worst ${percentile(run.solveMs, 1).toFixed(0)} ms`,
      }),
    )
  }
}

const control = (
  span: Span,
  mode: ForecastMode,
  { hours, everyMinutes, patient = false }: { hours: number; everyMinutes: number; patient?: boolean },
) =>
  runControlled(span, {
    controller: createController({
      horizon: patient ? [{ steps: hours * 4, minutes: 15 }] : { hours, fromMinutes: 15 },
      ...(mode === 'perfect' ? { peakReserve: null } : {}),
      ...(patient ? { timeLimitMs: 120_000, relativeGap: 1e-4, method: 'interior-point' as const } : {}),
    }),
    foresee: createForecaster(mode, { zone: span.site.zone, holidays: [], noiseShare: 0.1, seed: 1 }),
    solver,
    signal,
    pause,
    everyMinutes,
    events: patient
      ? { netLoadKw: never, soc: never, priceShare: never }
      : { netLoadKw: never, soc: 0.1, priceShare: 0.01 },
    patient: true,
  })

const liyang = join(root, 'examples/liyang-park/site.yaml')
await weekOf('Liyang', liyang, '2026-07-06T00:00+08:00', ['similar-day', 'perfect'], year ? 7 : 3)
const steel = steelSite()
if (steel) {
  await weekOf('steel plant', steel.file, '2018-06-04T00:00+09:00', ['similar-day', 'noisy', 'perfect'])
  rmSync(steel.folder, { recursive: true })
}

{
  const site = await data.site(liyang)
  const grid = { startMs: Date.parse('2026-01-01T00:00+08:00'), stepMs, count: 35_040 }
  const span = await openSpan(site, grid, data, { historyDays: 0, aheadSteps: 0, signal })
  const before = performance.now()
  await runRule(span, span.site, span.assets, ruleSetpoints(span.site, span.frame, selfConsumption), { pause })
  figures.push(figure('a year of the rule, 35,040 steps', { value: performance.now() - before, goal: 2000 }))
  if (year) {
    const began = performance.now()
    const run = await control(span, 'similar-day', { hours: 24, everyMinutes: 60 })
    const note = `${run.replans} plans, kept ${run.kept}, rule ${run.ruled}; one thread`
    figures.push(
      figure('a year of hourly plans', { value: (performance.now() - began) / 1000, goal: 7200, unit: 's', note }),
    )
  }
}
await solver.close()
report('backtest', figures)
