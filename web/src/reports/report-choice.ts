import { daysText } from '../format/periods.ts'
import type { ListedEngine } from '../verify/run-evidence.ts'

export const reportFormats = ['pdf', 'html', 'xlsx', 'json'] as const
export const reportLanguages = ['en', 'zh', 'es'] as const
export type ReportLanguage = (typeof reportLanguages)[number]

/** The language of a report for somebody who reads the console in another: `zh-Hans` gives `zh`. */
export const reportLanguage = (language: string): ReportLanguage =>
  reportLanguages.find((one) => one === language.split('-')[0]) ?? 'en'

/** Engines whose runs have no report: their evidence stands for itself. */
export const nothingToReport = (engines: readonly ListedEngine[]): readonly string[] =>
  engines
    .filter(({ report }) => !report)
    .map(({ id }) => id)
    .toSorted()

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null

/** What a run is about, as far as its output tells: its year or period, and whose. */
export function reportAbout(output: unknown, language: string): string {
  if (!isRecord(output)) return ''
  const { year, period, organisation, name } = output
  const time =
    isRecord(period) && typeof period.from === 'string' && typeof period.to === 'string'
      ? daysText(period.from, period.to, language)
      : year
  return [time, organisation ?? name].filter((part) => part !== undefined).join(' · ')
}
