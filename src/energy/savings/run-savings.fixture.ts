import {
  createSeriesReader,
  type DataPort,
  fixedClock,
  MangroveError,
  type Problem,
  runEngine,
  type Site,
  type SolverPort,
} from '../../kernel/index.ts'
import type { SavingsOutput } from '../schema/index.ts'
import { savingsEngine } from './savings.ts'

/** Runs the engine as every shell does, on a site without assets. */
export async function runSavings(
  input: Readonly<Record<string, unknown>>,
  {
    zone = 'Asia/Shanghai',
    texts = {},
  }: { readonly zone?: string; readonly texts?: Readonly<Record<string, string>> } = {},
): Promise<SavingsOutput> {
  const site: Site = {
    id: 'test',
    name: 'Test park',
    location: { latitude: 31.4, longitude: 119.5, altitudeM: 10 },
    zone,
    currency: 'CNY',
    assets: [],
    sections: {},
    source: { file: 'test.site.yaml', sha256: '' },
  }
  const readText = async (_: Site, file: string): Promise<string> => texts[file] ?? ''
  const read = createSeriesReader({ readText })
  const data: DataPort = { site: async () => site, series: read, text: readText }
  const { output } = await runEngine<SavingsOutput>(
    savingsEngine,
    { site: 'test', ...input },
    {
      data,
      solver: undefined as unknown as SolverPort,
      clock: fixedClock(0),
    },
  )
  return output
}

/** The problems that a run ends with; none when it does not. */
export async function problemsOf(run: Promise<unknown>): Promise<readonly Problem[]> {
  try {
    await run
    return []
  } catch (error) {
    if (error instanceof MangroveError) return error.problems
    throw error
  }
}
