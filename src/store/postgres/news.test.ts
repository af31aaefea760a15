import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { maxNewsBytes } from '../news.ts'
import { openPostgresDatabase } from './database.ts'
import { openPostgresNews } from './news.ts'
import { describeWithServer } from './postgres.fixture.ts'
import { ask, newSchema } from './test-schema.fixture.ts'

async function until(condition: () => boolean): Promise<void> {
  for (const began = performance.now(); !condition(); await sleep(10)) {
    if (performance.now() - began > 10_000) throw new Error('never')
  }
}

await describeWithServer('news of nodes', ({ url }) => {
  it('reach every node, and who may have missed some is told so', async () => {
    const schema = newSchema()
    const nodes = await Promise.all(
      [0, 1].map(async () => {
        const database = await openPostgresDatabase(url, schema, { reads: 1, writes: 1 })
        const news = openPostgresNews(url, database)
        const heard: (string | undefined)[] = []
        news.hear((word) => heard.push(word))
        return { database, news, heard }
      }),
    )
    const [one, other] = nodes as [(typeof nodes)[0], (typeof nodes)[0]]
    await until(() => nodes.every(({ heard }) => heard.includes(undefined)))
    one.news.tell('it’s "news"')
    await until(() => nodes.every(({ heard }) => heard.includes('it’s "news"')))
    // What is too long for PostgreSQL is dropped, and breaks nothing.
    one.news.tell('x'.repeat(maxNewsBytes + 1))

    other.heard.length = 0
    await ask(url, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'mangrove news'")
    await until(() => other.heard.includes(undefined))
    one.news.tell('again')
    await until(() => other.heard.includes('again'))
    expect(other.heard).toEqual([undefined, 'again'])
    for (const { news, database } of nodes) {
      await news.close()
      await database.close()
    }
  })
})
