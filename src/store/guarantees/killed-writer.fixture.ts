import { spawnSync } from 'node:child_process'
import { existsSync, statSync, writeSync } from 'node:fs'
import { MangroveError, seededRandom } from '../../kernel/index.ts'
import { databaseFile } from '../duckdb/database.ts'
import { openDuckEngine } from '../duckdb/open-engine.ts'
import type { Observation } from '../observations/observation-types.ts'
import { partsOf } from '../open-store.ts'
import { movableClock } from '../store.fixture.ts'
import { correction, drawBelow, numberedBatch } from './numbered-rows.fixture.ts'

/**
 * A process that writes until it is killed: `folder firstBatch nowMs [seed]`. Each acknowledged batch is one line on the
 * standard output, `b 17`, so is each correction, `c 17`, and each month that was sealed, `s 2026-07`; `ready` comes
 * before them. With a seed, the clock is set to and fro, batches come shuffled, and at times files may not grow.
 */
const [folder = '', first = '0', now = '0', seed] = process.argv.slice(2)
const clock = movableClock(Number(now))
/** To the pipe at once: what was acknowledged before the kill is told. */
const tell = (line: string): void => {
  writeSync(1, `${line}\n`)
}
const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

const engine = await openDuckEngine(folder, clock, { rows: 400, waitMs: 0 })
const { observations, upkeep } = partsOf(engine, folder, clock)
tell('ready')

/** What is refused for want of room is tried again, as a sender would. */
const insist = async <T>(work: () => Promise<T>): Promise<T> => {
  for (;;) {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof MangroveError && error.code === 'store.full')) throw error
      tell('f')
      await wait(20)
    }
  }
}
const put = (rows: readonly Observation[]): Promise<void> => insist(() => observations.put(rows))

let next = Number(first)
const write = async (): Promise<void> => {
  for (;;) {
    const batch = next
    next += 1
    const rows = numberedBatch(batch)
    await put(seed && batch % 2 === 0 ? rows.toReversed() : rows)
    tell(`b ${batch}`)
    // A sender that did not hear the answer sends again.
    if (batch % 7 === 0) await put(rows)
    await wait(batch % 5)
  }
}
const correct = async (): Promise<void> => {
  for (let number = Number(first); ; number += 1) {
    await put([correction(number)])
    tell(`c ${number}`)
  }
}
const keep = async (): Promise<void> => {
  for (;;) {
    for (const { month } of await insist(upkeep.seal)) tell(`s ${month}`)
    // Two days on, so that what comes late is added to what is sealed.
    clock.nowMs += 2 * 86_400_000
    await insist(upkeep.turn)
    await insist(upkeep.turn)
  }
}
/** Files may not grow beyond what they are, for a moment. */
const limitFiles = (bytes: string): void => {
  spawnSync('prlimit', ['--pid', String(process.pid), `--fsize=${bytes}:unlimited`])
}
const disturb = async (): Promise<void> => {
  const random = seededRandom(Number(seed))
  const log = `${databaseFile(folder)}.wal`
  for (;;) {
    await wait(drawBelow(random, 150))
    clock.nowMs += (random.next() < 0.5 ? -1 : 1) * 86_400_000
    if (random.next() > 0.3) continue
    limitFiles(String((existsSync(log) ? statSync(log).size : 0) + drawBelow(random, 20_000)))
    await wait(drawBelow(random, 200))
    limitFiles('unlimited')
  }
}
await Promise.all([write(), write(), write(), write(), correct(), keep(), ...(seed ? [disturb()] : [])])
