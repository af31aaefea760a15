import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { mangrove } from './command.ts'

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

let count = 0
/** Writes a site file (and CSV files) and runs a command on it. */
async function run(verb: 'check' | 'plan', site: string, files: Readonly<Record<string, string>> = {}) {
  count += 1
  const name = `site-${count}.yaml`
  writeFileSync(join(folder, name), site)
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text)
  const at = ['--at', '2026-07-06T00:00']
  const ended = await mangrove(
    [verb, join(folder, name), ...at, ...(verb === 'plan' ? ['--step', '1h'] : []), '--json'],
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
    expectProblems(ended, [])
    expect(ended.stdout + ended.stderr).toMatch(/power.*energy/s)
  })

  it.each([
    ['kWh where kW is meant', csvLoad('unit.csv').replace('unit: kW', 'unit: kWh')],
    ['an impossible unit', csvLoad('unit.csv').replace('unit: kW', 'unit: furlong')],
  ])('refuses %s', async (_, load) => {
    const ended = await run('check', `${head}assets:\n${grid}${load}${tariff}`, {
      'unit.csv': `time,power\n${hours((hour) => `${stamp(hour)},5`)}\n`,
    })
    expectProblems(ended, [])
  })

  it('refuses stamps that stand twice with different values', async () => {
    const ended = await run('check', `${head}assets:\n${grid}${csvLoad('twice.csv')}${tariff}`, {
      'twice.csv': `time,power\n${hours((hour) => `${stamp(hour === 7 ? 6 : hour)},${hour}`)}\n`,
    })
    expectProblems(ended, [])
  })

  it('does not plan over a gap as if it were zero', async () => {
    const ended = await run('plan', `${head}assets:\n${grid}${csvLoad('gap.csv')}${tariff}`, {
      'gap.csv': `time,power\n${hours((hour) => `${stamp(hour)},${hour === 9 ? '' : 50}`)}\n`,
    })
    expectProblems(ended, [])
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
    expect([0, 3], ended.stderr).toContain(ended.code)
    if (ended.code === 0) expect(ended.result.relaxed.map((item: { asset: string }) => item.asset)).toContain('battery')
    else expectProblems(ended, ['assets.battery.initialSoc'])
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
    [['plan', join(folder, 'absent.yaml')], 3],
    [['replay', 'absent'], 3],
  ])('%j ends with code %i', async (args, code) => {
    const ended = await mangrove(args, folder)
    expect(ended.code, ended.stderr).toBe(code)
    expect(ended.stderr).toMatch(/\[[a-z]+\.[a-z-]+\]/)
    expect(ended.stdout).toBe('')
  })
})
