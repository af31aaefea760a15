/** One line of figures: a value under its labels. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

export type Metrics = ReadonlyMap<string, readonly Sample[]>

const line = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? ([-+]?(?:[\d.]+(?:e[-+]?\d+)?|Inf)|NaN)(?:\s|$)/i
const label = /(\w+)="((?:[^"\\]|\\.)*)"/g

/** Reads the text format of Prometheus, 0.0.4; what is none of its lines is left out. */
export function readMetrics(text: string): Metrics {
  const metrics = new Map<string, Sample[]>()
  for (const row of text.split('\n')) {
    if (row.startsWith('#')) continue
    const [, name, labels = '', number = ''] = line.exec(row) ?? []
    if (name === undefined) continue
    const value = number === '+Inf' ? Number.POSITIVE_INFINITY : Number(number)
    const own = Object.fromEntries([...labels.matchAll(label)].map(([, key = '', text = '']) => [key, unescaped(text)]))
    metrics.set(name, [...(metrics.get(name) ?? []), { labels: own, value }])
  }
  return metrics
}

const unescaped = (text: string): string =>
  text.replaceAll(/\\(.)/g, (_, letter: string) => (letter === 'n' ? '\n' : letter))

/** A figure, or that of one label; undefined where there is none. */
export function figure(
  metrics: Metrics,
  name: string,
  labels: Readonly<Record<string, string>> = {},
): number | undefined {
  const found = metrics
    .get(name)
    ?.find(({ labels: own }) => Object.entries(labels).every(([key, text]) => own[key] === text))
  return found && Number.isFinite(found.value) ? found.value : undefined
}

/** The sum over all labels. */
export const total = (metrics: Metrics, name: string): number | undefined =>
  metrics.get(name)?.reduce((sum, { value }) => sum + value, 0)

/** How fast a counter rises, a second; undefined where the server started anew between the two. */
export function ratePerS(
  name: string,
  before: { readonly metrics: Metrics; readonly atMs: number } | undefined,
  after: { readonly metrics: Metrics; readonly atMs: number },
): number | undefined {
  if (!before || after.atMs <= before.atMs) return undefined
  const [from, to] = [total(before.metrics, name), total(after.metrics, name)]
  return from === undefined || to === undefined || to < from
    ? undefined
    : (1000 * (to - from)) / (after.atMs - before.atMs)
}
