import { createHash, generateKeyPairSync, sign } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { checkConsistency, leadsOn } from './check-consistency.ts'
import { checkProof, rootOf } from './check-proof.ts'
import type { LedgerEntry, LedgerProof } from './ledger-queries.ts'
import { entryQuery, noFilter } from './ledger-queries.ts'
import { previewDraft, readDrafts } from './preview-draft.ts'
import { sha256 } from './sha-256.ts'

const hash = (...parts: readonly Uint8Array[]): Buffer => {
  const own = createHash('sha256')
  for (const part of parts) own.update(part)
  return own.digest()
}
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

describe('SHA-256', () => {
  it('of the examples of FIPS 180-4', () => {
    const text = (words: string) => hex(sha256(Buffer.from(words)))
    expect(text('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
    expect(text('')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
  })

  it('is that of another implementation at every length around a block, in one part or two', () => {
    for (let length = 0; length < 200; length += 1) {
      const bytes = Uint8Array.from({ length }, (_, k) => (k * 37 + length) % 256)
      expect(hex(sha256(bytes.subarray(0, length >> 1), bytes.subarray(length >> 1)))).toBe(hex(hash(bytes)))
    }
  })
})

/** A log by the definition of RFC 9162, section 2.1: slow, and written another way than what is tested. */
const leafOf = (entry: string): Buffer => hash(Uint8Array.of(0), Buffer.from(entry))
const splitOf = (size: number): number => 2 ** Math.ceil(Math.log2(size) - 1)
function treeHash(entries: readonly string[]): Buffer {
  if (entries.length === 1) return leafOf(entries[0]!)
  const split = splitOf(entries.length)
  return hash(Uint8Array.of(1), treeHash(entries.slice(0, split)), treeHash(entries.slice(split)))
}
function pathTo(number: number, entries: readonly string[]): readonly Buffer[] {
  if (entries.length === 1) return []
  const split = splitOf(entries.length)
  const [left, right] = [entries.slice(0, split), entries.slice(split)]
  return number < split
    ? [...pathTo(number, left), treeHash(right)]
    : [...pathTo(number - split, right), treeHash(left)]
}

const { privateKey, publicKey } = generateKeyPairSync('ed25519')
const typed = Buffer.concat([Uint8Array.of(1), publicKey.export({ type: 'spki', format: 'der' }).subarray(12)])
const name = 'mangrove/park'
const keyId = hash(Buffer.from(`${name}\n`), typed).subarray(0, 4)
const verifierKey = `${name}+${keyId.toString('hex')}+${typed.toString('base64')}`

function proofOf(number: number, entries: readonly string[]): LedgerProof {
  const text = `${name}\n${entries.length}\n${treeHash(entries).toString('base64')}\ntime 2026-11-26T00:00:00Z\n`
  const signature = Buffer.concat([keyId, sign(null, Buffer.from(text), privateKey)]).toString('base64')
  return {
    ...{ verifierKey, number, size: entries.length, entry: entries[number]! },
    path: pathTo(number, entries).map(hex),
    checkpoint: `${text}\n\u2014 ${name} ${signature}\n`,
  }
}

describe('a proof', () => {
  it('of every entry of logs of every size up to 17 leads to the root', () => {
    for (let size = 1; size <= 17; size += 1) {
      const entries = Array.from({ length: size }, (_, k) => `{"id":"${size}-${k}"}`)
      for (let number = 0; number < size; number += 1) {
        const root = rootOf(leafOf(entries[number]!), { number, size }, pathTo(number, entries))
        expect(root && hex(root), `${number} of ${size}`).toBe(hex(treeHash(entries)))
      }
    }
  })

  const entries = ['{"id":"a"}', '{"id":"Zähler"}', '{"id":"c"}', '{"id":"d"}', '{"id":"e"}']
  const sound = proofOf(1, entries)

  it('that is sound is found so, and its signature', async () => {
    const checked = await checkProof(sound)
    expect(checked).toMatchObject({ leadsToRoot: true, signed: true, size: 5, time: '2026-11-26T00:00:00Z' })
    expect(checked?.computedRoot).toBe(checked?.signedRoot)
  })

  it.each([
    ['another entry', { entry: '{"id":"b"}' }],
    ['another number', { number: 2 }],
    ['another size', { size: 6 }],
    ['a number outside of the log', { number: 7 }],
    ['a hash that was changed', { path: sound.path.map((one, k) => (k === 1 ? one.replace(/^../, '00') : one)) }],
    ['a hash less', { path: sound.path.slice(1) }],
    ['a hash more', { path: [...sound.path, sound.path[0]!] }],
  ])('with %s leads nowhere', async (_, change) => {
    expect(await checkProof({ ...sound, ...change })).toMatchObject({ leadsToRoot: false })
  })

  it('with a checkpoint that was changed, or of another key, is not signed', async () => {
    const changed = sound.checkpoint.replace('time 2026', 'time 2027')
    expect(await checkProof({ ...sound, checkpoint: changed })).toMatchObject({ leadsToRoot: true, signed: false })
    const other = verifierKey.replace(/\+[0-9a-f]{8}\+/, '+00000000+')
    expect(await checkProof(sound, other)).toMatchObject({ signed: false })
    expect(await checkProof(sound, 'nonsense')).toMatchObject({ signed: false })
    expect(await checkProof({ ...sound, checkpoint: 'nonsense' })).toBeUndefined()
  })
})

/** A proof of consistency by the definition of RFC 9162, section 2.1.4.1. */
function pathOn(first: number, entries: readonly string[], whole = true): readonly Buffer[] {
  if (first === entries.length) return whole ? [] : [treeHash(entries)]
  const split = splitOf(entries.length)
  const [left, right] = [entries.slice(0, split), entries.slice(split)]
  return first <= split
    ? [...pathOn(first, left, whole), treeHash(right)]
    : [...pathOn(first - split, right, false), treeHash(left)]
}

describe('a proof that a ledger goes on', () => {
  const log = Array.from({ length: 21 }, (_, k) => `{"id":"${k}"}`)

  it('of every two sizes up to 21 holds, and does not with another root', () => {
    for (let second = 1; second <= log.length; second += 1) {
      for (let first = 1; first <= second; first += 1) {
        const [then, now] = [treeHash(log.slice(0, first)), treeHash(log.slice(0, second))]
        const path = pathOn(first, log.slice(0, second))
        expect(leadsOn({ first, second }, [then, now], path), `${first} of ${second}`).toBe(true)
        expect(leadsOn({ first, second }, [hash(then), now], path), `${first} of ${second}, changed`).toBe(false)
      }
    }
    expect(leadsOn({ first: 3, second: 2 }, [treeHash(log), treeHash(log)], [])).toBe(false)
  })

  it('holds against the checkpoint that was kept, and says so of one that is of another history', async () => {
    const [then, now] = [proofOf(0, log.slice(0, 6)).checkpoint, proofOf(0, log).checkpoint]
    const proof = {
      ...{ verifierKey, first: 6, firstRoot: hex(treeHash(log.slice(0, 6))), second: 21, checkpoint: now },
      path: pathOn(6, log).map(hex),
    }
    expect(await checkConsistency(then, proof)).toMatchObject({ goesOn: true, signed: true, first: 6, second: 21 })
    const other = proofOf(0, ['{"id":"x"}', ...log.slice(1, 6)]).checkpoint
    expect(await checkConsistency(other, proof)).toMatchObject({ goesOn: false, signed: true })
    expect(await checkConsistency(then, { ...proof, path: proof.path.slice(1) })).toMatchObject({ goesOn: false })
    expect(await checkConsistency(then.replace('time 2026', 'time 2025'), proof)).toMatchObject({ signed: false })
    expect(await checkConsistency('nonsense', proof)).toBeUndefined()
    expect(await checkConsistency(then.replace('mangrove/park', 'mangrove/port'), proof)).toBeUndefined()
  })
})

describe('a draft', () => {
  const emission = {
    ...{ book: 'inventory', scope: 1, category: 'combustion', gas: 'CO2', boundary: 'direct', amountKg: '268' },
    activity: { amount: '100', unit: 'L' },
    factors: [{ value: '2.68', unit: 'kg/L' }],
    claims: [{ key: 'fuel/tank' }],
  }
  const totals = [{ ...emission, amountKg: '1000', entries: 2, toVerify: 0 }]
  const written = { id: 'a', atMs: 0, by: 'me', kind: 'emission', body: emission } satisfies LedgerEntry

  it('says which total moves and what is claimed', () => {
    expect(previewDraft({ id: 'b', kind: 'emission', body: emission }, totals)).toEqual({
      total: { book: 'inventory', scope: 1, gas: 'CO2', beforeKg: 1000, afterKg: 1268 },
      ...{ claims: ['fuel/tank'], frees: false, problems: [] },
    })
    const reversal = { id: 'c', kind: 'reversal', body: { reverses: 'a', reason: 'duplicate', note: 'twice' } }
    expect(previewDraft(reversal, totals, { entry: written, reversedBy: undefined })).toMatchObject({
      total: { afterKg: 732 },
      ...{ claims: ['fuel/tank'], frees: true, problems: [] },
    })
  })

  it('says what the server will refuse', () => {
    const wrong = { ...emission, amountKg: '26.8' }
    expect(previewDraft({ id: 'b', kind: 'emission', body: wrong }, totals).problems).toEqual(['product'])
    expect(previewDraft({ id: 'b', kind: 'magic', body: {} }, totals).problems).toEqual(['unknown-kind'])
    expect(previewDraft({ id: 'b', kind: 'emission', body: {} }, totals).problems).toEqual(['no-amount'])
    const reversal = { id: 'c', kind: 'reversal', body: { reverses: 'a', reason: 'duplicate', note: ' ' } }
    expect(previewDraft(reversal, totals).problems).toEqual(['no-target', 'no-reason'])
    expect(previewDraft(reversal, totals, { entry: written, reversedBy: 'z' }).problems).toEqual([
      ...['reversed', 'no-reason'],
    ])
  })

  it('is read as an object, as a list, and one a line', () => {
    const one = '{"id":"a","kind":"close","by":"x","body":{"note":"n"}}'
    const read = [{ id: 'a', kind: 'close', body: { note: 'n' } }]
    expect(readDrafts(one)).toEqual(read)
    expect(readDrafts(`[${one}]`)).toEqual(read)
    expect(readDrafts(`${one}\n\n${one}\n`)).toEqual([...read, ...read])
    expect(readDrafts(' ')).toEqual([])
    expect(() => readDrafts('{"id":')).toThrow(SyntaxError)
  })
})

it('asks for entries by what is filled in, the newest first', () => {
  expect(entryQuery({ ...noFilter, kind: 'claim', text: ' a b ', from: '2025-01-01' }, 'c').toString()).toBe(
    'order=newest&limit=50&kind=claim&text=a+b&from=2025-01-01T00%3A00%3A00.000Z&cursor=c',
  )
})
