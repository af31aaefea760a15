import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  balancesOf,
  computeBalance,
  computedPoints,
  computePoints,
  declaredPoints,
  measuredInputs,
  type PointColumn,
  quality,
  readSite,
  type Site,
} from '../src/kernel/index.ts'
import { packs } from '../src/packs.ts'
import { mangrove, root } from './command.ts'

const folder = mkdtempSync(join(tmpdir(), 'mangrove-points-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

interface Simulated {
  readonly site: Site
  readonly count: number
  readonly columns: ReadonlyMap<string, PointColumn>
  readonly emissionsKgCo2e: number
}

const days = new Map<string, Promise<Simulated>>()
const simulated = (example: string): Promise<Simulated> => {
  const day = days.get(example) ?? simulate(example)
  days.set(example, day)
  return day
}

/** A day of an example as its simulation would measure it, in quarter-hours. */
async function simulate(example: string): Promise<Simulated> {
  const file = join(root, 'examples', example, 'site.yaml')
  const site = readSite(readFileSync(file, 'utf8'), { file, packs })
  const flags = ['--at', '2026-07-06T00:00', '--step', '15m', '--follow', 'rule', '--json']
  const { stdout, stderr, code } = await mangrove(['energy', 'simulate', file, ...flags], folder)
  expect(code, stderr).toBe(0)
  const { series, emissionsKgCo2e } = JSON.parse(stdout) as {
    series: Readonly<Record<string, readonly number[]>>
    emissionsKgCo2e: number
  }
  const columns = new Map(
    Object.entries(series).map(([ref, values]) => [
      ref,
      { values: Float64Array.from(values), quality: new Uint8Array(values.length).fill(quality.estimated) },
    ]),
  )
  return { site, columns, count: 96, emissionsKgCo2e }
}

const everything = ({ site, columns, count }: Simulated) =>
  new Map([...columns, ...computePoints(computedPoints(site), columns, count)])

describe.each(['liyang-park', 'quarry-microgrid'])('examples/%s', (example) => {
  let day: Simulated
  beforeAll(async () => {
    day = await simulated(example)
  })

  it('has a balance of electricity whose remainder is nothing but rounding', () => {
    const [balance, ...more] = balancesOf(day.site)
    expect(more).toEqual([])
    const { total, completeBuckets, verdicts, missingBuckets } = computeBalance(balance!, everything(day), day.count)
    expect(missingBuckets).toEqual({})
    expect(completeBuckets).toBe(day.count)
    expect(total.in).toBeGreaterThan(200)
    expect(Math.abs(total.remainderShare)).toBeLessThan(1e-6)
    expect(new Set(verdicts)).toEqual(new Set([example === 'liyang-park' ? 'explained' : 'tolerated']))
  })

  it('sees a meter that reads 5 % too much, and says which one is missing', () => {
    const [balance] = balancesOf(day.site)
    const columns = everything(day)
    const wrong = balance!.out[0]!.ref
    const read = columns.get(wrong)!
    const tooMuch = { ...read, values: read.values.map((value) => 1.05 * value) }
    const { total } = computeBalance(balance!, new Map([...columns, [wrong, tooMuch]]), day.count)
    expect(total.verdict).toBe('unexplained')
    expect(total.remainder).toBeLessThan(0)
    columns.delete(wrong)
    const without = computeBalance(balance!, columns, day.count)
    expect(without.missingBuckets).toEqual({ [wrong]: day.count })
    expect(without.total.verdict).toBe('unknown')
  })

  it('has the points measured that its computed points are made of', () => {
    const computed = computedPoints(day.site)
    const known = declaredPoints(day.site).filter(({ role }) => role === 'computed')
    expect(computed.order).toHaveLength(known.length)
    // A price is no part of a simulation.
    const told = measuredInputs(computed, computed.byRef.keys()).filter((ref) => ref !== 'grid.importPrice')
    for (const ref of told) expect([...day.columns.keys()]).toContain(ref)
  })
})

describe('computed points of the examples', () => {
  it('tell the use of the park and its self-consumption, and no cost where no price is known', async () => {
    const day = await simulated('liyang-park')
    const columns = everything(day)
    const at = (ref: string, k: number): number => columns.get(ref)!.values[k]!
    for (let k = 0; k < day.count; k += 1) {
      const use = at('factory.powerKw', k) + at('offices.powerKw', k) + at('ev.powerKw', k)
      expect(at('park.useKw', k)).toBeCloseTo(use, 9)
      const share = at('park.selfConsumptionShare', k)
      expect(share).toBeGreaterThanOrEqual(0)
      expect(share).toBeLessThanOrEqual(100)
      // The simulation knows no price, and a price that is not known is no price of zero.
      expect(at('park.importCostPerHour', k)).toBeNaN()
    }
  })

  it('tell the diesel of the quarry as its simulation burns it', async () => {
    const day = await simulated('quarry-microgrid')
    const litres = everything(day)
      .get('quarry.dieselLPerH')!
      .values.reduce((sum, value) => sum + value / 4, 0)
    const { emissionsKgCo2e } = day
    expect(litres).toBeGreaterThan(0)
    expect(Math.abs(litres * 2.68 - emissionsKgCo2e)).toBeLessThan(1e-3 * emissionsKgCo2e)
  })
})
