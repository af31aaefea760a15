import { stat } from 'node:fs/promises'
import type { ListedRun, Store } from '../store/index.ts'
import type { CommandBody } from './command.ts'
import { exitCode } from './exit-code.ts'
import { padEnd } from './layout.ts'
import { withKept } from './open-kept.ts'

const defaultLimit = 20

/** `mangrove runs [SITE]`: which runs there is evidence of, newest first; beside a running server too. */
export const runsCommand: CommandBody = {
  flags: [
    {
      flag: '--site',
      field: 'site',
      type: 'string',
      description: 'Id of a site, or its file; default: all sites',
      required: false,
    },
    {
      flag: '--engine',
      field: 'engine',
      type: 'string',
      description: 'Runs of this engine alone: energy.plan …',
      required: false,
    },
    {
      flag: '--limit',
      field: 'limit',
      type: 'integer',
      range: [1, 1000],
      description: 'How many',
      default: defaultLimit,
      required: false,
    },
  ],
  run: (values, json, context) =>
    withKept(context, async (store) => {
      const { site, engine, limit = defaultLimit } = values
      const runs = await store.runs.list({
        ...(site === undefined ? {} : { sites: await namesOf(String(site), store) }),
        ...(engine === undefined ? {} : { engine: String(engine) }),
        limit: Number(limit),
      })
      if (json) context.terminal.out(JSON.stringify({ runs }))
      else for (const line of linesOf(runs)) context.terminal.out(line)
      return exitCode.ok
    }),
}

/** A run of the command line names its site as it was typed, one of a server by its id. */
async function namesOf(site: string, store: Store): Promise<readonly string[]> {
  if (!(await stat(site).catch(() => undefined))) return [site]
  const [{ createFileData }, { loadVocabulary }] = await Promise.all([
    import('../store/index.ts'),
    import('../pack-entries.ts'),
  ])
  const { id } = await (await createFileData({ packs: await loadVocabulary(), store })).siteOfFile(site)
  return [...new Set([site, id])]
}

function linesOf(runs: readonly ListedRun[]): readonly string[] {
  if (runs.length === 0) return ['No run is kept.']
  const widest = (texts: readonly string[]): number => Math.max(...texts.map(({ length }) => length))
  const engineWidth = widest(runs.map(({ engine }) => engine))
  const siteWidth = widest(runs.map(({ site }) => site ?? '–'))
  return runs.map(({ id, engine, site = '–', clockMs }) =>
    [`${new Date(clockMs).toISOString().slice(0, 19)}Z`, padEnd(engine, engineWidth), padEnd(site, siteWidth), id].join(
      '  ',
    ),
  )
}
