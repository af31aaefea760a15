import type { ForecastOutput, ForecastTarget } from '../energy/index.ts'
import { resample, sparkline } from './chart.ts'
import { formatNumber, table, wrap } from './layout.ts'

type Values = readonly (number | null)[]

/** Large numbers need no decimals, a household's kW do. */
const digitsOf = (values: Values): number => {
  const most = Math.max(0, ...values.map((value) => Math.abs(value ?? 0)))
  return most >= 100 ? 0 : most >= 10 ? 1 : 2
}

const percent = (share: number): string => `${formatNumber(100 * share, 1)} %`

function proof({ backtest, unit }: ForecastTarget): string {
  if (!backtest) return 'its errors are not known'
  const { mae, skill, coverage, origins, naiveMae } = backtest
  const digits = digitsOf([mae])
  const better =
    skill === null
      ? ''
      : `, ${percent(Math.abs(skill))} ${skill < 0 ? 'worse' : 'better'} than naive (${formatNumber(naiveMae, digits)})`
  const held = coverage
    ? `; ${percent(coverage.found)} of what came lay in the interval for ${percent(coverage.to - coverage.from)}`
    : ''
  return `on the last ${origins} days off by ${formatNumber(mae, digits)} ${unit} on average${better}${held}`
}

/** One target: how, how well, its course and an hourly table of the median and the outer levels. */
function target(own: ForecastTarget, output: ForecastOutput): readonly string[] {
  const { title, id, unit, method, values, quantiles, reasons } = own
  const columns = resample(values, Math.min(96, values.length))
  const outer = quantiles.length > 1 ? [quantiles[0]!, quantiles.at(-1)!] : quantiles
  const digits = digitsOf(values)
  const perRow = Math.max(1, Math.round(60 / output.stepMinutes))
  const rows = Array.from({ length: Math.ceil(values.length / perRow) }, (_, row) => {
    const from = row * perRow
    const clock = new Date(output.startMs + from * output.stepMinutes * 60_000).toLocaleString('en-GB', {
      timeZone: output.zone,
      ...(values.length * output.stepMinutes > 1440 ? { weekday: 'short' as const } : {}),
      hour: '2-digit',
      minute: '2-digit',
    })
    const mean = (series: Values): string => formatNumber(resample(series.slice(from, from + perRow), 1)[0], digits)
    return [clock, mean(values), ...outer.map((quantile) => mean(quantile.values))]
  })
  const known = columns.filter(Number.isFinite)
  return [
    '',
    `${title} (${id}), ${unit}: ${method}${own.synthetic ? ', synthetic weather' : ''}`,
    `  ${wrap(proof(own), 96, '  ')}`,
    `  ${sparkline(columns, Math.min(0, ...known), Math.max(0, ...known))}`,
    ...reasons.map(({ text }) => `  - ${wrap(text, 96, '    ')}`),
    '',
    ...table(['time', 'median', ...outer.map(({ level }) => percent(level))], rows),
  ]
}

/** A forecast for a person at a terminal. */
export const showForecast = (output: ForecastOutput): string => {
  const { site, start, steps, stepMinutes, targets } = output
  const hours = formatNumber((steps * stepMinutes) / 60, (steps * stepMinutes) % 60 === 0 ? 0 : 2)
  return [
    `Forecast of ${site} from ${start}, ${hours} h in steps of ${stepMinutes} min`,
    ...targets.flatMap((own) => target(own, output)),
    '',
    'Rows are means of an hour.',
  ].join('\n')
}
