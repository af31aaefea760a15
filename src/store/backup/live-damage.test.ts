import { readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { engines, type TestStore } from '../engines.fixture.ts'
import { dayStartMs, temporaryFolder } from '../store.fixture.ts'
import { dayOf, fillStore, sealedMs } from './kept-store.fixture.ts'
import { openedAt } from './restored.fixture.ts'

const aprilFile = async ({ folder }: TestStore): Promise<string> => {
  const name = (await readdir(join(folder, 'sealed'))).find((file) => file.startsWith('2026-04-rows'))
  return join(folder, 'sealed', name ?? 'none')
}
const flip = async (file: string, place: number): Promise<void> => {
  const bytes = await readFile(file)
  const at = Math.floor((bytes.length - 1) * place)
  bytes[at] = bytes[at]! ^ 0x10
  await writeFile(file, bytes)
}

describe.each(engines)('a sealed file on $name (G7)', (engine) => {
  let store: TestStore
  let folder: Awaited<ReturnType<typeof temporaryFolder>>
  beforeEach(async () => {
    store = await engine.open({ eager: true })
    folder = await temporaryFolder()
    await fillStore(store)
  })
  afterEach(() => Promise.all([store.end(), folder.remove()]))

  it.each([
    ['one bit is turned at its start', (file: string) => flip(file, 0)],
    ['one bit is turned in its middle', (file: string) => flip(file, 0.5)],
    ['one bit is turned at its end', (file: string) => flip(file, 1)],
    ['it is cut off', (file: string) => truncate(file, 100)],
    ['it is empty', (file: string) => truncate(file, 0)],
    ['it is gone', (file: string) => rm(file)],
  ])('of which %s stops its month alone, is told by name, and is mended from a backup', async (_, harm) => {
    const backup = join(folder.path, 'backup')
    await store.backups.write(backup)
    const before = await store.observations.range(dayOf(Date.UTC(2026, 4, 1)))
    const file = await aprilFile(store)
    const name = file.split('/').at(-1)
    await harm(file)
    // Whoever has read the file before in this process trusts it: nobody has.
    await expect(store.observations.range(dayOf(sealedMs))).rejects.toMatchObject({ code: 'store.damaged' })
    expect(await store.observations.range(dayOf(Date.UTC(2026, 4, 1)))).toEqual(before)
    expect((await store.observations.range(dayOf(dayStartMs)))['pv.powerKw']?.values.length).toBe(60)
    const check = await store.backups.verify()
    expect(check.damagedFiles.map(({ file: damaged }) => damaged)).toEqual([name])
    await expect(store.backups.write(join(folder.path, 'other'))).rejects.toMatchObject({ code: 'store.damaged' })
    expect(await readdir(folder.path)).toEqual(['backup'])

    const mended = await store.backups.mend(backup)
    expect(mended.files.map(({ file: damaged }) => damaged)).toEqual([name])
    expect(mended.left).toEqual({ files: [], evidence: [] })
    expect((await store.observations.range(dayOf(sealedMs)))['pv.powerKw']?.values.length).toBe(60)
    expect((await store.backups.verify()).damagedFiles).toEqual([])
  })
})

describe('evidence in a data folder (G7)', () => {
  it('that was changed or is gone is told by name and mended from a backup', async () => {
    const folder = await temporaryFolder()
    const store = await openedAt(join(folder.path, 'data'))
    await fillStore(store)
    const backup = join(folder.path, 'backup')
    await store.backups.write(backup)
    const runs = join(store.folder, 'evidence/runs')
    const [run] = await readdir(runs)
    await flip(join(runs, run!), 0.4)
    const blobs = join(store.folder, 'evidence/blobs')
    const [one, two] = (await readdir(blobs, { recursive: true })).filter((name) => /[0-9a-f]{64}$/.test(name))
    await truncate(join(blobs, one!), 1)
    await rm(join(blobs, two!))
    const { damagedEvidence } = await store.backups.verify()
    const id = (path: string): string => path.split('/').at(-1)!.replace('.json', '')
    expect(damagedEvidence).toContainEqual({ kind: 'runs', id: id(run!), there: true })
    expect(damagedEvidence).toContainEqual({ kind: 'blobs', id: id(one!), there: true })
    await expect(store.backups.write(join(folder.path, 'other'))).rejects.toMatchObject({
      code: 'store.evidence-damaged',
    })
    // What only a damaged run names is found once the run is whole again.
    await store.backups.mend(backup)
    await store.backups.mend(backup)
    expect((await store.backups.verify()).damagedEvidence).toEqual([])
    await store.end()
    await folder.remove()
  })
})
