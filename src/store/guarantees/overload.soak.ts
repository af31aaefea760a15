import { expect, it } from 'vitest'
import { overload } from './overload.fixture.ts'

/** `SOAK_MINUTES=5` is shorter. */
const minutes = Number(process.env.SOAK_MINUTES ?? 30)

it(`memory stays flat over ${minutes} minutes of twice what the store can take`, async () => {
  let count = 0
  const seconds = await overload(minutes * 60, (second) => {
    count += 1
    if (count % 30 === 0) process.stdout.write(`${JSON.stringify(second)}\n`)
  })
  // The first third fills caches. Peaks, not means: a leak shows in them as well.
  const peak = (from: number, to: number): number =>
    Math.max(
      ...seconds.slice(Math.floor(from * seconds.length), Math.ceil(to * seconds.length)).map(({ rssMb }) => rssMb),
    )
  const figures = { early: peak(1 / 3, 2 / 3), late: peak(2 / 3, 1), ...seconds.at(-1) }
  process.stdout.write(`${JSON.stringify(figures)}\n`)
  expect(figures.failed).toBe(0)
  expect(figures.refused).toBeGreaterThan(0)
  expect(figures.late).toBeLessThanOrEqual(figures.early * 1.05)
})
