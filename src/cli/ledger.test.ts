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
