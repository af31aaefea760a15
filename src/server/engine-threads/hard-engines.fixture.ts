// Engines that do to their thread what a mistake in an engine might.
import { setTimeout as sleep } from 'node:timers/promises'
import { threadId } from 'node:worker_threads'
import Type from 'typebox'
import { defineEngine, defineErrors, MangroveError, type Pack } from '../../kernel/index.ts'

const errors = defineErrors('hard', {
  first: { status: 422, title: 'The first' },
  second: { status: 409, title: 'The second' },
})

const input = Type.Object({ site: Type.Optional(Type.String()), ms: Type.Number({ default: 0 }) })
const output = Type.Object({ said: Type.String() })

const engine = (
  name: string,
  run: (context: Parameters<ReturnType<typeof defineEngine>['run']>[1], ms: number) => Promise<string>,
  long = false,
) =>
  defineEngine({
    id: `hard.${name}`,
    title: name,
    description: name,
    version: '1.0.0',
    input,
    output,
    long,
    run: async ({ ms }, context) => ({ said: await run(context, ms) }),
  })

const waits = async ({ signal }: { readonly signal: AbortSignal }, ms: number): Promise<string> => {
  await sleep(ms, undefined, { signal })
  return 'waited'
}

export const hardPack: Pack = {
  name: 'hard',
  title: 'Hard',
  assets: [],
  sections: [],
  engines: [
    engine('greets', async () => `good day from ${threadId}`),
    engine('loops', async () => {
      for (;;) {
        // Never gives its turn to anyone.
      }
    }),
    engine('hoards', async () => {
      let kept: unknown
      for (let k = 0; ; k += 1) kept = { before: kept, numbers: [k, k + 1, k + 2] }
    }),
    engine('exits', async () => process.exit(3)),
    engine('strays', async () => {
      void Promise.reject(new Error('nobody waits for this'))
      await sleep(10_000)
      return 'never'
    }),
    engine('refuses', async () => {
      throw new MangroveError(
        [
          errors.first.problem({
            detail: 'one',
            found: { at: Number.NaN },
            expected: 'another',
            place: { file: 'a.yaml', line: 3, path: 'a.b' },
          }),
          errors.second.problem({ detail: 'two', found: () => 'not to be sent' }),
        ],
        { cause: new RangeError('below') },
      )
    }),
    engine('fails', async () => {
      throw new TypeError('a mistake with a secret in it')
    }),
    engine('counts', async ({ progress }) => {
      for (let step = 0; step < 50_000; step += 1) progress(step / 50_000, `step ${step}`)
      await sleep(100)
      return 'counted'
    }),
    engine('waits', waits),
    engine('waits-long', waits, true),
  ],
}

export const packs: readonly Pack[] = [hardPack]
