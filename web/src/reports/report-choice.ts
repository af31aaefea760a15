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
