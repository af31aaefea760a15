import { relative } from 'node:path'
import { expect, inject, vi } from 'vitest'
import './draws.ts'

/** A soak ends a property that still holds after this time, which is below the shortest timeout of a test. */
const longestMs = 50_000
/** And `npm test` after this: its cases come in the order of one seed, so a slow machine sees the first of them. */
const usualLongestMs = 6000

// Only files that import fast-check pay for it: the factory runs when they do.
vi.mock('fast-check', async (importOriginal) => {
  const real = await importOriginal<typeof import('fast-check')>()
  const { seed, forAll, times } = inject('draws')
  real.configureGlobal({ seed })
  const assert = (property: never, own: { readonly seed?: number; readonly numRuns?: number } = {}) => {
    // A file made for soaking counts its own cases.
    const longer = times > 1 && !expect.getState().testPath?.endsWith('.soak.ts')
    const options = {
      // A seed of its own is one that found something.
      ...([undefined, seed].includes(own.seed) ? { interruptAfterTimeLimit: usualLongestMs } : {}),
      ...own,
      ...(forAll ? { seed } : {}),
      ...(longer ? { numRuns: times * (own.numRuns ?? 100), interruptAfterTimeLimit: longestMs } : {}),
    }
    const failed = (error: unknown): never => {
      if (error instanceof Error) error.message += `\n\n${howAgain(options.seed ?? seed, longer ? times : 1)}`
      throw error
    }
    try {
      const running: unknown = real.assert(property, options)
      return running instanceof Promise ? running.catch(failed) : running
    } catch (error) {
      return failed(error)
    }
  }
  return { ...real, assert, default: { ...real.default, assert } }
})

/** The command that draws the cases of this test again. */
function howAgain(seed: number, times: number): string {
  const { testPath = '', currentTestName = '' } = expect.getState()
  const name = currentTestName
    .split(' > ')
    .at(-1)
    ?.replaceAll(/[^\w ,:-]/g, '.')
  const chosen = `MANGROVE_SEED=${seed}${times > 1 ? ` MANGROVE_RUNS=${times}` : ''}`
  const project = testPath.endsWith('.soak.ts') ? 'soak' : 'unit'
  return `Run it again: ${chosen} npx vitest run --project ${project} ${relative('.', testPath)} -t "${name}"`
}
