import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { sha256Hex } from '../kernel/index.ts'
import { type Blobs, createBlobs } from './blobs.ts'
import { temporaryFolder } from './store.fixture.ts'

describe('blobs', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>
  let blobs: Blobs
  beforeEach(async () => {
    folder = await temporaryFolder()
    blobs = createBlobs(folder.path)
  })
  afterEach(() => folder.remove())

  it('keeps text under its SHA-256 (FIPS 180-4 example "abc")', async () => {
    const name = await blobs.put('abc')
    expect(name).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
    expect(await blobs.get(name)).toBe('abc')
    expect(await blobs.get(sha256Hex('never written'))).toBeUndefined()
  })

  it('leaves one whole file when many write the same at once', async () => {
    const names = await Promise.all(Array.from({ length: 20 }, () => blobs.put('石榴 mangrove')))
    const name = names[0] ?? ''
    expect(new Set(names).size).toBe(1)
    expect(await readdir(join(folder.path, name.slice(0, 2)))).toEqual([name])
  })

  it('says that bytes were changed, and mends them when the same text comes again', async () => {
    const name = await blobs.put('true')
    await writeFile(join(folder.path, name.slice(0, 2), name), 'false')
    await expect(blobs.get(name)).rejects.toMatchObject({ code: 'store.evidence-damaged' })
    await blobs.put('true')
    expect(await blobs.get(name)).toBe('true')
  })

  it('refuses a name that is no hash', async () => {
    await expect(blobs.get('../../etc/passwd')).rejects.toMatchObject({ code: 'store.bad-id', status: 400 })
  })
})
