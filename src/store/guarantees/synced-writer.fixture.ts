import { writeSync } from 'node:fs'
import { openStore } from '../open-store.ts'
import { numberedBatch } from './numbered-rows.fixture.ts'

/** A process that stores five batches one after another and tells each once it is acknowledged: `folder`. */
const store = await openStore(process.argv[2])
for (let batch = 1; batch <= 5; batch += 1) {
  await store.observations.put(numberedBatch(batch))
  writeSync(1, `acknowledged ${batch}\n`)
}
await store.close()
