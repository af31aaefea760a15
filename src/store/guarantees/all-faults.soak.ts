import { expect, inject, it } from 'vitest'
import { killCycles } from './kill-cycles.fixture.ts'

/** `SOAK_MINUTES=5 MANGROVE_SEED=3` is shorter, and draws others. */
const minutes = Number(process.env.SOAK_MINUTES ?? 30)
const { seed } = inject('draws')

it(`kills, clocks set to and fro, late, shuffled and repeated batches, files that may not grow and sealing, ${minutes} minutes from seed ${seed}, lose and tear nothing`, async () => {
  const budgetMs = minutes * 60_000
  const figures = await killCycles({ seed, cycles: 1_000_000, cyclesPerFolder: 20, faults: true, budgetMs })
  process.stdout.write(`${JSON.stringify({ seed, ...figures })}\n`)
  expect(figures.acknowledged).toBeGreaterThan(0)
  expect(figures.full).toBeGreaterThan(0)
})
