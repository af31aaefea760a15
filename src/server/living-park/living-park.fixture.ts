import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Site } from '../../kernel/index.ts'
import { noonMs, type TestServer } from '../server.fixture.ts'
import type { Wait } from './living-park.ts'

export const minuteMs = 60_000
export const dayMs = 86_400_000

/** Moves the clock instead of waiting, until the park has lived `steps` steps; then it waits to be stopped. */
export function quickWait(test: TestServer, steps: number): { readonly wait: Wait; readonly lived: Promise<void> } {
  const lived = Promise.withResolvers<void>()
  let left = steps
  return {
    lived: lived.promise,
    async wait(delayMs, signal) {
      left -= 1
      if (left < 0) {
        lived.resolve()
        if (!signal.aborted) await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
        return
      }
      test.clock.nowMs += delayMs
      await nextTurn()
    },
  }
}

export const siteOf = (test: TestServer): Site => test.server.parts.sites.all()[0]!.site
/** Points that somebody measures; the others are computed from them. */
export const pointsOf = (test: TestServer): string[] =>
  [...test.server.parts.sites.points(siteOf(test)).values()]
    .filter(({ expression }) => expression === undefined)
    .map(({ ref }) => ref)
export const everything = (test: TestServer) =>
  test.store.observations.range({ site: siteOf(test).id, points: pointsOf(test), fromMs: 0, toMs: noonMs + dayMs })
export const fail = (error: unknown): never => {
  throw error
}
