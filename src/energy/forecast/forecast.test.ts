import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  createSeriesReader,
  type DataPort,
  MangroveError,
  type Problem,
  readSite,
  runEngine,
  systemClock,
} from '../../kernel/index.ts'
import { energyPack } from '../pack.ts'
import type { ForecastOutput, ForecastTarget } from '../schema/index.ts'
import { forecastEngine } from './forecast.ts'
import { madeLoad, originOf } from './made-load.fixture.ts'

const site = (assets: string, zone = 'UTC', weather = ''): string => `id: test
name: Test
location: { latitude: 52.5, longitude: 13.4, altitudeM: 40 }
zone: ${zone}
currency: EUR
${weather}assets:
  grid: { kind: grid, title: Grid, importLimitKw: 500 }
${assets}`

const normals = `weather:
  synthetic:
    seed: 3
    monthly:
      ghiKwhPerM2Day: [0.7, 1.3, 2.6, 4.1, 5.2, 5.6, 5.3, 4.5, 3.1, 1.7, 0.8, 0.5]
      temperatureC: [0.5, 1.5, 5, 9.5, 14.5, 17.5, 19.5, 19, 15, 10, 5, 2]
      windSpeedMPerS: [4, 4, 4, 3.5, 3, 3, 3, 3, 3, 3.5, 3.5, 4]
`
const measuredLoad = `  works:
    kind: load
    title: Works
    demand: { file: load.csv, column: kw, unit: kW, time: { column: time } }
`

/** A data port over texts in memory, as the shells have one over files. */
function dataOf(text: string, files: Readonly<Record<string, string>> = {}): DataPort {
  const readText = async (file: string): Promise<string> => {
    const found = files[file]
    if (found === undefined) throw new Error(`no file ${file}`)
    return found
  }
  return {
    site: async (_, changes) => readSite(text, { file: 'site.yaml', packs: [energyPack], changes }),
    series: createSeriesReader({ readText: (_, file) => readText(file) }),
    text: (_, file) => readText(file),
  }
}

async function run(data: DataPort, input: Readonly<Record<string, unknown>>): Promise<ForecastOutput> {
  const solver = { solve: () => Promise.reject(new Error('a forecast solves nothing')) } as never
  const { output } = await runEngine<ForecastOutput>(
    forecastEngine,
    { site: 'test', ...input },
    { data, solver, clock: systemClock },
  )
  return output
}

async function problemOf(running: Promise<unknown>): Promise<Problem> {
  const error = await running.then(
    () => new Error('nothing was refused'),
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof MangroveError)) throw error
  return error.problems[0]!
}

const task = madeLoad({ days: 45, noise: 2 })
const at = new Date(task.calendar.grid.startMs + originOf(task) * 3_600_000).toISOString()
const known = Array.from(task.values.subarray(0, originOf(task)))
const hours = (values: readonly (number | null)[], unit = 'kW') => ({
  values,
  start: '2024-01-01T00:00',
  step: '1h',
  unit,
})
const asCsv = (values: readonly (number | null)[]): string =>
  `time,kw\n${values.map((value, k) => `${new Date(task.calendar.grid.startMs + k * 3_600_000).toISOString()},${value ?? ''}`).join('\n')}\n`
const plain = dataOf(site(measuredLoad), { 'load.csv': asCsv(known) })
/** Learning takes a second: what several tests look at is learnt once. */
let learnt: Promise<ForecastOutput> | undefined
const ofFile = (): Promise<ForecastOutput> => {
  learnt ??= run(plain, { at, step: '1h' })
  return learnt
}
const codes = ({ reasons }: ForecastTarget): readonly string[] => reasons.map(({ code }) => code)

