import type { PlanOutput } from '../energy/index.ts'
import { resample, sparkline, stackedChart } from './chart.ts'
import { formatNumber, padEnd, table, wrap } from './layout.ts'

type Values = readonly (number | null)[]

/** How the kinds of assets stand in the chart, from the bottom of the stack. */
const sources = [
  { name: 'solar', letter: 's', kind: 'pv', sign: 1 },
  { name: 'wind', letter: 'w', kind: 'wind', sign: 1 },
  { name: 'hydro', letter: 'h', kind: 'hydro', sign: 1 },
  { name: 'battery', letter: 'b', kind: 'battery', sign: 1 },
  { name: 'genset', letter: 'f', kind: 'genset', sign: 1 },
  { name: 'grid', letter: 'g', kind: 'grid', sign: 1 },
] as const

const uses = [
  { name: 'load', kind: 'load', sign: 1 },
  { name: 'EV', kind: 'ev-charging', sign: 1 },
  { name: 'charging', kind: 'battery', sign: -1 },
  { name: 'export', kind: 'grid', sign: -1 },
] as const

interface Flow {
  readonly name: string
  readonly kind: string
  /** Batteries and the grid flow both ways: +1 keeps what they supply, −1 what they take. */
  readonly sign: 1 | -1
}

/** Power of one direction, summed over all assets of a kind; undefined when the site has none. */
function total(plan: PlanOutput, { kind, sign }: Flow): Values | undefined {
  const found = plan.assets
    .filter((asset) => asset.kind === kind)
    .map((asset) => plan.series[`${asset.id}.powerKw`])
    .filter((values) => values !== undefined)
  if (found.length === 0) return undefined
  return found[0]!.map((_, k) => {
    let sum: number | null = 0
    for (const values of found) {
      const value = values[k] ?? null
      sum = sum === null || value === null ? null : sum + Math.max(0, sign * value)
    }
    return sum
  })
}

const present = <Row extends Flow>(plan: PlanOutput, rows: readonly Row[]) =>
  rows.flatMap((row) => {
    const values = total(plan, row)
    return values ? [{ ...row, values }] : []
  })

const statusWords: Record<PlanOutput['status'], string> = {
  optimal: 'optimal',
  feasible: 'feasible (the search stopped before the proof of the last per mille)',
  relaxed: 'relaxed (some wishes gave way, see below)',
}

const costNames: Record<string, string> = {
  energy: 'energy',
  demand: 'demand charge',
  export: 'export',
  fuel: 'fuel',
  wear: 'battery wear',
  carbon: 'carbon',
  flexibility: 'load left out',
  storedEnergy: 'stored energy',
}

function header(plan: PlanOutput): readonly string[] {
  const { cost, baseline, currency } = plan
  const money = (value: number): string => `${formatNumber(value)} ${currency}`
  const steps = Object.values(plan.series)[0]?.length ?? 0
  const hours = (steps * plan.stepMinutes) / 60
  const split = Object.entries(cost)
    .filter(([name, value]) => name !== 'total' && Math.abs(value) >= 0.5)
    .map(([name, value]) => `${costNames[name] ?? name} ${formatNumber(value)}`)
  const saved = baseline.cost - cost.total
  const savedKg = baseline.emissionsKgCo2e - plan.emissionsKgCo2e
  const share = baseline.cost === 0 ? '' : ` (${formatNumber((100 * saved) / Math.abs(baseline.cost), 1)} %)`
  return [
    `Plan of ${plan.site} from ${plan.start}, ${formatNumber(hours, Number.isInteger(hours) ? 0 : 2)} h in steps of ${plan.stepMinutes} min`,
    '',
    `  status     ${statusWords[plan.status]}`,
    `  cost       ${money(cost.total)}: ${wrap(split.join(', '), 84, '             ')}`,
    `  emissions  ${formatNumber(plan.emissionsKgCo2e)} kgCO2e`,
    baseline.unservedKwh > 0.5
      ? `  saving     cannot be told: without storage and shifting ${formatNumber(baseline.unservedKwh)} kWh would not be served`
      : `  saving     ${money(saved)}${share} and ${formatNumber(savedKg)} kgCO2e against the same day without storage and shifting`,
    `  check      ${plan.certificate.ok ? 'passed' : 'FAILED'}: largest residual ${plan.certificate.maxResidual.toExponential(1)}, bound gap ${formatNumber(100 * plan.certificate.boundGap, 3)} %`,
    ...(plan.synthetic ? ['  weather    synthetic: made up from monthly normals, not a forecast'] : []),
  ]
}

