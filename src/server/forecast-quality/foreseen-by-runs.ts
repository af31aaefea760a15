import type { ForecastOutput, MadeForecast } from '../../energy/index.ts'
import { type EvidenceStore, MangroveError } from '../../kernel/index.ts'
import type { Store } from '../../store/index.ts'
import { type ForeseenQuantity, gathered } from './quantities.ts'

const engine = 'energy.forecast'
/** Runs that are read at most, the newest first. */
const mostRuns = 500

/** What one run of `energy.forecast` foresees of assets of a site. @param madeMs when it ran */
export function foreseenByRun(output: ForecastOutput, madeMs: number, run: string): readonly ForeseenQuantity[] {
  const { startMs, stepMinutes, targets } = output
  return targets
    .filter(({ kind }) => kind === 'load' || kind === 'pv')
    .map(({ id: asset, kind: assetKind, title, unit, values, quantiles }): ForeseenQuantity => {
      const what = assetKind === 'load' ? 'demand' : 'available'
      const [low, high] = [quantiles[0], quantiles.at(-1)]
      const forecast: MadeForecast = {
        ...{ madeMs, startMs, stepMs: stepMinutes * 60_000, values: column(values), run },
        ...(low && high && low !== high ? { band: { low: column(low.values), high: column(high.values) } } : {}),
      }
      return { ref: `${asset}.${what}Kw`, asset, assetKind, title, what, unit, forecasts: [forecast] }
    })
}

const column = (values: readonly (number | null)[]): Float64Array =>
  Float64Array.from(values, (value) => value ?? Number.NaN)

/** What the runs of `energy.forecast` of a site foresaw that ran in a span. */
export async function foreseenByRuns(
  { runs, evidence }: { readonly runs: Store['runs']; readonly evidence: EvidenceStore },
  site: string,
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
): Promise<readonly ForeseenQuantity[]> {
  const listed = await runs.list({ sites: [site], engine, fromMs, toMs, limit: mostRuns })
  const found: (readonly ForeseenQuantity[])[] = []
  for (const { id, clockMs } of listed) {
    const output = await outputOf(evidence, id)
    if (output) found.push(foreseenByRun(output, clockMs, id))
  }
  return gathered(found)
}

/** Undefined where the evidence is gone or damaged: one forecast less, which the count tells. */
async function outputOf(evidence: EvidenceStore, id: string): Promise<ForecastOutput | undefined> {
  try {
    const record = await evidence.record(id)
    const text = record && (await evidence.blob(record.outputSha256))
    return text === undefined ? undefined : (JSON.parse(text) as ForecastOutput)
  } catch (error) {
    if (error instanceof MangroveError) return undefined
    throw error
  }
}
