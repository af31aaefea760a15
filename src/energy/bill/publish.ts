import { formatIso, type Site } from '../../kernel/index.ts'
import type { BillOutput } from '../schema/index.ts'
import { lineKinds, type Statement } from '../tariff/index.ts'
import { sumMoney } from '../tariff/rounding.ts'
import { tidy } from '../tidy.ts'

const priceOf = (total: number, importKwh: number): number | null => (importKwh > 0 ? tidy(total / importKwh) : null)

const tidied = (record: Readonly<Record<string, number>>): Record<string, number> =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name, tidy(value)]))

function publishStatement(statement: Statement, site: Site): BillOutput['statements'][number] {
  const { startMs, endMs, reactiveKvarh, powerFactor, total, importKwh, ...rest } = statement
  return {
    month: rest.month,
    start: formatIso(startMs, site.zone),
    end: formatIso(endMs, site.zone),
    covered: rest.covered,
    lines: rest.lines.map((line) => ({
      ...line,
      quantity: tidy(line.quantity),
      rate: tidy(line.rate),
      amount: tidy(line.amount),
    })),
    total: tidy(total),
    byKind: tidied(rest.byKind),
    importKwh: tidy(importKwh),
    exportKwh: tidy(rest.exportKwh),
    ...(reactiveKvarh === undefined ? {} : { reactiveKvarh: tidy(reactiveKvarh) }),
    ...(powerFactor === undefined ? {} : { powerFactor: tidy(powerFactor) }),
    peaks: rest.peaks.map((peak) => ({ ...peak, peakKw: tidy(peak.peakKw), billedKw: tidy(peak.billedKw) })),
    missingSteps: rest.missingSteps,
    effectivePricePerKwh: priceOf(total, importKwh),
    emissionsKgCo2e: tidy(rest.emissionsKgCo2e),
    carbonCost: tidy(rest.carbonCost),
  }
}

type Billed = Pick<BillOutput, 'statements' | 'total' | 'byKind' | 'effectivePricePerKwh'>

/** Statements with their sums. */
export function publishBilled(statements: readonly Statement[], site: Site, rounding: number | undefined): Billed {
  const sumOf = (amount: (statement: Statement) => number): number => sumMoney(statements.map(amount), rounding)
  const total = sumOf((statement) => statement.total)
  const importKwh = statements.reduce((sum, statement) => sum + statement.importKwh, 0)
  return {
    statements: statements.map((statement) => publishStatement(statement, site)),
    total: tidy(total),
    byKind: tidied(Object.fromEntries(lineKinds.map((kind) => [kind, sumOf((statement) => statement.byKind[kind])]))),
    effectivePricePerKwh: priceOf(total, importKwh),
  }
}

/** Sums beside the bill. */
export const publishBeside = (
  statements: readonly Statement[],
): Pick<BillOutput, 'importKwh' | 'exportKwh' | 'emissionsKgCo2e' | 'carbonCost'> => {
  const sumOf = (value: (statement: Statement) => number): number =>
    tidy(statements.reduce((sum, statement) => sum + value(statement), 0))
  return {
    importKwh: sumOf(({ importKwh }) => importKwh),
    exportKwh: sumOf(({ exportKwh }) => exportKwh),
    emissionsKgCo2e: sumOf(({ emissionsKgCo2e }) => emissionsKgCo2e),
    carbonCost: sumOf(({ carbonCost }) => carbonCost),
  }
}
