import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Documents } from './documents.ts'
import { engines, type TestStore } from './engines.fixture.ts'
import { dayStartMs } from './store.fixture.ts'

describe.each(engines)('documents on $name', (engine) => {
  let store: TestStore
  let documents: Documents

  beforeEach(async () => {
    store = await engine.open()
    documents = store.documents
  })
  afterEach(() => store.end())

  it('numbers the versions of a name and answers the newest', async () => {
    expect(await documents.latest('plan', 'park')).toBeUndefined()
    expect(await documents.put('plan', 'park', { cost: 1 })).toMatchObject({ version: 1 })
    expect(await documents.put('plan', 'park', { cost: 2 })).toMatchObject({ version: 2 })
    expect(await documents.put('plan', 'port', { cost: 3 })).toMatchObject({ version: 1 })
    expect(await documents.latest('plan', 'park')).toEqual({
      kind: 'plan',
      name: 'park',
      version: 2,
      createdMs: dayStartMs,
      content: { cost: 2 },
    })
  })

  it('gives two writers at once two versions', async () => {
    const both = await Promise.all([documents.put('plan', 'park', 1), documents.put('plan', 'park', 2)])
    expect(both.map(({ version }) => version)).toEqual([1, 2])
  })

  it('prunes all but the newest and goes on counting', async () => {
    for (let version = 1; version <= 5; version += 1) await documents.put('plan', 'park', version)
    await documents.prune('plan', 'park', 2)
    expect(await documents.latest('plan', 'park')).toMatchObject({ version: 5, content: 5 })
    expect(await documents.put('plan', 'park', 6)).toMatchObject({ version: 6 })
  })

  it('puts a version only where the newest is the expected one', async () => {
    await documents.put('note', 'park/a', 1, 0)
    await expect(documents.put('note', 'park/a', 2, 0)).rejects.toMatchObject({ code: 'store.conflict' })
    expect(await documents.put('note', 'park/a', 2, 1)).toMatchObject({ version: 2 })
    const both = await Promise.allSettled([
      documents.put('note', 'park/a', 3, 2),
      documents.put('note', 'park/a', 4, 2),
    ])
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(await documents.latest('note', 'park/a')).toMatchObject({ version: 3 })
  })

  it('answers a version, and which versions there are, page by page', async () => {
    for (let version = 1; version <= 5; version += 1) await documents.put('plan', 'park', { version })
    await documents.prune('plan', 'park', 4)
    expect(await documents.version('plan', 'park', 3)).toMatchObject({ version: 3, content: { version: 3 } })
    expect(await documents.version('plan', 'park', 1)).toBeUndefined()
    expect(await documents.version('plan', 'park', 6)).toBeUndefined()
    const first = await documents.versions('plan', 'park', { limit: 3 })
    expect(first.map(({ version }) => version)).toEqual([5, 4, 3])
    const rest = await documents.versions('plan', 'park', { before: 3, limit: 3 })
    expect(rest).toEqual([{ version: 2, createdMs: dayStartMs }])
  })

  it('lists the documents under a name, and none of another that begins alike', async () => {
    for (const [kind, name] of [
      ['plan', 'park'],
      ['plan', 'park/b'],
      ['note', 'park/a'],
      ['note', 'parking'],
      ['note', 'port/a'],
    ] as const) {
      await documents.put(kind, name, 1)
    }
    await documents.put('plan', 'park', 2)
    const all = await documents.list({ under: 'park' })
    expect(all).toEqual([
      { kind: 'note', name: 'park/a', version: 1, createdMs: dayStartMs, versions: 1 },
      { kind: 'plan', name: 'park', version: 2, createdMs: dayStartMs, versions: 2 },
      { kind: 'plan', name: 'park/b', version: 1, createdMs: dayStartMs, versions: 1 },
    ])
    const first = await documents.list({ under: 'park', limit: 2 })
    expect([...first, ...(await documents.list({ under: 'park', after: first[1]! }))]).toEqual(all)
  })
})
