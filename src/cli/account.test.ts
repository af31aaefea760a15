import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import type { AccountOutput, VerdictOutput } from '../carbon/index.ts'
import { type Engine, fixedClock, runEngine, type SolverPort } from '../kernel/index.ts'
import { packs } from '../packs.ts'
import { createFileData } from '../store/index.ts'
import { showAccount } from './show-account.ts'

const folder = join(import.meta.dirname, '../../examples/liyang-park')
const site = join(folder, 'site.yaml')
const engineOf = (id: string): Engine => packs.flatMap(({ engines }) => engines).find((engine) => engine.id === id)!

async function run<Output>(id: string, input: object): Promise<Output> {
  const ports = {
    data: await createFileData({ packs }),
    solver: {} as SolverPort,
    clock: fixedClock(Date.UTC(2026, 5, 1)),
  }
  return (await runEngine<Output>(engineOf(id), input, ports)).output
}

interface VerdictRow {
  readonly id: string
  readonly amount: number
  readonly unit: string
}

describe('examples/liyang-park in 2025', () => {
  const account = () => run<AccountOutput>('carbon.account', { site, period: { from: '2025-01-01', to: '2026-01-01' } })

  it('has one electricity, diesel, energy and CO2 in its inventory and in its verdict', async () => {
    const inventory = await account()
    const verdict = await run<VerdictOutput>('carbon.park-verdict', {
      site,
      figuresFile: 'verdict-2025.yaml',
      draws: 100,
    })
    const tonnesOf = (part: string): number => Number(verdict.emissions.find((row) => row.part === part)?.counted)
    const kgOf = (scope: number, method?: string): string =>
      inventory.totals.find((total) => total.scope === scope && total.method === method)!.gasesKg.CO2!
    expect(Number(inventory.sums.scope2LocationKgCo2e) / 1000).toBe(tonnesOf('electricity'))
    expect(Number(kgOf(1)) / 1000).toBeCloseTo(tonnesOf('fuel'), 9)
    const energyOf = (coal: string): number => Number(verdict.readings.find((reading) => reading.coal === coal)?.energy)
    expect(Number(inventory.energy.calorificTce)).toBeCloseTo(energyOf('calorific'), 9)
    expect(Number(inventory.energy.equivalentTce)).toBeCloseTo(energyOf('equivalent'), 9)
  })

  it('has invoices that come to the electricity of the verdict', () => {
    const invoices = readFileSync(join(folder, 'inventory-2025.csv'), 'utf8').trim().split('\n').slice(1)
    const figures = parse(readFileSync(join(folder, 'verdict-2025.yaml'), 'utf8'))
    const [grid] = (figures.emissions.electricity as VerdictRow[]).filter(({ id }) => id === 'grid')
    expect(invoices).toHaveLength(12)
    expect(invoices.reduce((sum, line) => sum + Number(line.split(',')[2]), 0)).toBe(grid!.amount * 1e6)
    expect(grid?.unit).toBe('GWh')
  })

  it('is shown with every view, and what stands in is folded', async () => {
    const text = showAccount(await account())
    expect(text).toMatch(/ISO 14064-1:2018 +t CO2e/)
    expect(text).toMatch(/II\.1\.2 .* IE\n/)
    expect(text.match(/grid-cn\/CN-JS\.2023 holds until/g)).toHaveLength(1)
    expect(text).toMatch(/12 times/)
  })
})
