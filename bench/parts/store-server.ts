// A server without accounts over one site of a folder, with the console where it is built, until its standard input ends. DATABASE_URL: on PostgreSQL.
import { join } from 'node:path'
import { packs } from '../../src/packs.ts'
import { startServer } from '../../src/server/index.ts'
import { createSolverPool } from '../../src/solve/index.ts'

const [, , folder = '.'] = process.argv
const solver = createSolverPool({ size: 1 })
const running = await startServer({
  packs,
  solver,
  dataFolder: join(folder, 'data'),
  webRoot: join(import.meta.dirname, '../../web/dist'),
  databaseUrl: process.env.DATABASE_URL || undefined,
  sites: [{ file: join(folder, 'site.yaml'), live: false }],
  port: 0,
  log: true,
})
process.stdout.write(`${running.url}\n`)
process.stdin.resume()
process.stdin.once('end', async () => {
  await running.stop()
  await solver.close()
  process.exit(0)
})
