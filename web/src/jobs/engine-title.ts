import type { UsedWords } from '../words/words.ts'

/** What people call an engine: `energy.plan` is a plan. One that is newer than the console keeps its id. */
export function engineTitle({ say, knows }: Pick<UsedWords, 'say' | 'knows'>, engine: string): string {
  const key = `engine.${engine}`
  return knows(key) ? say(key) : engine
}
