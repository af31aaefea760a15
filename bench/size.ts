// The speed goals of sizing: writing the matrix of 8,760 hours, the exact answer with its certificate, the quick one, on PV,
// wind, battery, genset, electrolyser, hydrogen store and fuel cell with a demand charge each month and 70 % renewable energy.

import { spawnSync } from 'node:child_process'
import { testData, testSite } from '../src/energy/park.fixture.ts'
import type { InvestmentOption } from '../src/energy/schema/index.ts'
import { previewDays } from '../src/energy/size/preview-days.ts'
import type { AlikeDays } from '../src/energy/size/share-days.ts'
import { type SizeAnswer, solveYear } from '../src/energy/size/size-answer.ts'
import { writeSizeModel } from '../src/energy/size/size-model.ts'
import { readTask, type SizeTask, type SizeYear, writeYear } from '../src/energy/size/size-year.ts'
import { type EngineContext, fixedClock, type Site, seededRandom, type TimeGrid } from '../src/kernel/index.ts'
import { createInlineSolver, createSolverPool } from '../src/solve/index.ts'
import { figure, report } from './report.ts'

const year = 8760

/** A made-up year of sun, wind, load and prices, hour by hour. */
function madeUpYear() {
  const random = seededRandom(7)
  let cloud = 0.5
  let breeze = 0.4
  const hours = Array.from({ length: year }, (_, k) => {
    const [hour, day] = [k % 24, Math.floor(k / 24)]
    if (hour === 0) cloud = Math.min(1, Math.max(0.15, cloud + 0.5 * (random.next() - 0.5)))
    breeze = Math.min(1, Math.max(0, breeze + 0.12 * (random.next() - 0.5)))
    const half = 6 - 2 * Math.cos((2 * Math.PI * day) / 365)
    const high = Math.abs(hour - 12) < half ? Math.cos(((hour - 12) / half) * (Math.PI / 2)) : 0
    return {
      sun: Math.max(0, high) * cloud,
      wind: breeze * breeze,
      load: (700 + 300 * Math.exp(-(((hour - 13) / 5) ** 2))) * (day % 7 < 5 ? 1 : 0.65) + 40 * random.next(),
      price: hour < 7 ? 0.3 : (hour >= 10 && hour < 12) || (hour >= 14 && hour < 21) ? 1.15 : 0.7,
    }
  })
  const all = (of: (hour: (typeof hours)[number]) => number): number[] => hours.map(of)
  return { sun: all((h) => h.sun), wind: all((h) => h.wind), load: all((h) => h.load), price: all((h) => h.price) }
}

const option = (asset: string, size: string, max: number, capexPerUnit: number): InvestmentOption => ({
  asset,
  size,
  min: 0,
  max,
  existing: 0,
  capexPerUnit,
  opexPerUnitYear: 0.01 * capexPerUnit,
  lifetimeYears: 20,
  subsidyShare: 0,
})
const options = [
  option('pv', 'capacityKwp', 10_000, 3000),
  option('wind', 'ratedKw', 10_000, 6500),
  option('battery', 'capacityKwh', 40_000, 900),
  option('battery', 'powerKw', 20_000, 400),
  option('genset', 'ratedKw', 3000, 1500),
  option('electrolyser', 'ratedKw', 10_000, 4000),
  option('store', 'capacityKg', 15_000, 2000),
  option('fuel-cell', 'ratedKw', 5000, 5000),
]

function madeUpSite(): { site: Site; grid: TimeGrid } {
  const { sun, wind, load, price } = madeUpYear()
  const grid = { startMs: Date.UTC(2025, 0, 1), stepMs: 3_600_000, count: year }
  const [pvKw, windKw] = [10_000, 10_000]
  const site = testSite({
    grid,
    tariff: {
      import: { spot: price },
      export: { feePerKwh: 0.25 },
      demand: [{ name: 'month', pricePerKwMonth: 40 }],
      carbonIntensity: 0.58,
      carbonPricePerKg: 0.08,
    },
    assets: {
      // What they give is of this size, and grows with it.
      pv: { kind: 'pv', capacityKwp: pvKw, production: sun.map((value) => value * pvKw) },
      wind: {
        kind: 'wind',
        ratedKw: windKw,
        hubHeightM: 80,
        powerCurve: [
          [0, 0],
          [12, windKw],
        ],
        production: wind.map((value) => value * windKw),
      },
      battery: {
        kind: 'battery',
        capacityKwh: 1000,
        maxChargeKw: 500,
        maxDischargeKw: 500,
        wear: { replacementCostPerKwh: 0 },
      },
      genset: {
        kind: 'genset',
        ratedKw: 1000,
        fuel: { pricePerUnit: 7, kgCo2ePerUnit: 2.68, perKwh: 0.24, perHourRunning: 10 },
      },
      electrolyser: { kind: 'electrolyser', ratedKw: 1000 },
      store: { kind: 'hydrogen-store', capacityKg: 1000, maxFillKgPerH: 100, maxDrawKgPerH: 100 },
      'fuel-cell': { kind: 'fuel-cell', ratedKw: 1000 },
      load: { kind: 'load', demand: load },
      grid: { kind: 'grid', importLimitKw: 2000, exportLimitKw: 500 },
    },
  })
  const investment = {
    years: 20,
    discountRate: 0.06,
    opexEscalation: 0,
    energyEscalation: 0,
    carbonEscalation: 0,
    taxRate: 0,
    minRenewableShare: 0.7,
    options,
  }
  return { site: { ...site, sections: { ...site.sections, investment } }, grid }
}

