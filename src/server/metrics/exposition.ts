import type { MetricObjectWithValues, MetricValue, MetricValueWithName } from 'prom-client'

/** Text of Prometheus (0.0.4), or that of OpenMetrics 1.0.0. */
export type MetricsFormat = 'prometheus' | 'openmetrics'

export const metricsMediaType: Readonly<Record<MetricsFormat, string>> = {
  prometheus: 'text/plain; version=0.0.4; charset=utf-8',
  openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
}

/** Prometheus asks for OpenMetrics first where it can read it. */
export const metricsFormatOf = (accept: string | undefined): MetricsFormat =>
  /\bapplication\/openmetrics-text\b/i.test(accept ?? '') ? 'openmetrics' : 'prometheus'

type Family = MetricObjectWithValues<MetricValue<string>>

/** Families of samples as a scraper reads them. */
export function expose(families: readonly Family[], format: MetricsFormat): string {
  const text = families.map((family) => exposeFamily(family, format)).join('')
  return format === 'openmetrics' ? `${text}# EOF\n` : text
}

function exposeFamily({ name, help, type, values }: Family, format: MetricsFormat): string {
  const open = format === 'openmetrics'
  const kind = String(type)
  // OpenMetrics names the family of `x_total` plain `x`.
  const family = open && kind === 'counter' ? name.replace(/_total$/, '') : name
  const lines = (values as readonly MetricValueWithName<string>[]).map(
    ({ metricName = name, labels, value }) => `${metricName}${exposeLabels(labels, open)} ${exposeNumber(value)}\n`,
  )
  return `# HELP ${family} ${escapeHelp(help, open)}\n# TYPE ${family} ${kind}\n${lines.join('')}`
}

function exposeLabels(labels: Partial<Record<string, string | number>>, open: boolean): string {
  const told = Object.entries(labels).map(([name, value]) => {
    const text = name === 'le' && value !== '+Inf' ? exposeLimit(Number(value), open) : String(value)
    return `${name}="${escapeLabel(text)}"`
  })
  return told.length === 0 ? '' : `{${told.join(',')}}`
}

/** Upper limit of a bucket; OpenMetrics writes whole numbers as `1.0`. */
const exposeLimit = (limit: number, open: boolean): string =>
  open && Number.isInteger(limit) ? limit.toFixed(1) : exposeNumber(limit)

const exposeNumber = (value: number): string =>
  Number.isNaN(value)
    ? 'NaN'
    : value === Number.POSITIVE_INFINITY
      ? '+Inf'
      : value === Number.NEGATIVE_INFINITY
        ? '-Inf'
        : String(value)

const escapeLabel = (text: string): string =>
  text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"')

const escapeHelp = (text: string, open: boolean): string => {
  const escaped = text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')
  return open ? escaped.replaceAll('"', '\\"') : escaped
}
