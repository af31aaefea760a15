import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { readSite } from '../src/kernel/index.ts'
import { packs } from '../src/packs.ts'
import { root, shell } from './command.ts'

const folder = mkdtempSync(join(tmpdir(), 'mangrove-battery-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const read = (file: string): string => readFileSync(join(root, file), 'utf8')

describe('examples/grid-battery', () => {
  const site = readSite(read('examples/grid-battery/site.yaml'), { file: 'examples/grid-battery/site.yaml', packs })
  const prices = read('examples/grid-battery/price.csv')
    .trim()
    .split('\n')
    .slice(1)
    .map((row) => Number(row.split(',')[1]))
  const readme = read('examples/grid-battery/README.md').replace(/\s+/g, ' ')

  it('is a battery and a connection, and nothing else', () => {
    expect(site.assets.map(({ kind }) => kind)).toEqual(['grid', 'battery'])
  })

  it('has the prices that its README tells', () => {
    const mean = prices.reduce((sum, price) => sum + price, 0) / prices.length
    expect(prices).toHaveLength(672)
    expect(readme).toContain(`mean is ${mean.toFixed(2)} AUD/MWh`)
    expect(readme).toContain(
      `lowest −${(-Math.min(...prices)).toFixed(2)}, its highest ${Math.max(...prices).toFixed(2)}`,
    )
    expect(readme).toContain(`${prices.filter((price) => price < 0).length} hours are below zero`)
  })

  it('earns within 1 % of perfect foresight, and at least 3 % more than the best rule', async () => {
    const command = 'npx mangrove energy backtest examples/grid-battery/site.yaml --at 2026-03-02T00:00 --days 3 --json'
    const { code, stdout, stderr } = await shell(command, folder)
    expect(code, stderr).toBe(0)
    const runs = JSON.parse(stdout).runs as { controller: string; regret: number; savedAgainstRule: number }[]
    const control = runs.find(({ controller }) => controller === 'control')!
    expect(Math.abs(control.regret)).toBeLessThan(0.01)
    expect(control.savedAgainstRule).toBeGreaterThan(0.03)
  })
})
