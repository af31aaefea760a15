import type { TestProject } from 'vitest/node'

/** How the property tests of a run draw their cases. */
export interface Draws {
  readonly seed: number
  /** Whether the seed also takes the place of one that a test names. */
  readonly forAll: boolean
  /** Cases drawn where a test asks for one. */
  readonly times: number
}

declare module 'vitest' {
  interface ProvidedContext {
    draws: Draws
  }
}

/** The seed of `npm test`: what failed once fails again. */
const usualSeed = 20260706
/** How much longer a soak looks than `npm test`. */
const soakTimes = 20

/**
 * Chooses the seed of a run before its first test: the same one in every unit run, another one in each soak.
 * `MANGROVE_SEED=<integer>` or `MANGROVE_SEED=random` chooses another one, `MANGROVE_RUNS=<integer>` how many times the cases.
 */
export default function chooseDraws(project: TestProject): void {
  const soak = project.name === 'soak'
  const wish = process.env.MANGROVE_SEED ?? (soak ? 'random' : undefined)
  const seed = wish === 'random' ? Math.floor(Math.random() * 2 ** 31) : wholeNumber('MANGROVE_SEED', wish, usualSeed)
  const times = wholeNumber('MANGROVE_RUNS', process.env.MANGROVE_RUNS, soak ? soakTimes : 1)
  project.provide('draws', { seed, forAll: wish !== undefined, times })
  if (wish !== undefined) process.stdout.write(`Property tests draw from seed ${seed}, ${times} times their cases\n`)
}

function wholeNumber(name: string, text: string | undefined, usual: number): number {
  if (text === undefined) return usual
  if (!/^-?\d+$/.test(text)) throw new Error(`${name} is "${text}", not a whole number`)
  return Number(text)
}
