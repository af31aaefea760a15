import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, rmSync, statfsSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { MangroveError, quality, seededRandom } from '../../kernel/index.ts'
import { databaseFile } from '../duckdb/database.ts'
import { openDuckEngine } from '../duckdb/open-engine.ts'
import type { Observation } from '../observations/observation-types.ts'
import { partsOf } from '../open-store.ts'
import { dayStartMs, movableClock, observation } from '../store.fixture.ts'

/**
 * A process on a small disk: `disk|limit folder copy rounds seed`. It fills the disk, or takes the right to write larger
 * files from itself, asks the store for everything, gives the room back and asks again; the last line it prints is what
 * it saw. `copy` becomes what a kill at the end would leave.
 */
const [way = '', folder = '', copy = '', rounds = '4', seed = '1'] = process.argv.slice(2)
const random = seededRandom(Number(seed))
const data = join(folder, 'data')
const ballast = join(folder, 'ballast')
mkdirSync(data, { recursive: true })

const sizeOf = (file: string): number => (existsSync(file) ? statSync(file).size : 0)
const limitFiles = (bytes: string): void => {
  const done = spawnSync('prlimit', ['--pid', String(process.pid), `--fsize=${bytes}:unlimited`])
  if (done.status !== 0) throw new Error(String(done.stderr))
}
const takeRoom = (leftBytes: number): void => {
  if (way === 'limit') {
    const file = databaseFile(data)
    limitFiles(String(Math.max(sizeOf(`${file}.wal`), 8192) + leftBytes))
    return
  }
  const { bavail, bsize } = statfsSync(folder)
  writeFileSync(ballast, Buffer.alloc(Math.max(0, bavail * bsize - leftBytes)))
}
const giveRoom = (): void => {
  if (way === 'limit') limitFiles('unlimited')
  else rmSync(ballast, { force: true })
}

/** Batches of 2000 values of one point, in the month before last. */
const batchOf = (batch: number): readonly Observation[] =>
  Array.from({ length: 2000 }, (_, row) =>
    observation({ timestampMs: dayStartMs + (batch * 2000 + row) * 1000, value: random.next() }),
  )

const clock = movableClock(dayStartMs + 60 * 86_400_000)
const engine = await openDuckEngine(data, clock, { rows: 1, waitMs: 0 })
const store = partsOf(engine, data, clock)
const acknowledged: number[] = []
const refused: number[] = []
const seen = { put: new Set<string>(), upkeep: new Set<string>(), read: new Set<string>(), after: new Set<string>() }
let next = 0

const codeOf = (error: unknown): string =>
  error instanceof MangroveError ? error.code : error instanceof Error ? error.message.slice(0, 200) : String(error)
const note = async (codes: Set<string>, work: () => Promise<unknown>): Promise<boolean> => {
  try {
    await work()
    return true
  } catch (error) {
    codes.add(codeOf(error))
    return false
  }
}
const put = async (codes: Set<string>): Promise<void> => {
  const batch = next
  next += 1
  const stored = await note(codes, () => store.observations.put(batchOf(batch)))
  ;(stored ? acknowledged : refused).push(batch)
}
const rowsOf = async (batch: number) => {
  const fromMs = dayStartMs + batch * 2_000_000
  const found = await store.observations.range({
    site: 'park',
    points: ['pv.powerKw'],
    fromMs,
    toMs: fromMs + 2_000_000,
  })
  return found['pv.powerKw']?.values.length ?? 0
}
const checkpoint = () => engine.database.write((sql) => sql.all('FORCE CHECKPOINT'))

for (let round = 0; round < Number(rounds); round += 1) {
  for (let batch = 0; batch < 3 + round; batch += 1) await put(seen.after)
  takeRoom(Math.floor(random.next() * 60_000))
  for (let attempt = 0; attempt < 3; attempt += 1) {
    await put(seen.put)
    await note(seen.upkeep, () => store.upkeep.turn())
    if (attempt === 1) await note(seen.upkeep, () => store.upkeep.seal())
    // What DuckDB does by itself when its log has grown; on a full disk it breaks the instance.
    if (round % 2 === 1) await note(seen.upkeep, checkpoint)
    await note(seen.read, async () => {
      const [latest] = await store.observations.latest('park')
      if (latest?.quality !== quality.good) throw new Error('no latest value')
      if ((await rowsOf(acknowledged.at(-1)!)) !== 2000) throw new Error('what was acknowledged cannot be read')
    })
  }
  giveRoom()
  await put(seen.after)
  await note(seen.after, () => store.upkeep.turn())
  clock.nowMs += 2 * 86_400_000
  await note(seen.after, () => store.upkeep.seal())
}
const torn: number[] = []
for (const batch of refused) if (![0, 2000].includes(await rowsOf(batch))) torn.push(batch)
const lost: number[] = []
for (const batch of acknowledged) if ((await rowsOf(batch)) !== 2000) lost.push(batch)
const { damaged } = await store.upkeep.verify()
cpSync(data, copy, { recursive: true })
const lists = Object.fromEntries(Object.entries(seen).map(([name, codes]) => [name, [...codes]]))
process.stdout.write(`${JSON.stringify({ ...lists, acknowledged, refused: refused.length, torn, lost, damaged })}\n`)
await store.close()
