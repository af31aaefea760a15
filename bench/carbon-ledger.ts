// The ledger: durable appends with group commit in DuckDB and in PostgreSQL, its log read again from nothing, and proofs in a million entries.
// `--entries N` writes N instead of 100,000 entries; a million takes some minutes.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  createLedger,
  createMerkleTree,
  type EntryDraft,
  factorBookWith,
  leafHash,
  openLogSigner,
  pedigreeOf,
  verifyInclusion,
} from '../src/carbon/index.ts'
import { systemClock } from '../src/kernel/index.ts'
import { openStore, type StoreOptions } from '../src/store/index.ts'
import { startEmbeddedServer } from '../src/store/postgres/embedded.fixture.ts'
import { type Figure, figure, percentile, report } from './report.ts'

const asked = process.argv.indexOf('--entries')
const count = asked < 0 ? 100_000 : Number(process.argv[asked + 1])
const goalPerS = 5000
const hourMs = 3_600_000
const factor = pedigreeOf(factorBookWith().get('grid-cn/CN-JS.2023'))

/** An hour of one of a hundred meters: activity, factor with its pedigree, amount, and a claim on its kilowatt-hours. */
const draft = (k: number): EntryDraft => {
  const fromMs = Date.UTC(2023, 0, 1) + Math.floor(k / 100) * hourMs
  const meter = `meter-${k % 100}`
  const amount = `${100 + (k % 900)}`
  return {
    ...{ id: `${meter}-${fromMs}`, by: 'bench', kind: 'emission' },
    body: {
      ...{ book: 'inventory', scope: 2, method: 'location', asset: meter, fromMs, toMs: fromMs + hourMs },
      ...{
        activity: { amount, unit: 'kWh', subject: 'electricity' },
        factors: [factor],
        gas: 'CO2',
        boundary: 'direct',
      },
      amountKg: ((Number(amount) * 5827) / 10_000).toFixed(4),
      claims: [{ key: `energy/park/${meter}`, fromMs, toMs: fromMs + hourMs, share: '1' }],
    },
  }
}

interface Appended {
  readonly appendMs: number
  readonly rebuildMs: number
  readonly same: boolean
  readonly waits: readonly number[]
}

/** Two thousand writers at a time, each waiting for its own entry to be on the disk; then the log is read from nothing. */
async function append(options: StoreOptions): Promise<Appended> {
  const folder = mkdtempSync(join(tmpdir(), 'mangrove-bench-ledger-'))
  const store = await openStore(folder, systemClock, options)
  const signer = await openLogSigner(store.records, 'park')
  const parts = { journal: store.journal, clock: systemClock, signer, site: 'park' }
  const ledger = createLedger(parts)
  await ledger.size()
  const waits: number[] = []
  let next = 0
  const began = performance.now()
  await Promise.all(
    Array.from({ length: 2000 }, async () => {
      while (next < count) {
        const sent = performance.now()
        await ledger.append(draft(next++))
        waits.push(performance.now() - sent)
      }
    }),
  )
  const appendMs = performance.now() - began
  const again = performance.now()
  const rebuilt = createLedger(parts)
  const same = (await rebuilt.checkpoint()).split('\n')[2] === (await ledger.checkpoint()).split('\n')[2]
  const rebuildMs = performance.now() - again
  await store.close()
  rmSync(folder, { recursive: true, force: true })
  return { appendMs, rebuildMs, same, waits }
}

function figuresOf(where: string, { appendMs, rebuildMs, same, waits }: Appended): Figure[] {
  return [
    figure(`${count.toLocaleString('en')} entries appended, each on the disk (${where})`, {
      value: appendMs / 1000,
      goal: count / goalPerS,
      unit: 's',
      note: `${Math.round((count / appendMs) * 1000)} entries/s (goal ${goalPerS}); 2000 writers, each waits ${percentile(waits, 0.5).toFixed(0)} ms at the median, ${percentile(waits, 0.99).toFixed(0)} ms at p99`,
    }),
    figure(`the same log read again from nothing (${where})`, {
      value: same ? rebuildMs / 1000 : Number.NaN,
      goal: count / 10_000,
      unit: 's',
      note: same ? `${Math.round((count / rebuildMs) * 1000)} entries/s, same root` : 'ANOTHER ROOT',
    }),
  ]
}

const inDuckDb = figuresOf('DuckDB', await append({}))
const server = await startEmbeddedServer({ fsync: true }).catch(() => undefined)
if (server === undefined) process.stdout.write('PostgreSQL is not on this machine\n')
const inPostgres = server && figuresOf('PostgreSQL', await append({ databaseUrl: server.url }))
await server?.end()

const million = 1_000_000
const tree = createMerkleTree()
const built = performance.now()
for (let k = 0; k < million; k += 1) tree.append(Buffer.from(`entry ${k}`))
const buildMs = performance.now() - built
const root = tree.root()
const times: number[] = []
let longest = 0
let proven = true
for (let k = 0; k < 2000; k += 1) {
  const index = (k * 499_979) % million
  const path = tree.inclusion(index)
  longest = Math.max(longest, path.length)
  const start = performance.now()
  proven &&= verifyInclusion({ index, size: million, leaf: leafHash(Buffer.from(`entry ${index}`)), root }, path)
  times.push(performance.now() - start)
}

report('carbon-ledger', [
  ...inDuckDb,
  ...(inPostgres ?? []),
  figure('an inclusion proof in a million entries verified, p99', {
    value: proven ? percentile(times, 0.99) : Number.NaN,
    goal: 2,
    note: `${longest} hashes at most; tree of a million built in ${(buildMs / 1000).toFixed(1)} s`,
  }),
])
