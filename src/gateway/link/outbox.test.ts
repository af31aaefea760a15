import { describe, expect, it } from 'vitest'
import { seededRandom, systemClock } from '../../kernel/index.ts'
import type { FieldReading } from '../field-protocol.ts'
import { createOutbox } from './outbox.ts'

const readings = (from: number, count: number): readonly FieldReading[] =>
  Array.from({ length: count }, (_, index) => ({
    ...{ ref: 'a.x', timestampMs: from + index, value: 1, quality: 0, unit: '1' },
  }))
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

function house() {
  const taken: number[] = []
  const gates: PromiseWithResolvers<void>[] = []
  return {
    ...{ taken, gates, clock: systemClock, random: seededRandom(1), report: () => undefined },
    async take(some: readonly FieldReading[]) {
      const gate = Promise.withResolvers<void>()
      gates.push(gate)
      await gate.promise
      taken.push(...some.map(({ timestampMs }) => timestampMs))
    },
  }
}

describe('readings on their way to the house', () => {
  it('go together while one batch is being taken, and each once, in their order', async () => {
    const to = house()
    const outbox = createOutbox(to, 'a device')
    outbox.push(readings(0, 2))
    outbox.push(readings(2, 2))
    outbox.push([])
    outbox.push(readings(4, 1))
    to.gates[0]!.resolve()
    await settled()
    expect(to.gates).toHaveLength(2)
    to.gates[1]!.resolve()
    await settled()
    expect(to.taken).toEqual([0, 1, 2, 3, 4])
    expect(outbox.taken).toBe(5)
    await outbox.close()
  })

  it('tell when there are too many, and when there is room again', async () => {
    const to = house()
    const outbox = createOutbox(to, 'a device', 10)
    outbox.push(readings(0, 6))
    expect(outbox.isFull).toBe(false)
    outbox.push(readings(6, 6))
    expect(outbox.isFull).toBe(true)
    let hasRoom = false
    void outbox.room().then(() => {
      hasRoom = true
    })
    await settled()
    expect(hasRoom).toBe(false)
    to.gates[0]!.resolve()
    await settled()
    expect([hasRoom, outbox.isFull]).toEqual([true, false])
    to.gates[1]!.resolve()
    await outbox.close()
    expect(to.taken).toHaveLength(12)
  })

  it('are given a last try at the end, and no more', async () => {
    let tries = 0
    const outbox = createOutbox(
      {
        ...house(),
        async take() {
          tries += 1
          throw new Error('the disk is full')
        },
      },
      'a device',
    )
    outbox.push(readings(0, 1))
    await settled()
    expect(tries).toBe(1)
    await outbox.close()
    expect(tries).toBe(2)
    expect(outbox.taken).toBe(0)
  })
})
