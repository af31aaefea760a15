import { cp, lstat, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openStore, restoreBackup, verifyBackup } from '../../store/index.ts'
import { type GuardedServer, openGuardedServer } from '../guarded.fixture.ts'
import { noonMs, observed } from '../server.fixture.ts'

let test: GuardedServer
beforeAll(async () => {
  test = await openGuardedServer()
  await test.store.observations.put([observed(noonMs, 42)])
})
afterAll(() => test.close())

const admin = 'platform-admin'
const create = (payload: object, user = admin, headers: Record<string, string> = { prefer: 'wait' }) =>
  test.as(user, { method: 'POST', url: '/api/v1/backups', payload, headers })

describe('a backup of a running server', () => {
  it('is made as a job, listed, whole, and restores to the same content', async () => {
    const asked = await create({ name: 'monday' }, admin, {})
    expect(asked.statusCode, asked.body).toBe(202)
    expect(asked.json()).toMatchObject({ engine: 'backup monday' })
    const location = String(asked.headers.location)
    let job = asked.json()
    while (job.state === 'queued' || job.state === 'running') {
      await new Promise((resolve) => setTimeout(resolve, 20))
      job = (await test.as(admin, { url: location })).json()
    }
    expect(job).toMatchObject({ state: 'done', progress: { fraction: 1 }, result: { name: 'monday' } })
    const listed = await test.as(admin, { url: '/api/v1/backups' })
    expect(listed.json().backups).toMatchObject([{ name: 'monday', counts: { rows: 1 } }])
    expect(listed.body, 'where it lies is not told').not.toContain(test.store.folder)

    const backup = join(test.store.folder, 'backups/monday')
    expect((await verifyBackup(backup)).problems).toEqual([])
    const folder = await mkdtemp(join(tmpdir(), 'mangrove-restored-'))
    await restoreBackup(backup, { folder, clock: test.clock })
    const restored = await openStore(folder, test.clock)
    const [latest] = await restored.observations.latest('quarry-microgrid')
    expect(latest).toMatchObject({ value: 42, timestampMs: noonMs })
    await restored.close()
    await rm(folder, { recursive: true })
  })

  it('keeps the name that it has: a second of that name is refused', async () => {
    expect((await create({ name: 'twice' })).statusCode).toBe(200)
    const again = await create({ name: 'twice' })
    expect([again.statusCode, again.json().code]).toEqual([409, 'server.backup-there'])
  })

  it.each(['../elsewhere', '..', '/tmp/x', 'a/b', 'a\\b', '.hidden', '', 'a\u0000b', 'x'.repeat(101), '-rf', 'a.part'])(
    'with the name %j is refused, and nothing is written',
    async (name) => {
      const before = await readdir(join(test.store.folder, 'backups'))
      const answer = await create({ name })
      expect(answer.statusCode, answer.body).toBe(422)
      expect(await readdir(join(test.store.folder, 'backups'))).toEqual(before)
      await expect(lstat(join(test.store.folder, 'elsewhere'))).rejects.toThrow('ENOENT')
    },
  )

  it('is not for who administers an organisation alone', async () => {
    for (const user of [test.nameOf('north', 'admin'), test.nameOf('north', 'operator')]) {
      expect((await create({ name: 'theirs' }, user)).statusCode).toBe(403)
      expect((await test.as(user, { url: '/api/v1/backups' })).statusCode).toBe(403)
    }
  })

  it('that is half or no backup is not listed', async () => {
    const backups = join(test.store.folder, 'backups')
    await cp(join(backups, 'monday'), join(backups, 'half.0a1b2c3d.part'), { recursive: true })
    await cp(join(backups, 'monday/tables'), join(backups, 'none'), { recursive: true })
    const names = (await test.as(admin, { url: '/api/v1/backups' }))
      .json()
      .backups.map(({ name }: { name: string }) => name)
    expect(names.sort()).toEqual(['monday', 'twice'])
  })
})