describe('energy.forecast of a load', { timeout: 180_000 }, () => {
  it('learns from the file that the site names and tells how well it did', async () => {
    const output = await ofFile()
    const [works] = output.targets as [ForecastTarget]
    expect(output).toMatchObject({ site: 'test', steps: 24, stepMinutes: 60, start: '2024-02-15T00:00:00+00:00' })
    expect(works).toMatchObject({ id: 'works', kind: 'load', unit: 'kW', method: 'ensemble', synthetic: false })
    expect(works.trainedOn).toMatchObject({ from: '2024-01-01T00:00:00+00:00', steps: 1080, missing: 0 })
    expect(works.quantiles.map(({ level }) => level)).toEqual([0.1, 0.5, 0.9])
    expect(works.quantiles[1]!.values).toEqual(works.values)
    works.values.forEach((value, k) => {
      expect(works.quantiles[0]!.values[k]).toBeLessThanOrEqual(value!)
      expect(works.quantiles[2]!.values[k]).toBeGreaterThanOrEqual(value!)
      expect(Math.abs(value! - task.values[originOf(task) + k]!)).toBeLessThan(12)
    })
    expect(works.backtest!.skill).toBeGreaterThan(0)
    expect(works.backtest!.coverage).toMatchObject({ from: 0.1, to: 0.9 })
    expect(codes(works)).toEqual(['forecast.ensemble'])
  })

  it('is the same whatever the file says of the time after the start', async () => {
    const ahead = [...known, ...Array.from({ length: 24 }, () => 1e6)]
    const other = dataOf(site(measuredLoad), { 'load.csv': asCsv(ahead) })
    expect(await run(other, { at, step: '1h' })).toEqual(await ofFile())
  })

  it('takes measurements from the input before those of the site', async () => {
    const stated = dataOf(site('  works: { kind: load, title: Works, demand: 70 }\n'))
    const measured = await run(stated, { at, step: '1h', measured: { works: hours(known) } })
    expect(measured.targets[0]!.values).toEqual((await ofFile()).targets[0]!.values)
  })

  it('converts units and refuses those that measure something else', async () => {
    const inMegawatts = await run(plain, {
      at,
      step: '1h',
      series: hours(
        known.map((kw) => kw / 1000),
        'MW',
      ),
    })
    const inKilowatts = await ofFile()
    expect(inMegawatts.targets[0]).toMatchObject({ id: 'series', kind: 'series', unit: 'kW' })
    inMegawatts.targets[0]!.values.forEach((value, k) => {
      expect(value).toBeCloseTo(inKilowatts.targets[0]!.values[k]!, 3)
    })
    const problem = await problemOf(run(plain, { at, step: '1h', series: hours(known, 'degC') }))
    expect(problem.place).toMatchObject({ path: 'series' })
    expect(JSON.stringify(problem)).toMatch(/degC/)
  })

  it('goes on over lost hours and says how many there were', async () => {
    const holed = known.map((value, k) => (k % 10 === 3 ? null : value))
    const [works] = (await run(plain, { at, step: '1h', series: hours(holed) })).targets as [ForecastTarget]
    expect(works.method).toBe('ensemble')
    expect(works.trainedOn).toMatchObject({ steps: 972, missing: 108 })
    expect(works.reasons).toContainEqual(expect.objectContaining({ code: 'forecast.gaps', values: { percent: 10 } }))
  })

  it('says that the last value is old', async () => {
    const [works] = (await run(plain, { at, step: '1h', series: hours(known.slice(0, -60)) })).targets as [
      ForecastTarget,
    ]
    expect(works.reasons).toContainEqual(expect.objectContaining({ code: 'forecast.stale', values: { days: 2.5 } }))
    expect(works.values.every((value) => value !== null)).toBe(true)
  })

  it.each([
    [20, 'similar-day'],
    [4, 'seasonal-naive'],
    [1, 'persistence'],
  ] as const)('names the simpler method that %i days allow: %s', async (days, method) => {
    const few = hours(known).values.slice(-24 * days)
    const start = new Date(Date.parse(at) - days * 86_400_000).toISOString()
    const [target] = (await run(plain, { at, step: '1h', hours: 72, series: { ...hours(few), start } })).targets as [
      ForecastTarget,
    ]
    expect(target.method).toBe(method)
    expect(target.values).toHaveLength(72)
    expect(target.values.every((value) => value !== null)).toBe(true)
    expect(target.reasons[0]).toMatchObject({ code: 'forecast.short-history', values: { method, days } })
    expect(codes(target).includes('forecast.no-quantiles')).toBe(target.quantiles.length === 0)
  })

  it('says of a stated profile that nothing was learnt, and gives no quantiles', async () => {
    const stated = dataOf(site('  works: { kind: load, title: Works, demand: [40, 60] }\n'))
    const [works] = (await run(stated, { at, step: '1h' })).targets as [ForecastTarget]
    expect(works).toMatchObject({ method: 'stated', quantiles: [], backtest: null, trainedOn: null })
    expect([works.values[0], works.values[12]]).toEqual([40, 60])
    expect(codes(works)).toEqual(['forecast.stated'])
  })

  it.each(['2026-03-29', '2026-10-25'])('keeps the clock on %s in Berlin, a day of 23 or 25 hours', async (day) => {
    const from = new Date(Date.parse(day) - 45 * 86_400_000).toISOString().slice(0, 10)
    const own = madeLoad({ days: 45, zone: 'Europe/Berlin', from, noise: 1 })
    const origin = originOf(own)
    const series = {
      ...hours(Array.from(own.values.subarray(0, origin))),
      start: new Date(own.calendar.grid.startMs).toISOString(),
    }
    const berlin = dataOf(site(measuredLoad, 'Europe/Berlin'), { 'load.csv': asCsv(known) })
    const [target] = (await run(berlin, { at: `${day}T00:00`, step: '1h', series })).targets as [ForecastTarget]
    target.values.forEach((value, k) => {
      expect(Math.abs(value! - own.values[origin + k]!)).toBeLessThan(7)
    })
  })
})

