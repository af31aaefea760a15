import { createHash, generateKeyPairSync, sign } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { InventoryTotal, LedgerProof } from './carbon-queries.ts'
import { chanceText, indicatorText, printed } from './carbon-text.ts'
import { checkProof, rootOf } from './check-proof.ts'
import { dialArc, dialEnd, dialPoint } from './dial.ts'
import { inventoryBars, readRows } from './inventory-bars.ts'
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

describe('the bars of an inventory', () => {
  const total = (scope: number, massKgCo2e: string, more: Partial<InventoryTotal> = {}): InventoryTotal => ({
    ...{ scope, massKgCo2e, gasesKg: {}, rows: 1, halfWidthKg: 0, uncertainShare: 0 },
    ...more,
  })
  const totals = [
    total(2, '800', { method: 'location', halfWidthKg: 4, uncertainShare: 1 }),
    total(2, '300', { method: 'market' }),
    total(1, '50', { category: 'fugitive' }),
    total(1, '150', { category: 'combustion', halfWidthKg: 3, uncertainShare: 1 }),
  ]

  it('stand side by side on one scale, each with all of scope 1', () => {
    const [location, market] = inventoryBars({ totals })
    expect([location?.kg, market?.kg]).toEqual([1000, 500])
    expect(location?.segments.map(({ key, share }) => [key, share])).toEqual([
      ['1 combustion', 0.15],
      ['1 fugitive', 0.05],
      ['2 ', 0.8],
    ])
    expect(market?.segments.at(-1)?.share).toBe(0.3)
    expect(location).toMatchObject({ halfWidthKg: 5, uncertainShare: 0.95 })
  })

  it('of nothing, and of scope 1 alone, are one bar', () => {
    expect(inventoryBars({ totals: [] })).toMatchObject([{ kg: 0, segments: [] }])
    expect(inventoryBars({ totals: [total(1, '5')] })).toHaveLength(1)
  })
})

it('rows of text become activities, and what is empty is not said', () => {
  expect(
    readRows('# a remark\n\ngrid, electricity, , 84210.4, kWh, 2023-01-01, 2024-01-01\n油；fuel；diesel；1；t\n'),
  ).toEqual([
    { id: 'grid', activity: 'electricity', amount: '84210.4', unit: 'kWh', from: '2023-01-01', to: '2024-01-01' },
    { id: '油', activity: 'fuel', subject: 'diesel', amount: '1', unit: 't' },
  ])
})

it('an indicator is never rounded onto its limit', () => {
  expect(indicatorText('0.220376', '0.20')).toBe('0.2204')
  expect(indicatorText('0.200004', '0.20')).toBe('0.200004')
  expect(indicatorText('0.2', '0.20')).toBe('0.2')
  expect(indicatorText('3.37295870363', null)).toBe('3.373')
})

it('a chance is never told as certain', () => {
  expect([0, 0.0004, 0.25, 0.123456, 0.9995, 1].map(chanceText)).toEqual([
    '< 0.1',
    '< 0.1',
    '25',
    '12.3',
    '> 99.9',
    '> 99.9',
  ])
})

it('formulas have their digits below the line, other names keep theirs', () => {
  expect(['tCO2', 'CO2e', 'CH4', 'N2O', 'SF6', 'R410A', 'tCO2/tce'].map(printed)).toEqual([
    ...['t\u00a0CO₂', 'CO₂e', 'CH₄', 'N₂O', 'SF₆', 'R410A', 't\u00a0CO₂/tce'],
  ])
})

it('a dial goes over the top from left to right, and ends at a round number beyond its values', () => {
  const at = (share: number) => [dialPoint(share).x, dialPoint(share).y].map((value) => Number(value.toFixed(6)) + 0)
  expect([at(0), at(0.5), at(1), at(9)]).toEqual([
    [-1, 0],
    [0, -1],
    [1, 0],
    [1, 0],
  ])
  expect(dialArc(0.5, 1, 10).replaceAll('-0.00', '0.00')).toBe('M0.00 -10.00A10 10 0 0 1 10.00 0.00')
  expect([dialEnd([0.22, 0.2]), dialEnd([3.4]), dialEnd([0.09])]).toEqual(
    [0.3, 4, 0.15].map((end) => expect.closeTo(end, 9)),
  )
})
