import { describe, expect, it, vi } from 'vitest'
import { createUpkeepLoop, type UpkeepLoop, type UpkeepLoopOptions } from './upkeep-loop.ts'

type Turn = { readonly quarters: number; readonly more: boolean }

/** A loop in simulated time, which is stopped after so long; turns do what is said. */
async function runFor(
  simulatedMs: number,
  turns: (count: number) => Turn | Error,
  more: Partial<UpkeepLoopOptions> = {},
) {
  let nowMs = 1_000_000
  const endMs = nowMs + simulatedMs
  const asked: number[] = []
  const sealed: number[] = []
  let inside = 0
  let mostAtOnce = 0
  const alone = async <T>(work: () => T): Promise<T> => {
    inside += 1
    mostAtOnce = Math.max(mostAtOnce, inside)
    await new Promise((resolve) => setImmediate(resolve))
    inside -= 1
    return work()
  }
  const report = vi.fn()
  const ended = Promise.withResolvers<void>()
  const loop: UpkeepLoop = createUpkeepLoop({
    report,
    now: () => nowMs,
    async wait(waitMs) {
      nowMs += waitMs
      await new Promise((resolve) => setImmediate(resolve))
      if (nowMs > endMs) void loop.stop().then(ended.resolve)
    },
    upkeep: {
      turn: () =>
        alone(() => {
          asked.push(nowMs)
          const turn = turns(asked.length)
          if (turn instanceof Error) throw turn
          return turn
        }),
      seal: () =>
        alone(() => {
          sealed.push(nowMs)
          return [{ site: 'a', month: '2026-06' }]
        }),
    },
    ...more,
  })
  loop.start()
  await ended.promise
  const spaces = asked.slice(1).map((time, index) => time - asked[index]!)
  return { ...{ loop, asked, spaces, sealed, mostAtOnce }, told: report.mock.calls.map(([, message]) => message) }
}

const nothing: Turn = { quarters: 0, more: false }

describe('the loop of upkeep', () => {
  it('takes a turn every second, and the next at once while more is due', async () => {
    const { spaces, loop } = await runFor(3000, (count) => ({ quarters: 2, more: count === 2 || count === 3 }))
    expect(spaces).toEqual([1000, 5, 5, 1000])
    expect(loop.figures()).toMatchObject({ turns: 5, quarters: 10, failures: 0, running: false })
  })

  it('seals every hour, never beside a turn', async () => {
    const { sealed, mostAtOnce, loop } = await runFor(3 * 3_600_000, () => nothing, { turnMs: 60_000 })
    expect(sealed.map((time) => time - 1_000_000)).toEqual([60_000, 3_660_000, 7_260_000])
    expect(loop.figures().sealedMonths).toBe(3)
    expect(mostAtOnce).toBe(1)
  })

  it('waits longer after each failure, tells it ever more seldom, and is itself again after a turn that goes well', async () => {
    const turns = (count: number): Turn | Error => (count <= 8 ? new Error('full') : nothing)
    const { spaces, told, loop } = await runFor(115_000, turns, { longestWaitMs: 20_000 })
    expect(spaces.slice(0, 9)).toEqual([2000, 4000, 8000, 16_000, 20_000, 20_000, 20_000, 20_000, 1000])
    expect(told).toEqual([1, 2, 4, 8].map((count) => `upkeep of the store failed, ${count} in a row`))
    expect(loop.figures()).toMatchObject({ failures: 8, failuresInARow: 0 })
  })

  it('goes on when months cannot be sealed', async () => {
    const seal = () => Promise.reject(new Error('damaged'))
    const { asked, told, loop } = await runFor(4 * 3_600_000, () => nothing, {
      ...{ turnMs: 600_000, upkeep: { turn: async () => nothing, seal } },
    }).then((run) => ({ ...run, asked: run.loop.figures().turns }))
    expect(asked).toBeGreaterThan(20)
    expect(told.every((message) => message === 'months were not sealed')).toBe(true)
    expect(loop.figures()).toMatchObject({ failures: 4, failuresInARow: 0, sealedMonths: 0 })
  })

  it('ends with the turn that is going on, and takes none afterwards', async () => {
    const going = Promise.withResolvers<Turn>()
    const turn = vi.fn(() => going.promise)
    const loop = createUpkeepLoop({ upkeep: { turn, seal: async () => [] }, report: () => undefined })
    loop.start()
    let stopped = false
    const stop = loop.stop().then(() => {
      stopped = true
    })
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(stopped).toBe(false)
    going.resolve({ quarters: 0, more: true })
    await stop
    expect(turn).toHaveBeenCalledTimes(1)
  })
})
