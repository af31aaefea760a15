import { afterEach, beforeEach, expect, it } from 'vitest'
import { hashOf, sha256Hex } from '../../kernel/index.ts'
import { openStore } from '../open-store.ts'
import { describeWithServer } from './postgres.fixture.ts'
import { ask, type LentEngine, lendEngine } from './test-schema.fixture.ts'

const text = `{"any":"text \u0000 石榴"}`
const record = (() => {
  const rest = {
    engine: 'energy.plan',
    engineVersion: '1.0.0',
    clockMs: 0,
    seed: 1,
    inputSha256: sha256Hex(text),
    outputSha256: sha256Hex('{}'),
    readings: [],
  }
  return { id: hashOf(rest), ...rest }
})()
const texts = new Map([text, '{}'].map((one) => [sha256Hex(one), one]))

await describeWithServer('evidence in PostgreSQL', ({ url }) => {
  let lent: LentEngine
  beforeEach(async () => {
    lent = await lendEngine(url, { now: () => 0 })
  })
  afterEach(() => lent.giveBack())

  it('comes back as it went, also when it was put twice', async () => {
    const { evidence } = lent.engine
    await Promise.all([evidence.put(record, texts), evidence.put(record, new Map([...texts].toReversed()))])
    expect(await evidence.record(record.id)).toEqual(record)
    expect(await evidence.blob(sha256Hex(text))).toBe(text)
    expect(await evidence.blob(sha256Hex('other'))).toBeUndefined()
    expect(await evidence.record('other')).toBeUndefined()
  })

  it('is refused when it does not match its hashes, and told when it no longer does', async () => {
    const { evidence, database } = lent.engine
    const damaged = { code: 'store.evidence-damaged' }
    await expect(evidence.put({ ...record, seed: 2 }, texts)).rejects.toMatchObject(damaged)
    await expect(evidence.put(record, new Map([[sha256Hex(text), 'x']]))).rejects.toMatchObject(damaged)
    await expect(evidence.blob('..')).rejects.toMatchObject({ code: 'store.bad-id' })
    await evidence.put(record, texts)
    await database.write((sql) => sql.all(`UPDATE evidence_blob SET content = 'x'`))
    await database.write((sql) => sql.all(`UPDATE evidence_run SET content = replace(content, '1.0.0', '1.0.1')`))
    await expect(evidence.blob(sha256Hex(text))).rejects.toMatchObject(damaged)
    await expect(evidence.record(record.id)).rejects.toMatchObject(damaged)
    // Put again, it is whole again.
    await evidence.put(record, texts)
    expect(await evidence.blob(sha256Hex(text))).toBe(text)
    expect(await evidence.record(record.id)).toEqual(record)
  })

  it('has checkpoints beside it, in order', async () => {
    const { checkpoints } = lent.engine
    const key = sha256Hex('run')
    expect(await checkpoints.read(key)).toEqual([])
    for (const part of ['"a"', '"b"', '"c"']) await checkpoints.append(key, part)
    await checkpoints.append(sha256Hex('other'), '1')
    expect(await checkpoints.read(key)).toEqual(['"a"', '"b"', '"c"'])
    await checkpoints.drop(key)
    expect(await checkpoints.read(key)).toEqual([])
    await expect(checkpoints.read('../..')).rejects.toMatchObject({ code: 'store.bad-id' })
  })

  it('is that of a store which is given a database', async () => {
    const store = await openStore('no-folder-is-made', { now: () => 0 }, { databaseUrl: url })
    await store.evidence.put(record, texts)
    await store.checkpoints.append(record.id, '1')
    await store.documents.put('plan', 'park', 1)
    const again = await openStore('no-folder-is-made', { now: () => 0 }, { databaseUrl: url })
    expect(await again.evidence.record(record.id)).toEqual(record)
    expect(await again.checkpoints.read(record.id)).toEqual(['1'])
    expect(await again.documents.latest('plan', 'park')).toMatchObject({ version: 1 })
    await Promise.all([store.close(), again.close()])
    await ask(url, 'DROP SCHEMA mangrove CASCADE')
  })
})
