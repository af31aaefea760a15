import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { isDeepStrictEqual } from 'node:util'
import { expect } from 'vitest'
import { seededRandom } from '../../../kernel/index.ts'
import { openFileJournal } from './file-journal.ts'
import { numberedRecord } from './numbered-records.fixture.ts'
import { stateOf } from './state-of-book.fixture.ts'
import { StationBook } from './station-book.ts'

/** Kills a process that writes and folds at a random moment, so many times over one file, and looks each time whether all is there. */
export async function killFolds(file: string, { kills, seed }: { readonly kills: number; readonly seed: number }) {
  const random = seededRandom(seed)
  let next = 0
  let folds = 0
  for (let kill = 0; kill < kills; kill += 1) {
    const script = join(import.meta.dirname, 'killed-folder.fixture.ts')
    const child = spawn(process.execPath, [script, file, String(next)], { stdio: ['ignore', 'pipe', 'inherit'] })
    const ended = new Promise((resolve) => child.once('close', resolve))
    const lines = 20 + Math.floor(random.next() * 150)
    let acknowledged = next - 1
    let seen = 0
    for await (const line of createInterface({ input: child.stdout })) {
      if (line === 'f') folds += 1
      else if (line !== 'ready') acknowledged = Number(line)
      seen += 1
      if (seen === lines) setTimeout(() => child.kill('SIGKILL'), random.next() * 3)
    }
    await ended
    const journal = await openFileJournal(file)
    const book = new StationBook()
    for await (const record of journal.read()) book.apply(record)
    await journal.close()
    // The one that was on its way may be there too.
    const states = [0, 1].map((more) => stored(stateOf(bookOf(acknowledged + 1 + more))))
    const found = stored(stateOf(book))
    expect(states).toContainEqual(found)
    next = acknowledged + 1 + states.findIndex((state) => isDeepStrictEqual(state, found))
  }
  return { records: next, folds }
}

/** Without what is undefined. */
const stored = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

function bookOf(count: number): StationBook {
  const book = new StationBook()
  for (let number = 0; number < count; number += 1) book.apply(numberedRecord(number))
  return book
}
