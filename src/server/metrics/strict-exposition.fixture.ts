import type { MetricsFormat } from './exposition.ts'

export interface Sample {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

export interface ParsedFamily {
  readonly name: string
  readonly type: string
  readonly help: string
  readonly samples: readonly Sample[]
}

const nameShape = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/
const types = ['counter', 'gauge', 'histogram', 'summary', 'untyped', 'unknown', 'info', 'stateset', 'gaugehistogram']

/**
 * Reads the text of Prometheus 0.0.4 or OpenMetrics 1.0.0 as its specification says, and throws at the first thing that differs:
 * https://prometheus.io/docs/instrumenting/exposition_formats/, https://openmetrics.io.
 */
export function parseStrictly(text: string, format: MetricsFormat): ReadonlyMap<string, ParsedFamily> {
  if (!text.endsWith('\n')) throw new Error('The last line has no end')
  const lines = text.split('\n').slice(0, -1)
  if (format === 'openmetrics' && lines.pop() !== '# EOF') throw new Error('No # EOF')
  const families = new Map<string, ParsedFamily & { samples: Sample[] }>()
  let family: (ParsedFamily & { samples: Sample[] }) | undefined
  let help: { readonly name: string; readonly text: string } | undefined
  for (const line of lines) {
    if (line.startsWith('# HELP ')) {
      const [, name = '', text = ''] = /^# HELP (\S+) (.*)$/.exec(line) ?? []
      if (!nameShape.test(name) || families.has(name)) throw new Error(`Bad or second HELP: ${line}`)
      help = { name, text: unescaped(text) }
    } else if (line.startsWith('# TYPE ')) {
      const [, name = '', type = ''] = /^# TYPE (\S+) (\S+)$/.exec(line) ?? []
      if (help?.name !== name || !types.includes(type)) throw new Error(`TYPE without its HELP: ${line}`)
      family = { name, type, help: help.text, samples: [] }
      families.set(name, family)
    } else if (line.startsWith('#') || line === '') throw new Error(`Neither HELP nor TYPE: ${line}`)
    else {
      const sample = parseSample(line)
      if (!family || !belongs(sample.name, family, format)) throw new Error(`In no family: ${line}`)
      family.samples.push(sample)
    }
  }
  for (const one of families.values()) checkFamily(one)
  return families
}

function parseSample(line: string): Sample {
  const [, name = '', , inside = '', value = ''] = /^([^\s{]+)(\{(.*)\})? (\S+)$/.exec(line) ?? []
  if (!nameShape.test(name)) throw new Error(`Bad sample: ${line}`)
  const labels: Record<string, string> = {}
  let rest = inside
  while (rest !== '') {
    const [whole, label = '', text = ''] =
      /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\[\\n"])*)"(?:,(?=.)|$)/.exec(rest) ?? []
    if (whole === undefined || Object.hasOwn(labels, label) || label.startsWith('__'))
      throw new Error(`Bad labels: ${line}`)
    labels[label] = unescaped(text)
    rest = rest.slice(whole.length)
  }
  if (!/^([+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?|NaN|\+Inf|-Inf)$/i.test(value)) throw new Error(`Bad value: ${line}`)
  return { name, labels, value: value === '+Inf' ? Infinity : value === '-Inf' ? -Infinity : Number(value) }
}

const unescaped = (text: string): string => text.replace(/\\(.)/g, (_, sign: string) => (sign === 'n' ? '\n' : sign))

function belongs(sample: string, { name, type }: ParsedFamily, format: MetricsFormat): boolean {
  if (type === 'histogram') return [`${name}_bucket`, `${name}_sum`, `${name}_count`].includes(sample)
  if (type === 'counter') return sample === (format === 'openmetrics' ? `${name}_total` : name)
  return sample === name
}

function checkFamily({ name, type, samples }: ParsedFamily): void {
  const keys = samples.map((sample) => `${sample.name} ${JSON.stringify(Object.entries(sample.labels).sort())}`)
  if (new Set(keys).size !== keys.length) throw new Error(`A sample of ${name} is there twice`)
  if (type === 'counter' && samples.some(({ value }) => !(value >= 0))) throw new Error(`${name} counts below zero`)
  if (type !== 'histogram') return
  const rest = ({ labels: { le: _, ...labels } }: Sample): string => JSON.stringify(labels)
  for (const [labels, own] of Map.groupBy(samples, rest)) {
    const buckets = own.filter((sample) => sample.name.endsWith('_bucket'))
    const limits = buckets.map(({ labels: { le } }) => (le === '+Inf' ? Infinity : Number(le)))
    if (limits.at(-1) !== Infinity || limits.some((limit, index) => index > 0 && !(limit > limits[index - 1]!))) {
      throw new Error(`Buckets of ${name}${labels} are not in order`)
    }
    if (buckets.some(({ value }, index) => index > 0 && value < buckets[index - 1]!.value))
      throw new Error(`Buckets of ${name} fall`)
    const count = own.find((sample) => sample.name.endsWith('_count'))?.value
    if (count !== buckets.at(-1)?.value) throw new Error(`The count of ${name} is not that of its last bucket`)
  }
}
