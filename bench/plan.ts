// The speed goals of a plan: model build, cold plan, warm re-plan after a price change. Prints figures, asserts nothing.
import { createFrame, formulatePark, prepareAssets, solvePark } from '../src/energy/index.ts'
import { testData, testSite } from '../src/energy/park.fixture.ts'
import { createInlineSolver } from '../src/solve/index.ts'
import { type BenchParkOptions, benchPark } from './park.ts'
import { figure, percentile, report } from './report.ts'

const runs = 20

async function prepared(options: BenchParkOptions, priceFactor = 1) {
  const park = benchPark(options)
  const tariff = park.tariff as { import: { spot: number[] } }
  const spot = tariff.import.spot.map((price) => price * priceFactor)
  const site = testSite({ ...park, tariff: { ...tariff, import: { spot } } })
  const frame = await createFrame(site, park.grid, testData)
  return { frame, assets: await prepareAssets(frame, testData) }
}

const settings = { relativeGap: 1e-3, timeLimitMs: 30_000 }
const figures = []

{
  const { frame, assets } = await prepared({ vehicles: 20, gensets: 1 })
  const times: number[] = []
  let size = ''
  for (let k = 0; k < runs; k += 1) {
    const before = performance.now()
    const { model } = formulatePark(frame, assets).builder.build()
    times.push(performance.now() - before)
    size = `${model.columnCount} columns, ${model.rowCount} rows, ${model.coefficient.length} nonzeros`
  }
  figures.push(figure('model build, 96 steps', { value: percentile(times, 0.5), goal: 10, note: size }))
}
for (const { name, vehicles, gensets } of [
  { name: '20 EVs, 2 gensets', vehicles: 20, gensets: 2 },
  { name: '20 EVs, 1 genset', vehicles: 20, gensets: 1 },
]) {
  const cold: number[] = []
  const warm: number[] = []
  const solver = await createInlineSolver()
  for (let k = 0; k < 10; k += 1) {
    const { frame, assets } = await prepared({ vehicles, gensets }, 1 + k / 100)
    const before = performance.now()
    await solvePark(formulatePark(frame, assets), { ...settings, solver, sessionKey: `cold${k}` })
    cold.push(performance.now() - before)
  }
  for (let k = 0; k < runs; k += 1) {
    const { frame, assets } = await prepared({ vehicles, gensets }, 1 + k / 200)
    const before = performance.now()
    await solvePark(formulatePark(frame, assets), { ...settings, solver, sessionKey: 'warm' })
    if (k > 0) warm.push(performance.now() - before)
  }
  figures.push(
    figure(`cold plan, ${name}, gap 0.1 %`, { value: percentile(cold, 0.95), goal: 1500, note: 'p95 of 10' }),
  )
  figures.push(
    figure(`warm re-plan after a price change, ${name}`, {
      value: percentile(warm, 0.5),
      goal: 50,
      note: `median; p95 ${percentile(warm, 0.95).toFixed(1)} ms`,
    }),
  )
  await solver.close()
}
// Two gensets, an electrolyser and a reserve wish, over 24 days of unlike prices, with vehicles that can all be served.
for (const { vehicles, coldGoal } of [
  { vehicles: 20, coldGoal: 3000 },
  { vehicles: 100, coldGoal: 6000 },
]) {
  const name = `${vehicles} EVs, 2 gensets, electrolyser`
  const park = { vehicles, gensets: 2, hydrogen: true, attainable: true }
  const cold: number[] = []
  const warm: number[] = []
  /** Processor time: what a busy machine does not stretch as it does the clock. */
  const busy = new Map<readonly number[], number[]>()
  let size = ''
  let worstGap = 0
  const solver = await createInlineSolver()
  for (let priceSeed = 1; priceSeed <= 24; priceSeed += 1) {
    for (const [times, factor] of [
      [cold, 1],
      [warm, 1.01],
    ] as const) {
      const { frame, assets } = await prepared({ ...park, priceSeed }, factor)
      const before = performance.now()
      const cpuBefore = process.cpuUsage()
      const { model, certificate } = await solvePark(formulatePark(frame, assets), {
        ...settings,
        solver,
        sessionKey: `hydrogen${priceSeed}`,
      })
      times.push(performance.now() - before)
      const { user, system } = process.cpuUsage(cpuBefore)
      const own = busy.get(times) ?? []
      busy.set(times, own)
      own.push((user + system) / 1000)
      worstGap = Math.max(worstGap, certificate.boundGap)
      size = `${model.columnCount} columns, ${model.rowCount} rows, ${model.integrality.reduce((sum, is) => sum + is, 0)} integers`
    }
  }
  const spread = (times: readonly number[]): string =>
    `p95 of 24, median ${percentile(times, 0.5).toFixed(0)} ms; processor p95 ${percentile(busy.get(times) ?? [], 0.95).toFixed(0)} ms, median ${percentile(busy.get(times) ?? [], 0.5).toFixed(0)} ms; gap at most ${(100 * worstGap).toFixed(3)} %`
  figures.push(
    figure(`cold plan, ${name}`, { value: percentile(cold, 0.95), goal: coldGoal, note: `${spread(cold)}; ${size}` }),
  )
  figures.push(figure(`warm re-plan, ${name}`, { value: percentile(warm, 0.95), goal: 1000, note: spread(warm) }))
  await solver.close()
}
report('plan', figures)
