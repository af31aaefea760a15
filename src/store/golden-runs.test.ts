import { readFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { openStore } from './open-store.ts'
import { temporaryFolder } from './store.fixture.ts'

/** Files by path: three bills and a plan, of the time when evidence had no list. */
const packed = readFileSync(new URL('./golden/evidence-1.json.gz', import.meta.url))
const files: Readonly<Record<string, string>> = JSON.parse(gunzipSync(packed).toString('utf8'))

it('a data folder of before there was a list of runs opens and lists its runs', async () => {
  const folder = await temporaryFolder()
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder.path, path)), { recursive: true })
    await writeFile(join(folder.path, path), text)
  }
  const noonMs = Date.UTC(2026, 6, 6, 4)
  const expected = [
    ['energy.bill', 'liyang-park', noonMs + 86_400_000],
    ['energy.bill', 'examples/liyang-park/site.yaml', noonMs + 3_600_000],
    ['energy.plan', 'quarry-microgrid', noonMs + 1_800_000],
    ['energy.bill', 'liyang-park', noonMs],
  ]
  for (const time of ['first', 'second']) {
    const store = await openStore(folder.path)
    const runs = await store.runs.list()
    expect(
      runs.map(({ engine, site, clockMs }) => [engine, site, clockMs]),
      time,
    ).toEqual(expected)
    for (const { id, engine, clockMs } of runs) {
      expect(await store.evidence.record(id)).toMatchObject({ engine, clockMs })
    }
    await store.close()
  }
  await folder.remove()
})
