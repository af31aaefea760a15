import {
  createSeriesReader,
  type DataPort,
  fixedClock,
  MangroveError,
  type Problem,
  runEngine,
  type Series,
  type Site,
  type SolverPort,
  type TimeGrid,
} from '../../kernel/index.ts'
import { accountEngine } from './account.ts'
import type { AccountOutput } from './schema.ts'

/** What an account is tried beside: files by name, meters by point, and what the site says of its points. */
export interface Beside {
  readonly texts?: Readonly<Record<string, string>>
  readonly points?: Readonly<Record<string, unknown>>
  readonly observed?: (point: string, grid: TimeGrid) => Series
  readonly zone?: string
}

/** A site without assets, with a data port over texts in memory. */
export function dataBeside({ texts = {}, points = {}, observed, zone = 'Asia/Shanghai' }: Beside): DataPort {
  const site: Site = {
    ...{ id: 'park', name: 'Test park', zone, currency: 'CNY', assets: [], sections: { points } },
    location: { latitude: 31.4, longitude: 119.5, altitudeM: 10 },
    source: { file: 'site.yaml', sha256: '' },
  }
  const readText = async (_: Site, file: string): Promise<string> => {
    const text = texts[file]
    if (text === undefined) throw new Error(`there is no ${file}`)
    return text
  }
  const read = createSeriesReader({
    readText,
    ...(observed ? { observed: async (_: Site, point: string, grid: TimeGrid) => observed(point, grid) } : {}),
  })
  return { site: async () => site, series: read, text: readText }
}

/** Runs `carbon.account` as every shell does. */
export async function runAccount(input: object, beside: Beside = {}): Promise<AccountOutput> {
  const ports = { data: dataBeside(beside), solver: {} as SolverPort, clock: fixedClock(0) }
  return (await runEngine<AccountOutput>(accountEngine, input, ports)).output
}

/** The problems that a run ends with; none when it does not. */
export async function problemsOf(run: Promise<unknown>): Promise<readonly Problem[]> {
  const error: unknown = await run.then(
    () => undefined,
    (caught: unknown) => caught,
  )
  if (error === undefined) return []
  if (error instanceof MangroveError) return error.problems
  throw error
}
