import fc from 'fast-check'
import { expect, it } from 'vitest'
import { localToMs } from '../../kernel/index.ts'
import { localMoments } from './local-time.ts'

it('the moments of a clock time are those of the zone data, whichever way they are found', () => {
  const zones = fc.constantFrom('Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Shanghai', 'UTC')
  const clock = fc.record({
    year: fc.integer({ min: 1990, max: 2040 }),
    month: fc.constantFrom(2, 3, 4, 7, 10, 11, 13),
    day: fc.integer({ min: 1, max: 31 }),
    hour: fc.integer({ min: 0, max: 24 }),
    minute: fc.constantFrom(0, 15, 30, 60),
  })
  const attempt = <T>(work: () => T): T | string => {
    try {
      return work()
    } catch (error) {
      return (error as { code: string }).code
    }
  }
  fc.assert(
    fc.property(clock, zones, (fields, zone) => {
      expect(attempt(() => localMoments(fields, zone))).toEqual(
        attempt(() => ({ earlierMs: localToMs(fields, zone), laterMs: localToMs(fields, zone, 'later') })),
      )
    }),
  )
})
