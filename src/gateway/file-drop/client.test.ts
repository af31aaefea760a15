import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { checkValue } from '../../kernel/index.ts'
import type { FieldClient } from '../field-protocol.ts'
import { type PlayedHouse, playGateway, playHouse, until } from '../link/house.fixture.ts'
import { fileDropProtocol } from './file-drop-protocol.ts'
import { type FileDropSettings, FileDropSettingsSchema } from './settings.ts'

let folder: string
let house: PlayedHouse
const open: FieldClient[] = []
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mangrove-drop-'))
  house = playHouse()
})
afterEach(async () => {
  for (const client of open.splice(0)) await client.stop()
  rmSync(folder, { recursive: true, force: true })
})

const source = { file: '', sha256: '' }
const watch = (own: Partial<FileDropSettings> = {}): FieldClient => {
  const settings = { folder: 'drops', period: '0.02s', still: '0.1s', ...own }
  expect(checkValue(FileDropSettingsSchema, settings).problems).toEqual([])
  const gateway = playGateway(
    settings,
    { 'grid.powerKw': 'kW' },
    { source: { ...source, file: join(folder, 'site.yaml') } },
  )
  expect(fileDropProtocol.check?.(gateway)).toEqual([])
  const client = fileDropProtocol.open(gateway, house)
  open.push(client)
  return client
}
const drop = (name: string, text: string): void => {
  mkdirSync(join(folder, 'drops'), { recursive: true })
  writeFileSync(join(folder, 'drops', name), text)
}
const names = (below: string): readonly string[] =>
  existsSync(join(folder, 'drops', below)) ? readdirSync(join(folder, 'drops', below)).sort() : []
const row = (index: number): string => `${Date.UTC(2026, 6, 6) / 1000 + index}`
const body = (rows: number, from = 0): string =>
  `time,grid.powerKw\n${Array.from({ length: rows }, (_, index) => `${new Date(Number(row(from + index)) * 1000).toISOString()},${index}`).join('\n')}\n`

describe('a watched folder', () => {
  it('stores a file and moves it to `done`, under another name where there is one', async () => {
    const client = watch()
    drop('a.csv', body(3))
    await until(() => names('done').length === 1, 'the file is done')
    drop('a.csv', body(3, 10))
    await until(() => names('done').length === 2, 'the next file is done')
    expect(names('done')).toEqual(['a-2.csv', 'a.csv'])
    expect(house.rows.size).toBe(6)
    expect(client.figures()).toMatchObject({ state: 'connected', readings: 6, malformed: 0, failures: 0 })
  })

  it('does not touch a file that grows, one that is being written by its name, nor a link', async () => {
    drop('grows.csv', 'time,grid.powerKw\n')
    drop('.hidden.csv', body(1))
    drop('other.csv.part', body(1))
    symlinkSync('/etc/hostname', join(folder, 'drops', 'link.csv'))
    watch()
    for (let count = 0; count < 10; count += 1) {
      await sleep(40)
      writeFileSync(join(folder, 'drops', 'grows.csv'), body(count + 1))
    }
    expect(house.readings).toEqual([])
    await until(() => names('done').length === 1, 'the file is still')
    expect(house.rows.size).toBe(10)
    expect(names('').filter((name) => /csv/.test(name))).toEqual(['.hidden.csv', 'link.csv', 'other.csv.part'])
  })

  it('keeps the good rows of a bad file, and says beside it what is wrong', async () => {
    drop('bad.csv', `${body(2)}yesterday,5\n`)
    drop('image.png', 'PNG')
    const client = watch()
    await until(() => names('failed').length === 4, 'the files have failed')
    expect(names('failed')).toEqual(['bad.csv', 'bad.csv.report.json', 'image.png', 'image.png.report.json'])
    const report = JSON.parse(readFileSync(join(folder, 'drops/failed/bad.csv.report.json'), 'utf8'))
    expect(report).toMatchObject({
      ...{ file: 'bad.csv', stored: 2, refusedCount: 1 },
      problems: [{ code: 'gateway.bad-time', place: { line: 4 }, found: 'yesterday' }],
    })
    expect(house.rows.size).toBe(2)
    expect(client.figures()).toMatchObject({ malformed: 2, lastProblem: expect.stringContaining('format') })
  })

  it('leaves a file where it is while the house takes nothing, and stores it once', async () => {
    house.refusal = new Error('the disk is full')
    drop('a.csv', body(7000))
    const client = watch()
    await until(() => client.figures().failures > 1, 'it is tried again')
    expect(names('done')).toEqual([])
    expect(client.figures().state).toBe('waiting')
    house.refusal = undefined
    await until(() => names('done').length === 1, 'the file is done')
    expect([house.rows.size, house.readings.length]).toEqual([7000, 7000])
  })

  it('takes a file again after an end in its middle, and has each row once', async () => {
    drop('a.csv', body(12_000))
    let given = 0
    const taking = house.take.bind(house)
    house.take = async (readings) => {
      await taking(readings)
      given += 1
      if (given === 1) void first.stop()
    }
    const first = watch()
    await until(() => first.figures().state === 'stopped', 'it stops')
    expect([names('done').length, house.rows.size]).toEqual([0, 5000])
    watch()
    await until(() => names('done').length === 1, 'the file is done')
    expect([house.rows.size, house.readings.length]).toEqual([12_000, 17_000])
  })

  it('refuses a file that is too large before it is read', async () => {
    drop('large.csv', body(2000))
    watch({ maxMegabytes: 0.01 })
    await until(() => names('failed').length === 2, 'the file has failed')
    expect(readFileSync(join(folder, 'drops/failed/large.csv.report.json'), 'utf8')).toContain('gateway.too-large')
    expect(house.rows.size).toBe(0)
  })

  it.each([
    [{ points: { a: 'nobody.powerKw' } }, 'points.a'],
    [{ points: { a: { ref: 'grid.powerKw', unit: 'm3' } } }, 'points.a'],
    [{ csv: { zone: 'Berlin' } }, 'csv.zone'],
    [{ csv: { timeFormat: 'HH:mm' } }, 'csv.timeFormat'],
  ])('with settings %j is told when the site file is read', (own, path) => {
    const gateway = playGateway({ folder: 'drops', ...own }, { 'grid.powerKw': 'kW' })
    expect(fileDropProtocol.check?.(gateway)).toMatchObject([{ place: { path } }])
  })
})
