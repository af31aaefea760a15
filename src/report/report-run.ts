import { type EvidenceStore, findRun, type PackEntry, type PackReport, recall } from '../kernel/index.ts'
import { reportErrors } from './errors.ts'
import type { Language } from './model/schema.ts'
import { type ReportFormat, renderReport } from './render.ts'

/** Where runs and what reports them are found. */
export interface ReportSources {
  readonly packs: readonly Pick<PackEntry, 'loadReports'>[]
  readonly evidence: EvidenceStore
}

export interface ReportChoice {
  readonly format: ReportFormat
  readonly language: Language
}

/**
 * The report of a kept run, from its evidence alone.
 *
 * @throws as `findRun` and `recall`; `report.no-report` for engines that nothing reports
 */
export async function reportOfRun(
  id: string,
  { packs, evidence }: ReportSources,
  { format, language }: ReportChoice,
): Promise<Buffer> {
  const { engine, engineVersion, clockMs, outputSha256, id: whole } = await findRun(evidence, id)
  const reports: readonly PackReport[] = (await Promise.all(packs.map((pack) => pack.loadReports?.() ?? []))).flat()
  const report = reports.find((one) => one.engine === engine)
  if (!report) {
    throw reportErrors.noReport({
      detail: 'Runs of this engine have no report',
      found: engine,
      expected: reports.map((one) => one.engine).join(', '),
    })
  }
  const output = await recall(evidence, outputSha256)
  return renderReport(
    report.write(output, { id: whole, engine, engineVersion, clockMs, outputSha256 }, language),
    format,
  )
}
