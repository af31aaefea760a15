import { spawnSync } from 'node:child_process'
import { closeSync, createWriteStream, mkdtempSync, openSync, readSync, rmSync, statSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { fixedClock, seededRandom } from '../../kernel/index.ts'
import { openStore } from '../../store/index.ts'
import { signCheckpoint } from './checkpoint.ts'
import { exportFooter, exportHeader } from './export-form.ts'
import {
  createLedger,
  createMerkleTree,
  type Entry,
  type EntryBody,
  type EntryDraft,
  entryText,
  type MadeDraft,
  openLogSigner,
} from './index.ts'
import { claimOf, emission, signer, yearStartMs } from './ledger.fixture.ts'

const script = join(import.meta.dirname, '../../../docs/verify-ledger.mjs')
const folder = mkdtempSync(join(tmpdir(), 'mangrove-million-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

it('finds each of 10 bytes changed in an export of a million entries', async () => {
  const count = 1_000_000
  const file = join(folder, 'million.ndjson')
  const tree = createMerkleTree()
  const out = createWriteStream(file)
  const write = async (line: string): Promise<void> => {
    if (!out.write(`${line}\n`)) await new Promise<void>((resolve) => out.once('drain', () => resolve()))
  }
  await write(exportHeader({ origin: 'mangrove/park', verifierKey: signer.verifierKey, size: count }))
  for (let k = 0; k < count; k += 1) {
    const line = entryText({ ...emission(`e${k}`, { claims: [claimOf(k)] }), atMs: yearStartMs } as Entry)
    tree.append(Buffer.from(line))
    await write(line)
  }
  const checkpoint = { origin: 'mangrove/park', size: count, root: tree.root(), time: '2023-01-01T00:00:00.000Z' }
  await write(exportFooter(signCheckpoint(checkpoint, signer)))
  await new Promise<void>((resolve) => out.end(() => resolve()))
  const verify = () => spawnSync(process.execPath, [script, file, signer.verifierKey], { encoding: 'utf8' })
  const began = performance.now()
  expect(verify()).toMatchObject({ status: 0, stdout: expect.stringContaining('1000000 entries') })
  process.stdout.write(
    `a million entries, ${(statSync(file).size / 1e6).toFixed(0)} MB, verified in ${((performance.now() - began) / 1000).toFixed(1)} s\n`,
  )
  const random = seededRandom(7)
  const handle = openSync(file, 'r+')
  const byte = Buffer.alloc(1)
  for (let round = 0; round < 10; round += 1) {
    const at = Math.floor(random.next() * statSync(file).size)
    readSync(handle, byte, 0, 1, at)
    const [was] = byte
    writeSync(handle, Buffer.from([was! ^ (1 + Math.floor(random.next() * 255))]), 0, 1, at)
    expect(verify().status, `byte ${at}`).toBe(1)
    writeSync(handle, Buffer.from([was!]), 0, 1, at)
  }
  closeSync(handle)
  expect(verify().status).toBe(0)
})

it('issues no serial twice in 10,000 operations of 8 workers, many of them sent again; another node sees the same', async () => {
  const clock = fixedClock(yearStartMs)
  const store = await openStore(join(folder, 'store'), clock)
  const own = await openLogSigner(store.records, 'park')
  const open = () => createLedger({ journal: store.journal, clock, signer: own, site: 'park' })
  const ledger = open()
  const sha = 'c'.repeat(64)
  const event = (id: string, body: EntryBody<'credit'>['event']): EntryDraft => ({
    ...{ id, by: 'r', kind: 'credit', body: { event: body } },
  })
  const about = { title: 'P', country: 'CN', programme: 'CCER', methodology: 'M' }
  await ledger.append(event('p', { type: 'project', project: 'P', ...about }))
  await ledger.append(event('v', { type: 'validate', project: 'P', report: sha }))
  await ledger.append(event('q', { type: 'verify', project: 'P', vintage: 2023, quantity: '1000000', report: sha }))
  const issue = (id: string): MadeDraft => ({
    ...{ id, by: 'r', kind: 'credit' },
    make: ({ credits }) => ({ event: { type: 'issue', block: credits.nextBlock('P', 2023, 10n), to: 'owner' } }),
  })
  const random = seededRandom(3)
  const numbers = new Map<string, number>()
  let given = 0
  const workers = Array.from({ length: 8 }, async () => {
    while (given < 10_000) {
      given += 1
      const id = `issue-${Math.floor(random.next() * 6000)}`
      const { number } = await ledger.append(issue(id))
      expect(numbers.get(id) ?? number).toBe(number)
      numbers.set(id, number)
    }
  })
  await Promise.all(workers)
  const other = open()
  expect(await other.read(({ credits }) => credits.totals('P', 2023).issued)).toBe(BigInt(numbers.size * 10))
  expect(await other.checkpoint()).toBe(await ledger.checkpoint())
  await store.close()
})