function chart(plan: PlanOutput): readonly string[] {
  const shown = present(plan, sources)
  const columns = Math.min(96, Math.max(0, ...shown.map((row) => row.values.length)))
  const layers = shown
    .map((row) => ({ ...row, values: resample(row.values, columns) }))
    .filter((row) => row.values.some((value) => value > 0.5))
  const high = Math.max(
    1,
    ...Array.from({ length: columns }, (_, column) =>
      layers.reduce((sum, layer) => sum + Math.max(0, layer.values[column] || 0), 0),
    ),
  )
  const margin = formatNumber(high).length + 3
  const bars = stackedChart(layers, 10, high).map(
    (line, row) => `${padEnd(row === 0 ? `${formatNumber(high)} kW` : '', margin)}│${line}`,
  )
  const battery = plan.assets.filter((asset) => asset.kind === 'battery')
  const levels = battery.map((asset) => {
    const soc = resample(plan.series[`${asset.id}.soc`] ?? [], columns)
    return `${padEnd('charge', margin)}│${sparkline(soc, 0, 1)}  ${asset.id}`
  })
  return [
    '',
    ...bars,
    `${' '.repeat(margin)}└${'─'.repeat(columns)}`,
    ...levels,
    `${' '.repeat(margin)} ${layers.map((layer) => `${layer.letter} ${layer.name}`).join('   ')}`,
  ]
}

/** One row an hour: every source and use in kW, state of charge in %. */
function hourly(plan: PlanOutput): readonly string[] {
  const perRow = Math.max(1, Math.round(60 / plan.stepMinutes))
  const shown = [...present(plan, sources), ...present(plan, uses)]
  const battery = plan.assets.find((asset) => asset.kind === 'battery')
  const soc = battery && plan.series[`${battery.id}.soc`]
  const count = shown[0]?.values.length ?? 0
  const rows = Array.from({ length: Math.ceil(count / perRow) }, (_, row) => {
    const from = row * perRow
    const to = Math.min(count, from + perRow)
    const startMs = plan.startMs + from * plan.stepMinutes * 60_000
    const clock = new Date(startMs).toLocaleTimeString('en-GB', {
      timeZone: plan.zone,
      hour: '2-digit',
      minute: '2-digit',
    })
    const cells = shown.map(({ values }) => formatNumber(resample(values.slice(from, to), 1)[0]))
    const level = soc?.[to - 1]
    return [clock, ...cells, ...(soc ? [level == null ? '–' : formatNumber(level * 100)] : [])]
  })
  return ['', ...table(['time', ...shown.map((row) => row.name), ...(soc ? ['charge %'] : [])], rows), 'Means in kW.']
}

function words(plan: PlanOutput): readonly string[] {
  const relaxed = plan.relaxed.map((item) => `  - ${item.wish}, ${item.asset}: ${wrap(item.reason, 96, '    ')}`)
  const whole = plan.reasons.filter((reason) => reason.step === undefined)
  const stepwise = plan.reasons.filter((reason) => reason.step !== undefined)
  const top = [...whole, ...stepwise].slice(0, 6).map((reason) => `  - ${wrap(reason.text, 96, '    ')}`)
  return [
    ...(relaxed.length > 0 ? ['', 'Wishes that gave way', ...relaxed] : []),
    ...(top.length > 0 ? ['', 'Why', ...top] : []),
  ]
}

/** A plan for a person at a terminal: header, chart, hourly table, wishes that gave way, reasons. */
export const showPlan = (plan: PlanOutput): string =>
  [...header(plan), ...chart(plan), ...hourly(plan), ...words(plan)].join('\n')