const { site, grid } = madeUpSite()
const inline = await createInlineSolver()
const contextWith = (solver: EngineContext['solver']): EngineContext =>
  ({
    solver,
    signal: new AbortController().signal,
    clock: fixedClock(0),
    data: { ...testData, site: async () => site },
    progress: () => {},
  }) as unknown as EngineContext

async function writtenWith(context: EngineContext): Promise<{ task: SizeTask; written: SizeYear }> {
  const task = await readTask({ site: 'bench' } as never, context)
  return { task, written: await writeYear(task, grid, context) }
}

async function timed<T>(work: () => Promise<T> | T): Promise<{ result: T; ms: number; cpuMs: number }> {
  const [before, cpu] = [performance.now(), process.cpuUsage()]
  const result = await work()
  const { user, system } = process.cpuUsage(cpu)
  return { result, ms: performance.now() - before, cpuMs: (user + system) / 1000 }
}

const worth = (answer: SizeAnswer, today: SizeAnswer): number => today.annualCost - answer.annualCost
const figures = []
const context = contextWith(inline)

const { task, written } = await writtenWith(context)
{
  const bare = Number(spawnSync(process.execPath, ['-p', 'process.memoryUsage.rss()'], { encoding: 'utf8' }).stdout)
  figures.push(
    figure('memory with the matrix written', {
      value: (process.memoryUsage.rss() - bare) / 1e6,
      goal: 200,
      unit: 'MB',
      note: `of the process that read the site and wrote it once, above the ${(bare / 1e6).toFixed(0)} MB of one that does nothing`,
    }),
  )
  const runs: { readonly ms: number; readonly cpuMs: number }[] = []
  // Once to warm up, then the median of seven.
  for (let k = 0; k < 8; k += 1) {
    runs.push(await timed(() => writeSizeModel(written.frame, written.assets, task.decisions, task.weights)))
  }
  const [, ...warm] = runs
  const middle = warm.sort((a, b) => a.ms - b.ms)[3]!
  const { model } = written.sizeModel
  const size = `${model.columnCount} columns, ${model.rowCount} rows, ${model.coefficient.length} nonzeros; ${middle.cpuMs.toFixed(0)} ms CPU; with what money and carbon come to`
  figures.push(figure('write the matrix of 8,760 h', { value: middle.ms, goal: 300, note: size }))
}

/** The best sizes and the year without any, one after the other or, in a pool, at once. */
async function answersOf(
  { task, written }: { task: SizeTask; written: SizeYear },
  context: EngineContext,
  alike?: AlikeDays,
): Promise<readonly [SizeAnswer, SizeAnswer]> {
  const nothing = new Map(task.decisions.map(({ id }) => [id, 0]))
  const { investment } = task.weights
  return Promise.all([
    solveYear(written, { nonRenewableKwh: 0.3 * written.demandKwh }, investment, context, alike),
    solveYear(written, { sizes: nothing }, investment, context, alike),
  ])
}

// As on the command line: from the site to both answers, with solver threads that are not there yet.
const quick = await timed(async () => {
  const pool = createSolverPool()
  const own = contextWith(pool)
  const read = await writtenWith(own)
  const answers = await answersOf(read, own, previewDays(read.written.frame, read.written.assets))
  await pool.close()
  return answers
})
const exact = await timed(() =>
  solveYear(written, { nonRenewableKwh: 0.3 * written.demandKwh }, task.weights.investment, context),
)
const today = await solveYear(
  written,
  { sizes: new Map(task.decisions.map(({ id }) => [id, 0])) },
  task.weights.investment,
  context,
)
const { certificate } = exact.result
figures.push(
  figure('full sizing, certified to 0.1 %', {
    value: exact.ms / 1000,
    goal: 90,
    unit: 's',
    note: `${(exact.cpuMs / 1000).toFixed(1)} s CPU; gap ${(100 * certificate.boundGap).toFixed(4)} %, residual ${certificate.maxResidual.toExponential(1)}`,
  }),
)
for (const [id, size] of exact.result.sizes) process.stdout.write(`  ${id} ${size.toFixed(1)}\n`)
figures.push(
  figure('preview on typical days', {
    value: quick.ms / 1000,
    goal: 3,
    unit: 's',
    note: `${(quick.cpuMs / 1000).toFixed(1)} s CPU, of which what can runs at once`,
  }),
)
const [quickBest, quickToday] = quick.result
const off = Math.abs(worth(quickBest, quickToday) / worth(exact.result, today) - 1)
figures.push(figure('net present value of the preview, off by', { value: 100 * off, goal: 2, unit: '%' }))
await inline.close()
report('size', figures)
