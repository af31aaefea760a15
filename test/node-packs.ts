// The packs of the house, and an engine whose runs can be counted: what threads of test/nodes.test.ts load.
import { appendFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import Type from 'typebox'
import { defineEngine, entryOf, type PackEntry } from '../src/kernel/index.ts'
import { packEntries as house } from '../src/pack-entries.ts'

const countedRun = defineEngine({
  id: 'test.counted',
  title: 'A run that is counted',
  description: 'Tells a file when it begins and when it ends',
  version: '1.0.0',
  input: Type.Object({ number: Type.Integer(), ms: Type.Integer(), file: Type.String() }),
  output: Type.Object({ number: Type.Integer() }),
  long: true,
  async run({ number, ms, file }, { signal, progress }) {
    const tell = (what: string): void => appendFileSync(file, `${what} ${number} ${process.pid} ${Date.now()}\n`)
    tell('begin')
    for (let step = 0; step < 10; step += 1) {
      progress(step / 10, `step ${step}`)
      await sleep(ms / 10, undefined, { signal })
    }
    tell('end')
    return { number }
  },
})

const testEntry = entryOf({ name: 'test', title: 'Test', assets: [], sections: [], engines: [countedRun] })

export const packEntries: readonly PackEntry[] = [...house, testEntry]
