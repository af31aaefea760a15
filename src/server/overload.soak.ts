import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { runOverload } from './overload-run.fixture.ts'

/** Half an hour; `SOAK_MINUTES` says otherwise. */
const minutes = Number(process.env.SOAK_MINUTES ?? 30)

it(`stays flat within 5 % of its memory for ${minutes} minutes of twice of what it can take`, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mangrove-overload-'))
  try {
    const run = await runOverload(folder, { seconds: minutes * 60, ingestBytes: 32 * 1024 * 1024 })
    const told = JSON.stringify({ ...run, memory: run.memory.filter((_, index) => index % 100 === 0) })
    console.log(told)
    expect(run.refused, told).toBeGreaterThan(0)
    expect(run.withoutRetry, told).toBe(0)
    expect(run.lost, told).toBe(0)
    expect(run.residentRiseMb, told).toBeLessThan(0.05 * run.residentMb)
    expect(run.longestLatestMs, told).toBeLessThan(1000)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
