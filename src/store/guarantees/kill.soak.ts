import { expect, inject, it } from 'vitest'
import { killCycles } from './kill-cycles.fixture.ts'

/** `SOAK_KILLS=20 MANGROVE_SEED=3` draws others. */
const cycles = Number(process.env.SOAK_KILLS ?? 200)
const { seed } = inject('draws')

it(`${cycles} kills under load from seed ${seed} lose nothing that was acknowledged`, async () => {
  const figures = await killCycles({ seed, cycles, cyclesPerFolder: 25 })
  process.stdout.write(`${JSON.stringify({ seed, ...figures })}\n`)
  expect(figures.acknowledged).toBeGreaterThan(cycles * 10)
})
