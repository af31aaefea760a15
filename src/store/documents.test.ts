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
})
