import { expect, it } from 'vitest'
import { createReceiveTimes } from './receive-times.ts'

const hour = 3_600_000
const startMs = Date.UTC(2026, 6, 6)

function atClock() {
  const clock = { nowMs: startMs, now: () => clock.nowMs }
  const count = { ms: 500 }
  const receive = createReceiveTimes(clock, () => count.ms)
  const pass = (ms: number): void => {
    clock.nowMs += ms
    count.ms += ms
  }
  return { clock, receive, pass }
}

it('is what the clock says, also where that jumps ahead', () => {
  const { clock, receive, pass } = atClock()
  expect(receive()).toBe(startMs)
  pass(hour)
  expect(receive()).toBe(startMs + hour)
  clock.nowMs += 100 * hour
  expect(receive()).toBe(startMs + 101 * hour)
})

it('goes on from where it was when the clock is set back, until that has caught up', () => {
  const { clock, receive, pass } = atClock()
  receive()
  clock.nowMs -= 5 * hour
  for (let passed = 1; passed <= 4; passed += 1) {
    pass(hour)
    expect(receive()).toBe(startMs + passed * hour)
  }
  clock.nowMs += 6 * hour
  expect(receive()).toBe(startMs + 5 * hour)
})

it('believes after a day that the clock was wrong before and is right now', () => {
  const { clock, receive, pass } = atClock()
  receive()
  clock.nowMs -= 1000 * hour
  pass(hour)
  expect(receive()).toBe(startMs + hour)
  pass(24 * hour)
  expect(receive()).toBe(startMs - 975 * hour)
})
