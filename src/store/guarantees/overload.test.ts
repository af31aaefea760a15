import { expect, it } from 'vitest'
import { overload } from './overload.fixture.ts'

it('offered twice what it can take, it refuses by name, and its queue and its memory stay within bounds', async () => {
  const seconds = await overload(5)
  const last = seconds.at(-1)!
  expect(last.acknowledged).toBeGreaterThan(0)
  expect(last.failed).toBe(0)
  for (const { waitingRows, maxWaitingRows, rssMb } of seconds) {
    expect(waitingRows).toBeLessThanOrEqual(maxWaitingRows)
    // 512 MB of DuckDB, two million waiting rows, and Node.
    expect(rssMb).toBeLessThan(1400)
  }
}, 120_000)
