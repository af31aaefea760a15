import { describe, expect, it } from 'vitest'
import { defineErrors } from '../kernel/index.ts'
import { createHealth, isNearlyFull } from './health.ts'
import { createUpkeepLoop } from './upkeep-loop.ts'

const gibibyte = 1024 ** 3
const idle = createUpkeepLoop({
  upkeep: { turn: async () => ({ quarters: 0, more: false }), seal: async () => [] },
  report: () => undefined,
}).figures()
const storeErrors = defineErrors('store', {
  full: { status: 507, title: 'full' },
  busy: { status: 503, title: 'busy' },
  conflict: { status: 409, title: 'conflict' },
})

function healthOf(more: { freeBytes?: number; upkeep?: Partial<typeof idle> } = {}) {
  const clock = { nowMs: 1e9 }
  const health = createHealth({
    disk: async () => ({ freeBytes: more.freeBytes ?? 50 * gibibyte, totalBytes: 100 * gibibyte }),
    upkeep: () => ({ ...idle, ...more.upkeep }),
    now: () => clock.nowMs,
  })
  return { clock, health, codes: async () => (await health.reasons()).map(({ code }) => code) }
}

describe('health', () => {
  it('is well when nothing is wrong', async () => {
    expect(await healthOf().codes()).toEqual([])
  })

  it.each([
    ['100 MiB of any disk', 100 * 1024 ** 2, 1e12, true],
    ['a fiftieth of 20 GiB', 0.4 * gibibyte, 20 * gibibyte, true],
    ['a tenth of 20 GiB', 2 * gibibyte, 20 * gibibyte, false],
    ['3 GiB of a terabyte', 3 * gibibyte, 1024 * gibibyte, false],
    ['1 GiB of a terabyte', gibibyte, 1024 * gibibyte, true],
  ])('tells %s that are free', (_, freeBytes, totalBytes, full) => {
    expect(isNearlyFull({ freeBytes, totalBytes })).toBe(full)
  })

  it('tells a disk that is nearly full', async () => {
    expect(await healthOf({ freeBytes: 1e8 }).codes()).toEqual(['disk-nearly-full'])
  })

  it('tells a store that fails until nothing failed for a minute; not one that is busy, or refuses', async () => {
    const { health, clock, codes } = healthOf()
    health.failed(storeErrors.busy({ detail: 'busy' }))
    health.failed(storeErrors.conflict({ detail: 'conflict' }))
    health.failed(new Error('something else'))
    expect(await codes()).toEqual([])
    health.failed(storeErrors.full({ detail: 'full' }))
    expect(await codes()).toEqual(['store-failing'])
    clock.nowMs += 61_000
    expect(await codes()).toEqual([])
  })

  it('tells upkeep that fails or does not come to an end, where it is meant to run', async () => {
    expect(await healthOf({ upkeep: { running: true, failuresInARow: 3 } }).codes()).toEqual(['upkeep-behind'])
    expect(await healthOf({ upkeep: { running: false, failuresInARow: 3 } }).codes()).toEqual([])
    const { clock, codes } = healthOf({ upkeep: { running: true } })
    expect(await codes()).toEqual([])
    clock.nowMs += 301_000
    expect(await codes()).toEqual(['upkeep-behind'])
  })
})
