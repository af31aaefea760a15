import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { mangrove, mangroveHere } from './command.ts'

const folder = mkdtempSync(join(tmpdir(), 'mangrove-bad-input-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const head = `id: small
name: Small site
location: { latitude: 31.4, longitude: 119.5, altitudeM: 8 }
zone: Asia/Shanghai
currency: CNY
`
const grid = `  grid: { kind: grid, title: Grid, importLimitKw: 200, exportLimitKw: 0 }
`
const tariff = `tariff:
  import: { timeOfUse: { periods: [{ name: flat, pricePerKwh: 0.66 }] } }
`
const hours = (value: (hour: number) => string): string =>
  Array.from({ length: 48 }, (_, hour) => value(hour)).join('\n')
const stamp = (hour: number): string => `2026-07-0${6 + Math.floor(hour / 24)} ${String(hour % 24).padStart(2, '0')}:00`
const csvLoad = (file: string, extra = ''): string => `  load:
    kind: load
    title: Load
    demand: { file: ${file}, column: power, unit: kW${extra}, time: { column: time, format: "YYYY-MM-DD HH:mm" } }
`

/** One of each kind in a process of its own, as a user would; the others end in the same way. */
const begun = new Set<string>()
function inOwnProcessOnce(kind: string, args: readonly string[], dataFolder: string) {
  if (begun.has(kind)) return mangroveHere(args, dataFolder)
  begun.add(kind)
  return mangrove(args, dataFolder)
}

let count = 0
/** Writes a site file (and CSV files) and runs a command on it. */
async function run(
  verb: 'check' | 'plan',
  site: string,
  files: Readonly<Record<string, string>> = {},
  flags: readonly string[] = [],
) {
  count += 1
  const name = `site-${count}.yaml`
  writeFileSync(join(folder, name), site)
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text)
  const at = ['--at', '2026-07-06T00:00']
  const ended = await inOwnProcessOnce(
    verb,
    [verb, join(folder, name), ...at, ...(verb === 'plan' ? ['--step', '1h'] : []), ...flags, '--json'],
    folder,
  )
  return { ...ended, result: ended.stdout === '' ? undefined : JSON.parse(ended.stdout) }
}

interface Found {
  readonly code: string
  readonly place?: { readonly file?: string; readonly line?: number; readonly path?: string }
}

/** Exit code 3, and each wanted path among the problems, with its line. */
function expectProblems(ended: Awaited<ReturnType<typeof run>>, paths: readonly string[]) {
  expect(ended.code, ended.stderr + ended.stdout).toBe(3)
  const problems: Found[] = ended.result.problems
  for (const path of paths) {
    const found = problems.find((problem) => problem.place?.path?.startsWith(path))
    expect(found, `${path} in ${JSON.stringify(problems)}`).toBeDefined()
  }
  expect(ended.stderr).not.toContain('This is a bug')
}

describe('bad input', () => {
  it('tells every mistake of a site file at once, each with file and line', async () => {
    const ended = await run(
      'check',
      `${head}assets:
${grid}  roof: { kind: pv, title: Roof, capacityKwp: -3 }
  meter: { kind: grid, title: Second, importLimitKw: 5 kWh }
  battery: { kind: battery, title: B, capacityKwh: 100, maxChargeKw: 50, maxDischargeKw: 50, minSoc: 0.9, maxSoc: 0.2 }
  odd: { kind: flux-capacitor, title: Odd }
${tariff}`,
    )
    expectProblems(ended, [
      'assets.roof.capacityKwp',
      'assets.meter.importLimitKw',
      'assets.battery.minSoc',
      'assets.odd',
    ])
    for (const problem of ended.result.problems as Found[]) {
      expect(problem.place?.line, JSON.stringify(problem)).toBeGreaterThan(5)
      expect(problem.place?.file).toContain('.yaml')
    }
  })

  it('refuses an EV that leaves before it arrives', async () => {
    const ended = await run(
      'check',
      `${head}assets:
${grid}  ev:
    kind: ev-charging
    title: EV
    feederLimitKw: 50
    sessions: [{ id: a, arrival: 2026-07-06T18:00, departure: 2026-07-06T08:00, energyKwh: 20, maxKw: 11 }]
${tariff}`,
    )
    expectProblems(ended, ['assets.ev.sessions.0'])
  })

  it('names a missing column and the columns there are', async () => {
    const ended = await run('check', `${head}assets:\n${grid}${csvLoad('no-column.csv')}${tariff}`, {
      'no-column.csv': `time,energy\n${hours((hour) => `${stamp(hour)},5`)}\n`,
    })
    expectProblems(ended, ['assets.load.demand'])
    expect(ended.result.problems).toMatchObject([
      { code: 'kernel.column-missing', place: { file: 'no-column.csv', line: 1 }, expected: 'one of time, energy' },
    ])
  })

  it.each([
    ['kWh where kW is meant', csvLoad('unit.csv').replace('unit: kW', 'unit: kWh')],
    ['an impossible unit', csvLoad('unit.csv').replace('unit: kW', 'unit: furlong')],
  ])('refuses %s', async (_, load) => {
    const ended = await run('check', `${head}assets:\n${grid}${load}${tariff}`, {
      'unit.csv': `time,power\n${hours((hour) => `${stamp(hour)},5`)}\n`,
    })
    expectProblems(ended, ['assets.load.demand.unit'])
  })

  it('refuses stamps that stand twice with different values', async () => {
    const ended = await run('check', `${head}assets:\n${grid}${csvLoad('twice.csv')}${tariff}`, {
      'twice.csv': `time,power\n${hours((hour) => `${stamp(hour === 7 ? 6 : hour)},${hour}`)}\n`,
    })
    expectProblems(ended, ['assets.load.demand'])
    expect(ended.result.problems).toMatchObject([{ code: 'kernel.stamp-twice', place: { file: 'twice.csv', line: 9 } }])
  })

  it('does not plan over a gap as if it were zero', async () => {
    const ended = await run('plan', `${head}assets:\n${grid}${csvLoad('gap.csv')}${tariff}`, {
      'gap.csv': `time,power\n${hours((hour) => `${stamp(hour)},${hour === 9 ? '' : 50}`)}\n`,
    })
    expectProblems(ended, ['assets.load.demand'])
    const [problem] = ended.result.problems as Found[]
    expect(problem?.place?.file).toContain('.yaml')
    expect(problem?.place?.line).toBeGreaterThan(5)
  })

  it('says that a wrong value came from the changes', async () => {
    const site = `${head}assets:\n${grid}  load: { kind: load, title: Load, demand: 5 }\n${tariff}`
    const ended = await run('plan', site, {}, ['--changes', '{"assets":{"load":{"demand":-5}}}'])
    expectProblems(ended, ['assets.load.demand'])
    expect(ended.result.problems[0].place.file).toBe('changes')
  })

  it.each([
    ['no asset', 'assets: {}\n', 'assets'],
    ['a grid connection without an import price', `assets:\n${grid}`, 'tariff.import'],
    ['two grid connections', `assets:\n${grid}${grid.replace('grid:', 'second:')}${tariff}`, 'assets.second'],
    ['PV without weather', `assets:\n${grid}  roof: { kind: pv, title: Roof, capacityKwp: 5 }\n${tariff}`, 'weather'],
  ])('does not plan %s', async (_, rest, path) => {
    expectProblems(await run('plan', head + rest), [path])
  })

  it('names all work that cannot be done where there is no source at all', async () => {
    const ended = await run('plan', `${head}assets:\n  load: { kind: load, title: Load, demand: 50 }\n`)
    expect(ended.code, ended.stderr + ended.stdout).toBe(0)
    expect(ended.result).toMatchObject({ status: 'relaxed', relaxed: [{ wish: 'serve-load', asset: 'load' }] })
    expect(ended.result.relaxed[0].amount).toBeCloseTo(24 * 50, 3)
  })

  it('tells in `check` that a weather file is gone or broken, and which step of a plan lacks weather', async () => {
    const site = (file: string): string =>
      `${head}weather: { file: ${file} }\nassets:\n${grid}  roof: { kind: pv, title: Roof, capacityKwp: 5 }\n${tariff}`
    expect((await run('check', site('gone.epw'))).result.problems).toMatchObject([{ code: 'store.file-not-found' }])
    const rows = (from: number, cell: (hour: number) => string): string =>
      Array.from({ length: 8760 - from }, (_, hour) => {
        const stamp = new Date(Date.UTC(2023, 0, 1, hour)).toISOString().slice(0, 16)
        return `${stamp},300,${cell(hour)}`
      }).join('\n')
    const header = 'time,ghiWm2,temperatureC'
    const cut = await run('check', site('cut.csv'), { 'cut.csv': `${header}\n${rows(100, () => '20')}\n` })
    expect(cut.result.problems).toMatchObject([{ code: 'weather.year-incomplete', place: { file: 'cut.csv' } }])
    // 6 July is day 186 of the year, counted from 0.
    const text = `${header}\n${rows(0, (hour) => (hour === 186 * 24 + 12 ? '' : '20'))}\n`
    const holed = await run('plan', site('holed.csv'), { 'holed.csv': text })
    expectProblems(holed, ['weather'])
    expect(holed.result.problems[0].detail).toContain('2026-07-06T12:00')
  })

  it('plans on a data folder that cannot be written, and says that there is no evidence', async () => {
    writeFileSync(join(folder, 'a-file'), '')
    const file = join(folder, 'folder.yaml')
    writeFileSync(file, `${head}assets:\n${grid}  load: { kind: load, title: Load, demand: 5 }\n${tariff}`)
    const ended = await mangroveHere(['plan', file, '--at', '2026-07-06', '--json'], join(folder, 'a-file/data'))
    expect(ended.code, ended.stderr).toBe(0)
    expect(JSON.parse(ended.stdout).evidence).toBeNull()
    expect(ended.stderr).toContain('Evidence was not kept')
  })

  it('names what cannot be served when the load is above the connection', async () => {
    const ended = await run(
      'plan',
      `${head}assets:\n${grid}  load: { kind: load, title: Load, demand: 250 }\n${tariff}`,
    )
    expect(ended.code, ended.stderr + ended.stdout).toBe(0)
    expect(ended.result.status).toBe('relaxed')
    const unserved = ended.result.relaxed.filter((item: { wish: string }) => item.wish === 'serve-load')
    expect(unserved.reduce((sum: number, item: { amount: number }) => sum + item.amount, 0)).toBeCloseTo(24 * 50, 3)
  })

  it('starts a battery outside its band without breaking the plan, and says so', async () => {
    const ended = await run(
      'plan',
      `${head}assets:
${grid}  load: { kind: load, title: Load, demand: 50 }
  battery: { kind: battery, title: B, capacityKwh: 100, maxChargeKw: 50, maxDischargeKw: 50, minSoc: 0.2, initialSoc: 0.05 }
${tariff}`,
    )
    expect(ended.code, ended.stderr + ended.stdout).toBe(0)
    expect(ended.result.relaxed).toMatchObject([{ wish: 'soc-band', asset: 'battery', unit: 'kWh' }])
    expect(ended.result.relaxed[0].amount).toBeCloseTo(15, 6)
    expect(ended.result.certificate.ok).toBe(true)
  })

  it('refuses a state of charge that no battery can have', async () => {
    const battery =
      '  battery: { kind: battery, title: B, capacityKwh: 100, maxChargeKw: 50, maxDischargeKw: 50, initialSoc: 120 % }\n'
    expectProblems(await run('check', `${head}assets:\n${grid}${battery}${tariff}`), ['assets.battery.initialSoc'])
  })

  it('finds a use for must-run power that cannot be exported, or names it', async () => {
    const ended = await run(
      'plan',
      `${head}assets:
${grid}  load: { kind: load, title: Load, demand: 20 }
  roof: { kind: pv, title: Roof, capacityKwp: 100, curtailable: false, production: 60 }
${tariff}`,
    )
    expect(ended.code, ended.stderr + ended.stdout).toBe(0)
    expect(ended.result.relaxed.map((item: { wish: string }) => item.wish)).toContain('must-run')
  })

  it('keeps NaN and Infinity out of the output', async () => {
    const ended = await run('plan', `${head}assets:\n${grid}  load: { kind: load, title: Load, demand: 0 }\n${tariff}`)
    expect(ended.code, ended.stderr + ended.stdout).toBe(0)
    expect(ended.stdout).not.toMatch(/NaN|Infinity/)
    for (const values of Object.values<unknown[]>(ended.result.series)) expect(values).not.toContain(null)
  })
})

describe('bad command lines', () => {
  it.each([
    [['plant', 'x.yaml'], 2],
    [['plan'], 2],
    [['plan', 'x.yaml', '--hours', 'many'], 2],
    [['plan', 'x.yaml', '--hours', '0'], 3],
    [['plan', 'x.yaml', '--step', 'soon', '--at', 'tomorrow'], 3],
    [['plan', 'x.yaml', '--site', 'y.yaml'], 2],
    [['start', 'x.yaml', '--port', '99999'], 2],
    [['plan', folder], 3],
    [['plan', join(folder, 'absent.yaml')], 3],
    [['replay', 'absent'], 3],
  ])('%j ends with code %i', async (args, code) => {
    const ended = await inOwnProcessOnce(`code ${code}`, args, folder)
    expect(ended.code, ended.stderr).toBe(code)
    expect(ended.stderr).toMatch(/\[[a-z]+\.[a-z-]+\]/)
    expect(ended.stdout).toBe('')
  })
})

describe('what a program reads', () => {
  it.each([
    [['plan', join(folder, 'absent.yaml'), '--json'], 3],
    [['--json', 'plan', join(folder, 'absent.yaml')], 3],
    [['plant', '--json'], 2],
    [['plan', 'x.yaml', '--json', '--hours', '0', '--step', 'soon', '--at', 'tomorrow'], 3],
    [['replay', 'absent', '--json'], 3],
    [['check', '--json'], 2],
  ])('%j prints one object of problems on stdout, code %i', async (args, code) => {
    const ended = await inOwnProcessOnce(`problems, code ${code}`, args, folder)
    expect(ended.code, ended.stderr).toBe(code)
    expect(ended.stderr).toBe('')
    const { problems } = JSON.parse(ended.stdout)
    expect(problems.length).toBeGreaterThan(0)
    for (const problem of problems) expect(problem.code).toMatch(/^[a-z]+\.[a-z-]+$/)
  })
})
