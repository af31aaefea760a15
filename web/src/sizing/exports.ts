import type { SizeOutput } from '../api/types.ts'
import { type Design, letterOf } from './designs.ts'
import { yamlOf } from './yaml.ts'

const cell = (value: unknown): string => {
  const text = value === null || value === undefined ? '' : String(value)
  // A text that a spreadsheet would take for a formula is only a text.
  const safe = typeof value === 'string' && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

const lineOf = (cells: readonly unknown[]): string => cells.map(cell).join(',')

/** All designs as one table, then the cash of the chosen one; money in the currency of the site. */
export function csvOf(output: SizeOutput, designs: readonly Design[], chosen: Design): string {
  const head = [
    ...['design', `annualCost ${output.currency}`, `capex ${output.currency}`, `netPresentValue ${output.currency}`],
    ...['emissions kgCO2e', 'renewableShare', 'unserved kWh', 'internalRateOfReturn', 'paybackYears'],
    ...output.sizes.map(({ id, unit }) => `${id} ${unit}`),
  ]
  const rows = designs.map(({ economics, ...one }) => [
    ...[letterOf(one.index), one.annualCost, economics.capex, economics.netPresentValue],
    ...[one.emissionsKgCo2e, one.renewableShare, one.unservedKwh],
    ...[economics.internalRateOfReturn, economics.paybackYears],
    ...output.sizes.map(({ id }) => one.sizes[id]),
  ])
  const columns = Object.keys(chosen.economics.cashFlow[0] ?? {})
  const cash = chosen.economics.cashFlow.map((row) => columns.map((column) => row[column]))
  return `${[head, ...rows, [], [`design ${letterOf(chosen.index)}`], columns, ...cash].map(lineOf).join('\n')}\n`
}

/** What to change in the site file for these sizes: a patch that `mangrove` and the API take as `changes`. */
export const patchOf = (chosen: Design, evidence: string): string =>
  `# Sizes of design ${letterOf(chosen.index)} of run ${evidence}.\n# A JSON Merge Patch in YAML: merge it into the site file; null takes an asset away.${yamlOf({ assets: chosen.assets })}\n`
