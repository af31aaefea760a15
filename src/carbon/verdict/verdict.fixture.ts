import { type DataPort, fixedClock, runEngine, type Site } from '../../kernel/index.ts'
import type { Figures } from './figures/index.ts'
import { parkVerdictEngine } from './park-verdict.ts'
import type { VerdictOutput } from './schema.ts'

/** A park of nothing but its name, for tests. */
export const testPark: Site = {
  id: 'test-park',
  name: 'Test park',
  location: { latitude: 31.4, longitude: 119.5, altitudeM: 8 },
  zone: 'Asia/Shanghai',
  currency: 'CNY',
  assets: [],
  sections: {},
  source: { file: 'test.site.yaml', sha256: '' },
}

export const dataOf = (files: Readonly<Record<string, string>> = {}, site: Site = testPark): DataPort => ({
  site: async () => site,
  text: async (_, file) => {
    const text = files[file]
    if (text === undefined) throw new Error(`no file ${file}`)
    return text
  },
  series: async () => {
    throw new Error('not served')
  },
})

const solver = {
  solve: async () => {
    throw new Error('nothing to solve')
  },
}

/** The day on which tests are run. */
export const today = fixedClock(Date.UTC(2026, 10, 26))

/** Total figures of a park, as the reference cases have them: stated, with no green power bought. */
export const totals = (energy: number | string, emissions: number | string): Figures => ({
  year: 2025,
  organisation: 'Test park, whole',
  energy: { totals: { calorific: { amount: energy, unit: 'tce' } } },
  emissions: { total: { amount: emissions, unit: 'tCO2', greenPower: 'none' } },
})

/** Runs the engine on figures, with calorific coal unless something else is said. */
export async function verdictOf(
  figures: unknown,
  more: Readonly<Record<string, unknown>> = {},
  files: Readonly<Record<string, string>> = {},
): Promise<VerdictOutput> {
  const input = { site: 'test-park', ...(figures === undefined ? {} : { figures }), ...more }
  const { output } = await runEngine<VerdictOutput>(parkVerdictEngine, input, {
    data: dataOf(files),
    solver,
    clock: today,
  })
  return output
}

export const codesOf = ({ reasons }: Pick<VerdictOutput, 'reasons'>): readonly string[] =>
  reasons.map(({ code }) => code)
