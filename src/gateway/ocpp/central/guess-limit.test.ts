import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { movingClock, startCentral } from '../scenarios/central.fixture.ts'
import { createStation } from '../station/create-station.ts'
import { createGuessLimit, usualGuesses } from './guess-limit.ts'

const { free, atOnce, everyMs, longestMs } = usualGuesses

describe('guesses of passwords', () => {
  it('of a station from an address wait longer and longer, up to a bound, and are forgotten', () => {
    const clock = movingClock()
    const limit = createGuessLimit(clock)
    for (let turn = 0; turn < free; turn += 1) limit.failed('CP-1', 'a')
    expect(limit.waitMs('CP-1', 'a')).toBe(0)
    const waits = Array.from({ length: 12 }, () => {
      limit.failed('CP-1', 'a')
      return limit.waitMs('CP-1', 'a')
    })
    expect(waits.slice(0, 4)).toEqual([1000, 2000, 4000, 8000])
    expect(Math.max(...waits)).toBe(longestMs)
    // Others at the address are heard, and the same station elsewhere.
    expect([limit.waitMs('CP-2', 'a'), limit.waitMs('CP-1', 'b')]).toEqual([0, 0])
    clock.pass(longestMs / 1000)
    expect(limit.waitMs('CP-1', 'a')).toBe(0)
    limit.succeeded('CP-1', 'a')
    limit.failed('CP-1', 'a')
    expect(limit.waitMs('CP-1', 'a')).toBe(0)
  })

  it('that are spread over stations or addresses are bounded too, and shut no station out that came in before', () => {
    const clock = movingClock()
    const limit = createGuessLimit(clock)
    limit.succeeded('CP-1', 'home')
    limit.succeeded('CP-2', 'bad')
    for (let turn = 0; turn < atOnce; turn += 1) {
      limit.failed('CP-1', `address-${turn}`)
      limit.failed(`CP-x${turn}`, 'bad')
    }
    expect(limit.waitMs('CP-1', 'new')).toBe(everyMs)
    expect(limit.waitMs('CP-9', 'bad')).toBe(everyMs)
    expect([limit.waitMs('CP-1', 'home'), limit.waitMs('CP-2', 'bad')]).toEqual([0, 0])
  })

  it('are no more than the bounds allow, whoever guesses where and when', () => {
    const guess = fc.record({
      station: fc.integer({ min: 0, max: 3 }),
      address: fc.integer({ min: 0, max: 3 }),
      seconds: fc.integer({ min: 0, max: 5 }),
    })
    fc.assert(
      fc.property(fc.array(guess, { minLength: 100, maxLength: 200 }), (guesses) => {
        const clock = movingClock()
        const limit = createGuessLimit(clock, { ...usualGuesses, free: 2, atOnce: 5 })
        const fromMs = clock.now()
        const heard = new Map<string, number>()
        for (const { station, address, seconds } of guesses) {
          clock.pass(seconds)
          if (limit.waitMs(`S${station}`, `A${address}`) > 0) continue
          limit.failed(`S${station}`, `A${address}`)
          for (const key of [`S${station}`, `A${address}`]) heard.set(key, (heard.get(key) ?? 0) + 1)
        }
        const most = 5 + (clock.now() - fromMs) / everyMs
        for (const count of heard.values()) expect(count).toBeLessThanOrEqual(most)
        expect(Math.max(...heard.values())).toBeGreaterThanOrEqual(5)
      }),
      { numRuns: 20 },
    )
  })

  it('of any number of names take bounded memory', () => {
    const limit = createGuessLimit(movingClock(), { ...usualGuesses, keys: 50 })
    for (let turn = 0; turn < 500; turn += 1) {
      limit.failed(`S${turn}`, `A${turn}`)
      limit.succeeded(`T${turn}`, `A${turn}`)
    }
    expect(limit.size()).toBe(50)
  })

  it('are answered with 429 without a look at the password, counted and told', async () => {
    const { system, clock } = await startCentral({ security: 1, stations: ['CP-1', 'CP-2'] })
    const refusals: string[] = []
    system.onRefusal(({ stationId, why }) => refusals.push(`${stationId} ${why}`))
    const come = async (stationId: string, password: string): Promise<boolean> => {
      const url = `ws://127.0.0.1:${system.port}`
      const station = createStation({ url, stationId, password, version: 'ocpp1.6', clock, sockets: 1 })
      try {
        await station.connect()
        await station.disconnect()
        return true
      } catch {
        return false
      }
    }
    for (let turn = 0; turn <= free; turn += 1) expect(await come('CP-1', 'guess')).toBe(false)
    expect(await come('CP-1', 'secret of CP-1')).toBe(false)
    expect(system.figures()).toMatchObject({ refusedConnects: free + 2, unheardConnects: 1 })
    expect(refusals.at(-2)).toBe('CP-1 refused')
    expect(refusals.at(-1)).toBe('CP-1 unheard')
    // Another station of the same address comes in, and this one when its wait is over.
    expect(await come('CP-2', 'secret of CP-2')).toBe(true)
    clock.pass(1)
    expect(await come('CP-1', 'secret of CP-1')).toBe(true)
  })
})
