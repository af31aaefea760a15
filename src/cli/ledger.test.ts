import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { runCommandLine } from './run-command-line.ts'
import { createTerminal } from './terminal.ts'

const folder = mkdtempSync(join(tmpdir(), 'mangrove-ledger-cli-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const entries = join(import.meta.dirname, '../../docs/guides/carbon-entries.ndjson')

async function mangrove(...args: readonly string[]): Promise<{ code: number; out: string; error: string }> {
  const written = { out: '', error: '' }
  const stream = (name: 'out' | 'error') => ({
    isTTY: false,
    write(text: string) {
      written[name] += text
      return true
    },
  })
  const terminal = createTerminal(stream('out') as never, stream('error') as never)
  const code = await runCommandLine(['ledger', ...args], {
    ...{ terminal, signal: new AbortController().signal, dataFolder: join(folder, 'data') },
  })
  return { code, ...written }
}

it('writes entries, exports them, and verifies export and proof without the store', async () => {
  expect(await mangrove('verify', '--site', 'park')).toMatchObject({
    code: 3,
    error: expect.stringContaining('no store'),
  })
  expect(await mangrove('append', 'park', entries)).toMatchObject({
    code: 0,
    out: expect.stringContaining('Wrote 5 entries'),
  })
  expect((await mangrove('append', 'park', entries)).out).toContain('5 were there already')
  expect(await mangrove('verify', '--site', 'other')).toMatchObject({
    code: 3,
    error: expect.stringContaining('no ledger yet'),
  })

  const file = join(folder, 'ledger.ndjson')
  const { verifierKey } = JSON.parse((await mangrove('export', 'park', file, '--json')).out)
  expect((await mangrove('export', 'park')).out.split('\n').slice(0, -2)).toEqual(
    readFileSync(file, 'utf8').split('\n').slice(0, -2),
  )
  expect(await mangrove('verify', file, '--key', verifierKey)).toMatchObject({
    code: 0,
    out: expect.stringContaining('you trust'),
  })
  expect(JSON.parse((await mangrove('verify', file, '--json')).out)).toMatchObject({ ok: true, size: 5 })
  expect(await mangrove('verify', file, '--key', `${verifierKey}x`)).toMatchObject({ code: 3 })
  writeFileSync(file, readFileSync(file, 'utf8').replace('84210.4', '84210.5'))
  expect(await mangrove('verify', file)).toMatchObject({
    code: 3,
    error: expect.stringContaining('carbon.broken-export'),
  })

  const proof = join(folder, 'proof.json')
  writeFileSync(proof, (await mangrove('proof', 'park', 'grid-2023-02')).out)
  expect(await mangrove('verify', proof, '--key', verifierKey)).toMatchObject({
    code: 0,
    out: expect.stringContaining('Entry 1 is in'),
  })
  writeFileSync(proof, readFileSync(proof, 'utf8').replace('79530.0', '79530.1'))
  expect(await mangrove('verify', proof)).toMatchObject({ code: 3, error: expect.stringContaining('carbon.bad-proof') })
})

it('says what is wrong with a command line, and with a file of entries', async () => {
  expect((await mangrove('verify')).code).toBe(2)
  expect((await mangrove('append', 'Park/..', entries)).code).toBe(2)
  expect(await mangrove('verify', join(folder, 'nothing'))).toMatchObject({
    code: 3,
    error: expect.stringContaining('no such file'),
  })
  const file = join(folder, 'bad.ndjson')
  writeFileSync(file, '{"id":"x"}\n')
  expect(await mangrove('append', 'park', file)).toMatchObject({
    code: 3,
    error: expect.stringContaining('carbon.bad-entry'),
  })
  writeFileSync(file, '{"id"\n')
  expect(await mangrove('append', 'park', file)).toMatchObject({
    code: 3,
    error: expect.stringContaining('bad.ndjson:1'),
  })
})

it('exports credits for a party of Article 6.2, and for the Climate Action Data Trust', async () => {
  const sha = 'a'.repeat(64)
  const block = { project: 'MGR-1', vintage: 2025, start: '1', end: '100' }
  const ndc = { document: sha, metric: 't CO2e', target: 'peak before 2030' }
  const events = [
    {
      ...{ type: 'project', project: 'MGR-1', title: 'Mangrove', country: 'CN', programme: 'CCER', methodology: 'M' },
    },
    { type: 'validate', project: 'MGR-1', report: sha },
    { type: 'verify', project: 'MGR-1', vintage: 2025, quantity: '100', report: sha },
    { type: 'issue', block, to: 'owner' },
    { type: 'authorise', project: 'MGR-1', use: 'ndc', letter: sha, ndc },
    { type: 'transfer-abroad', block: { ...block, end: '40' }, from: 'owner', to: 'buyer', party: 'SG' },
  ]
  const file = join(folder, 'credits.ndjson')
  const drafts = events.map((event, k) =>
    JSON.stringify({ id: `c${k}`, by: 'registry', kind: 'credit', body: { event } }),
  )
  writeFileSync(file, drafts.join('\n'))
  expect(await mangrove('append', 'credits', file)).toMatchObject({ code: 0 })

  const [project] = JSON.parse((await mangrove('credits', 'credits')).out)
  expect(project.units.map(({ unitCount }: { unitCount: string }) => unitCount)).toEqual(['40', '60'])
  const year = String(new Date().getUTCFullYear())
  const aef = ['credits', 'credits', '--format', 'aef', '--party', 'SG', '--year', year]
  const report = JSON.parse((await mangrove(...aef)).out)
  expect(report.account).toMatchObject({ acquiredT: '40', holdingsT: '40' })
  const csv = (await mangrove(...aef, '--table', 'holdings', '--approach', '{"MGR-1":"CA0001"}')).out
  expect(csv.split('\r\n')[1]).toContain('CA0001,c4,CHN')
  const told = await mangrove(...aef, '--out', join(folder, 'aef.json'))
  expect(told.out).toContain('acquired 40 t, passed on 0 t, used 0 t, cancelled 0 t, holds 40 t')
  expect(JSON.parse(readFileSync(join(folder, 'aef.json'), 'utf8'))).toMatchObject({ party: 'SGP' })

  expect((await mangrove('credits', 'credits', '--format', 'aef')).code).toBe(2)
  expect((await mangrove('credits', 'credits', '--format', 'xml')).code).toBe(2)
  expect((await mangrove(...aef, '--approach', '{"MGR-1":"one"}')).code).toBe(2)
})
