import { expect, inject, it } from 'vitest'
import { killCycles } from './kill-cycles.fixture.ts'

const { seed } = inject('draws')

it('kill -9 at random moments loses nothing that was acknowledged, tears no batch, and needs no repair', async () => {
  const figures = await killCycles({ seed, cycles: 6, cyclesPerFolder: 6, mostLines: 200 })
  expect(figures.acknowledged).toBeGreaterThan(50)
  expect(figures.seals).toBeGreaterThan(0)
}, 180_000)
