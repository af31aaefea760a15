import { appendFile, cp, lstat, readdir, readFile, rename, rm, symlink, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { canonicalJson, sha256Hex } from '../../kernel/index.ts'
import { digestOf } from '../digest.ts'
import { dayStartMs, temporaryFolder } from '../store.fixture.ts'
import { sealed } from './backup-tables.ts'
import { fillStore } from './kept-store.fixture.ts'
import { type BackupManifest, readManifest } from './manifest.ts'
import { openParquetFiles } from './parquet-files.ts'
import { restoreFolder } from './restore-backup.ts'
import { openedAt } from './restored.fixture.ts'
import { verifyBackup } from './verify-backup.ts'

const clock = { now: () => dayStartMs }
let folder: Awaited<ReturnType<typeof temporaryFolder>>
let whole: string
let backup: string
let target: string

beforeAll(async () => {
  folder = await temporaryFolder()
  whole = join(folder.path, 'whole')
  backup = join(folder.path, 'tried')
  target = join(folder.path, 'target')
  const store = await openedAt(join(folder.path, 'data'))
  await fillStore(store)
  await store.backups.write(whole)
  await store.end()
})
afterAll(() => folder.remove())
beforeEach(async () => {
  await rm(backup, { recursive: true, force: true })
  await rm(target, { recursive: true, force: true })
  await cp(whole, backup, { recursive: true })
})

const filesIn = async (): Promise<readonly string[]> => [
  'backup.json',
  ...(await readManifest(whole)).files.map(({ path }) => path),
]

/** The restore is refused, the file is named, and nothing was made. */
async function expectRefused(named: string): Promise<void> {
  const refused = await restoreFolder(backup, target, clock).then(
    () => 'restored',
    (error: unknown) => error,
  )
  expect(refused).toMatchObject({ code: 'store.bad-backup' })
  expect(JSON.stringify((refused as { problems: unknown }).problems)).toContain(named)
  await expect(lstat(target)).rejects.toThrow('ENOENT')
}

/** A backup whose manifest says what it wants, under the right hashes. */
async function forge(change: (manifest: BackupManifest) => unknown): Promise<void> {
  const { sha256: _, ...rest } = change(await readManifest(backup)) as BackupManifest
  const text = JSON.stringify({ ...rest, sha256: sha256Hex(canonicalJson(rest)) }, null, 2)
  await writeFile(join(backup, 'backup.json'), `${text}\n`)
}

describe('a damaged backup', () => {
  it('holds every kind of file, so that each is tried', async () => {
    const kinds = new Set((await filesIn()).map((path) => path.replace(/(tables\/[a-z]+|sealed).*/, '$1')))
    for (const name of [
      'points',
      'sources',
      'rows',
      'newest',
      'quarters',
      'documents',
      'records',
      'journal',
      'runs',
      'blobs',
    ]) {
      expect(kinds).toContain(`tables/${name}`)
    }
    expect(kinds).toContain('sealed')
  })

  it('is refused by the name of the file where one bit of a byte is turned, in each file', async () => {
    for (const [at, path] of (await filesIn()).entries()) {
      const file = join(backup, path)
      const bytes = await readFile(file)
      // Another place in each file: the first byte, the last, and between.
      const place = Math.floor(((bytes.length - 1) * (at % 7)) / 6)
      bytes[place] = bytes[place]! ^ (1 << (at % 8))
      await writeFile(file, bytes)
      await expectRefused(path)
      await cp(join(whole, path), file, { force: true })
    }
    expect((await verifyBackup(backup)).problems).toEqual([])
  })

  it('is refused where a file was cut, grew, is gone or is a link, and all such files are told at once', async () => {
    const [, first, second, third, fourth] = await filesIn()
    await truncate(join(backup, first!), 10)
    await appendFile(join(backup, second!), 'x')
    await rm(join(backup, third!))
    await rename(join(backup, fourth!), join(folder.path, 'elsewhere'))
    await symlink(join(folder.path, 'elsewhere'), join(backup, fourth!))
    const { problems } = await verifyBackup(backup)
    expect(problems.map(({ place }) => place?.file)).toEqual(
      [first, second, third, fourth].map((path) => join(backup, path!)),
    )
    await expectRefused(first!)
  })

  it('is refused where backup.json is gone, cut, or of a newer version', async () => {
    await truncate(join(backup, 'backup.json'), 200)
    await expectRefused('backup.json')
    await rm(join(backup, 'backup.json'))
    await expectRefused('backup.json')
    await cp(join(whole, 'backup.json'), join(backup, 'backup.json'))
    await forge((manifest) => ({ ...manifest, format: 2 }))
    await expectRefused('newer version')
  })
})

describe('a hostile backup', () => {
  it.each(['../../etc/passwd', '/etc/passwd', 'tables/../../x-0001.parquet', 'sealed/..', 'tables\\x-0001.parquet'])(
    'that names the file %s is refused',
    async (path) => {
      await forge((manifest) => ({ ...manifest, files: [{ path, bytes: 1, sha256: '0'.repeat(64) }] }))
      await expectRefused('backup.json')
    },
  )

  it('whose table of sealed files leads elsewhere is refused', async () => {
    const parquet = await openParquetFiles()
    const part = await parquet.begin({ folder: backup, name: 'sealed', shape: sealed.columns }, async () => undefined)
    const numbers = { rows: 1, bytes: 1, from_point: 1, to_point: 1, from_ms: 0, to_ms: 1, sealed_ms: 1 }
    await part.texts([
      { site: 'park', month: '2026-04', content: 'rows', file: '../../../etc/passwd', sha256: 'x', ...numbers },
    ])
    await part.end()
    parquet.close()
    const path = 'tables/sealed-0001.parquet'
    const digest = await digestOf(join(backup, path))
    await forge((manifest) => ({
      ...manifest,
      files: manifest.files.map((file) => (file.path === path ? { path, ...digest } : file)),
    }))
    const refused = await restoreFolder(backup, target, clock).catch((error: unknown) => error)
    expect(refused).toMatchObject({ code: 'store.bad-backup', message: expect.stringContaining('etc/passwd') })
    expect(await readdir(target).catch(() => [])).toEqual([])
  })

  it('with another table under the name of one is refused, and nothing is left', async () => {
    const [rows, runs] = ['tables/rows-0001.parquet', 'tables/runs-0001.parquet']
    await cp(join(backup, runs), join(backup, rows), { force: true })
    const digest = await digestOf(join(backup, rows))
    await forge((manifest) => ({
      ...manifest,
      files: manifest.files.map((file) => (file.path === rows ? { path: rows, ...digest } : file)),
    }))
    await expect(restoreFolder(backup, target, clock)).rejects.toMatchObject({ code: 'store.bad-backup' })
    expect(await readdir(target)).toEqual([])
  })
})

describe('a data folder that is not empty', () => {
  it('is refused and stays as it is; backups in it do not count', async () => {
    const store = await openedAt(target)
    await store.records.put('user', 'ada', { role: 'admin' })
    const before = await store.backups.contentHash()
    await store.end()
    await expect(restoreFolder(backup, target, clock)).rejects.toMatchObject({ code: 'store.not-empty' })
    const again = await openedAt(target)
    expect(await again.backups.contentHash()).toBe(before)
    await again.end()
    await rm(target, { recursive: true })
    await cp(whole, join(target, 'backups', 'last'), { recursive: true })
    await restoreFolder(join(target, 'backups', 'last'), target, clock)
    expect((await readdir(target)).sort()).toEqual(['backups', 'evidence', 'mangrove.duckdb', 'sealed'])
  })
})
