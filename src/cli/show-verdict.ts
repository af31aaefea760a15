import type { PathOutput, VerdictOutput } from '../carbon/index.ts'
import { formatNumber, table, wrap } from './layout.ts'

const words: Readonly<Record<VerdictOutput['verdict'], string>> = {
  passes: 'passes',
  fails: 'fails',
  'not-decided': 'not decided',
}

const orDash = (value: string | number | null, digits: number): string =>
  formatNumber(value === null ? null : Number(value), digits)

const listed = (texts: readonly string[]): readonly string[] => texts.map((text) => `  - ${wrap(text, 96, '    ')}`)

/** A verdict for a person at a terminal: every reading, what the emissions are made of, the other indicators, what to know. */
export function showVerdict(output: VerdictOutput): string {
  const { indicator, readings, emissions, guiding, verify } = output
  const { emissionsUnit, energyUnit } = indicator
  const readingRows = readings.map((reading) => [
    `${reading.asked ? '' : '('}green power ${reading.greenPower.replace('-', ' ')}, ${reading.coal}${reading.asked ? '' : ')'}`,
    orDash(reading.emissions, 0),
    orDash(reading.energy, 0),
    orDash(reading.indicator, 4),
    orDash(reading.limit, 2),
    orDash(reading.gap?.emissions ?? null, 0),
    reading.chance === null ? '–' : `${formatNumber(100 * reading.chance.analytic, 1)} %`,
    reading.passes === null ? '–' : reading.passes ? 'passes' : 'fails',
  ])
  const emissionRows = emissions.map(({ title, part, stated, factors, counted, notCounted }) => [
    title === part ? title : `${part}: ${title}`,
    stated,
    factors.at(-1)?.factor ?? '–',
    orDash(counted, 1),
    orDash(notCounted, 1),
  ])
  return [
    `${output.name} in ${output.year}: ${words[output.verdict]}`,
    `${output.scheme.title} (${output.scheme.document})`,
    '',
    ...table(['', emissionsUnit, energyUnit, 'indicator', 'limit', 'above', 'chance', ''], readingRows),
    '',
    ...table(['emissions', 'stated', 'factor', 'green counted', 'not counted'], emissionRows),
    ...(guiding.length === 0
      ? []
      : [
          '',
          ...table(
            ['other indicators', 'value', '', 'limit', ''],
            guiding.map(({ title, value, relation, limit, unit, result }) => [
              title,
              orDash(value, 1),
              relation === 'at-least' ? 'at least' : 'at most',
              `${limit} ${unit}`,
              result.replace('-', ' '),
            ]),
          ),
        ]),
    '',
    'To know',
    ...listed(output.reasons.map(({ text }) => text)),
    ...(verify.length === 0
      ? []
      : ['', 'To be held against its document', ...listed(verify.map(({ what, why }) => `${what}: ${why}`))]),
  ].join('\n')
}

/** A path for a person at a terminal: step after step with tonnes, money and indicator. */
export function showPath(output: PathOutput): string {
  const { currency, emissionsUnit, steps, start, status } = output
  const rows = steps.map((step) => [
    `${step.rank}. ${step.title}`,
    formatNumber(step.saved),
    formatNumber(step.costPerYear),
    formatNumber(step.capex),
    formatNumber(step.costPerTonne),
    formatNumber(step.indicatorAfter, 4),
    step.crosses ? `meets it with ${formatNumber(100 * step.neededShare)} %` : step.needed ? 'needed' : '',
  ])
  const head = `${output.site} in ${output.year}: ${status.replace('-', ' ')}, from ${formatNumber(start.indicator, 4)} to ${formatNumber(start.limit, 2)}`
  return [
    head,
    ...(rows.length === 0
      ? []
      : [
          '',
          ...table(
            ['', emissionsUnit, `${currency} a year`, `${currency} once`, `${currency}/t`, 'indicator', ''],
            rows,
          ),
        ]),
    '',
    ...listed(output.reasons.map(({ text }) => text)),
    ...(output.synthetic ? ['  - The weather is made up from normals.'] : []),
  ].join('\n')
}
