import { writeSync } from 'node:fs'
import { openFileJournal } from './file-journal.ts'
import { numberedRecord, numberedStartMs, numberedStepMs } from './numbered-records.fixture.ts'

/**
 * A process that writes numbered records to a journal and folds it all the time, until it is killed: `file first`. Every record that is on
 * the disk is one line on the standard output; `f` is a fold that has ended.
 */
const [file = '', first = '0'] = process.argv.slice(2)
const journal = await openFileJournal(file)
let number = Number(first)
const fold = async (): Promise<void> => {
  for (;;) {
    await journal.fold(numberedStartMs + (number - 40) * numberedStepMs)
    writeSync(1, 'f\n')
    await new Promise(setImmediate)
  }
}
writeSync(1, 'ready\n')
void fold()
for (;;) {
  await journal.append([numberedRecord(number)])
  writeSync(1, `${number}\n`)
  number += 1
}