describe('energy.forecast of an array', () => {
  const array = '  roof: { kind: pv, title: Roof, capacityKwp: 100, tiltDeg: 30, azimuthDeg: 180 }\n'
  const sunny = dataOf(site(array, 'Europe/Berlin', normals))
  const noon = { at: '2026-06-20T00:00', step: '1h' }

  it('runs the weather through the physical chain and says that it was made up', async () => {
    const [roof] = (await run(sunny, noon)).targets as [ForecastTarget]
    expect(roof).toMatchObject({ method: 'pv-chain', synthetic: true, quantiles: [], backtest: null })
    expect(roof.values[0]).toBe(0)
    expect(Math.max(...roof.values.map(Number))).toBeGreaterThan(15)
    expect(codes(roof)).toEqual(['forecast.synthetic-weather', 'forecast.no-measured'])
  })

  it('learns that the array gives a fifth less than the chain says', async () => {
    const chain = (await run(sunny, { at: '2026-05-01T00:00', step: '1h', hours: 168 })).targets[0]!
    const days: (number | null)[] = [...chain.values]
    for (const start of ['08', '15', '22', '29']) {
      days.push(...(await run(sunny, { at: `2026-05-${start}T00:00`, step: '1h', hours: 168 })).targets[0]!.values)
    }
    const measured = { roof: { ...hours(days.map((kw) => 0.8 * kw!)), start: '2026-05-01T00:00' } }
    const asked = { at: '2026-06-05T00:00', step: '1h' }
    const [uncorrected] = (await run(sunny, asked)).targets as [ForecastTarget]
    const [roof] = (await run(sunny, { ...asked, measured })).targets as [ForecastTarget]
    const sum = ({ values }: ForecastTarget): number => values.reduce<number>((all, value) => all + value!, 0)
    expect(sum(roof) / sum(uncorrected)).toBeGreaterThan(0.79)
    expect(sum(roof) / sum(uncorrected)).toBeLessThan(0.83)
    expect(roof.reasons.find(({ code }) => code === 'forecast.corrected')!.values.percent).toBeLessThan(-15)
    // By night nothing is uncertain.
    for (const { values } of roof.quantiles) expect(values[1]).toBe(0)
    expect(roof.quantiles).toHaveLength(3)
  })

  it('forecasts measured production from its own past where the site has no weather, and refuses to guess without', async () => {
    const dark = dataOf(site(array))
    const [roof] = (await run(dark, { at, step: '1h', measured: { roof: hours(known) } })).targets as [ForecastTarget]
    expect(codes(roof)[0]).toBe('forecast.no-weather')
    expect((await problemOf(run(dark, noon))).code).toBe('energy.no-weather')
  })
})

describe('what energy.forecast refuses', () => {
  it.each([
    ['a site without a load or an array', {}, 'energy.bad-forecast', site('')],
    ['an asset that is not there', { asset: 'mill' }, 'energy.bad-forecast'],
    ['an asset without a series', { asset: 'grid' }, 'energy.bad-forecast'],
    ['measurements of an asset that is not there', { measured: { mill: 3 } }, 'energy.bad-forecast'],
    ['a series and an asset', { series: hours(known), asset: 'works' }, 'energy.bad-forecast'],
    ['a holiday that is no day', { holidays: ['2024-02-30'] }, 'energy.bad-forecast'],
    ['a level of 1', { levels: [0.5, 1] }, 'kernel.bad-input'],
    ['a horizon of more than a week', { hours: 200 }, 'kernel.bad-input'],
    ['a horizon that is no whole number of steps', { hours: 1.4 }, 'energy.bad-horizon'],
    ['a step that does not divide the hour', { step: '7m' }, 'energy.bad-horizon'],
    ['a start where there is no history', { at: '2023-01-01T00:00' }, 'energy.no-history'],
    ['a history of holes', { series: hours(known.map(() => null)) }, 'energy.no-history'],
    ['a value that is no number', { series: hours([1, Number.NaN]) }, 'kernel.bad-input'],
    ['a value without end', { series: hours([1, Number.POSITIVE_INFINITY]) }, 'kernel.bad-input'],
  ] as const)('%s', async (_, input, code, text = site(measuredLoad)) => {
    const data = dataOf(text, { 'load.csv': asCsv(known) })
    const problem = await problemOf(run(data, { at, step: '1h', ...input }))
    expect(problem.code).toBe(code)
    expect(problem.detail).not.toBe('')
  })
})

it('the example park is forecast as it stands', async () => {
  const whole = readFileSync(join(import.meta.dirname, '../../../examples/liyang-park/site.yaml'), 'utf8')
  // What rooms above this one read.
  const text = whole.replaceAll(/^(?:gateways|alarms|commands|charging|roaming):\n(?:(?: .*)?\n)*/gm, '')
  const { targets, steps } = await run(dataOf(text), { at: '2026-07-06T00:00' })
  expect(steps).toBe(96)
  expect(targets.map(({ method }) => method)).toContain('pv-chain')
  expect(targets.map(({ method }) => method)).toContain('stated')
  for (const { values } of targets) expect(values.every((value) => value !== null)).toBe(true)
})
