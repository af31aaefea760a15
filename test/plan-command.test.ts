import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { PlanOutput } from '../src/energy/index.ts'
import { type Ended, mangrove, mangroveHere, root } from './command.ts'

const folder = mkdtempSync(join(tmpdir(), 'mangrove-plan-command-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const liyang = join(root, 'examples/liyang-park/site.yaml')
const at = ['--at', '2026-07-06T00:00']

describe('mangrove plan of the example park', () => {
  let ended: Ended
  let plan: PlanOutput & { readonly evidence: string }
  beforeAll(async () => {
    ended = await mangrove(['plan', liyang, ...at, '--json'], folder)
    plan = JSON.parse(ended.stdout)
  })

  it('prints exactly one JSON object with all that a program needs', () => {
    expect(ended.code, ended.stderr).toBe(0)
    expect(ended.stdout.trimEnd().split('\n')).toHaveLength(1)
    expect(ended.stderr).toBe('')
    expect(plan).toMatchObject({
      start: '2026-07-06T00:00:00+08:00',
      stepMinutes: 15,
      currency: 'CNY',
      synthetic: true,
      certificate: { ok: true },
      evidence: expect.stringMatching(/\w/),
      relaxed: expect.any(Array),
    })
    expect(['optimal', 'feasible', 'relaxed']).toContain(plan.status)
    for (const part of ['total', 'energy', 'demand', 'export', 'fuel', 'wear', 'carbon'] as const) {
      expect(Number.isFinite(plan.cost[part]), part).toBe(true)
    }
    for (const [key, values] of Object.entries(plan.series)) expect(values, key).toHaveLength(96)
  })

  it('adds the parts of the cost up to the total within 0.01', () => {
    const { total, ...parts } = plan.cost
    expect(Object.values(parts).reduce((sum, part) => sum + part, 0)).toBeCloseTo(total, 2)
  })

  it('is cheaper than the same day without storage and shifting', () => {
    expect(plan.cost.total).toBeLessThan(plan.baseline.cost)
  })

  it('keeps import under the site limit of 3,600 kW and the state of charge in its band', () => {
    for (const power of plan.series['grid.powerKw']!) expect(power).toBeLessThanOrEqual(3600 + 1e-4)
    for (const soc of plan.series['battery.soc']!) {
      expect(soc).toBeGreaterThanOrEqual(0.1 - 1e-6)
      expect(soc).toBeLessThanOrEqual(0.95 + 1e-6)
    }
  })

  it('follows a changed limit', async () => {
    const changed = await mangroveHere(
      ['plan', liyang, ...at, '--json', '--changes', '{"limits":{"importKw":2000}}'],
      folder,
    )
    expect(changed.code, changed.stderr).toBe(0)
    const result: PlanOutput = JSON.parse(changed.stdout)
    expect(Math.max(...result.series['grid.powerKw']!.map(Number))).toBeLessThanOrEqual(2000 + 1e-4)
  })

  it('replays to the same bytes from its evidence', async () => {
    const again = await mangrove(['replay', plan.evidence, '--json'], folder)
    expect(again.code, again.stderr).toBe(0)
    expect(JSON.parse(again.stdout)).toMatchObject({ identical: true })
  })

  it('is in the list of runs, by the file of the site and by its engine', async () => {
    const listed = await mangrove(['runs', liyang, '--engine', 'energy.plan', '--json'], folder)
    expect(listed.code, listed.stderr).toBe(0)
    expect(JSON.parse(listed.stdout).runs).toContainEqual(
      expect.objectContaining({ id: plan.evidence, engine: 'energy.plan' }),
    )
    const shown = await mangroveHere(['runs', '--limit', '1'], folder)
    expect(shown.stdout).toMatch(/^\d{4}-\d\d-\d\dT[\d:]{8}Z {2}energy\.plan .* [0-9a-f]{64}\n$/)
    const none = await mangroveHere(['runs', 'nowhere'], folder)
    expect([none.code, none.stdout]).toEqual([0, 'No run is kept.\n'])
  })

  it('shows a person status, money, a chart, a table and words', async () => {
    const shown = await mangroveHere(['plan', liyang, ...at], folder)
    expect(shown.code, shown.stderr).toBe(0)
    for (const part of [
      'status',
      'cost',
      'saving',
      'emissions',
      'synthetic',
      's solar',
      '│',
      '23:00',
      'Means in kW',
      'Why',
    ]) {
      expect(shown.stdout).toContain(part)
    }
    expect(shown.stdout).not.toMatch(/NaN|undefined|Infinity/)
    expect(Math.max(...shown.stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(130)
  })
})

describe('interruption', () => {
  it.skipIf(process.platform === 'win32')('ends with 130 on SIGINT', async () => {
    const told = `process.on('newListener', (name) => name === 'SIGINT' && process.stderr.write('listens'))`
    const child = spawn(
      process.execPath,
      [
        ...['--import', `data:text/javascript,${encodeURIComponent(told)}`, join(root, 'bin/mangrove.mjs')],
        ...['plan', liyang, '--hours', '744', ...at],
      ],
      { env: { ...process.env, MANGROVE_DATA: folder } },
    )
    await once(child.stderr, 'data')
    // In the middle of its work: the plan of a month takes far longer.
    await new Promise((resolve) => setTimeout(resolve, 1000))
    child.kill('SIGINT')
    const code = await new Promise((resolve) => child.once('exit', resolve))
    expect(code).toBe(130)
  })
})
