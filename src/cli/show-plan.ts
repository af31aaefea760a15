import type { PlanOutput } from '../energy/index.ts'
import { resample, sparkline, stackedChart } from './chart.ts'
import { formatNumber, padEnd, table, wrap } from './layout.ts'

type Values = readonly (number | null)[]

/** How the kinds of assets stand in the chart, from the bottom of the stack. */
const sources: readonly LetteredFlow[] = [
  { name: 'solar', letter: 's', kinds: ['pv'], sign: 1 },
  { name: 'wind', letter: 'w', kinds: ['wind'], sign: 1 },
  { name: 'hydro', letter: 'h', kinds: ['hydro', 'hydro-reservoir'], sign: 1 },
  { name: 'battery', letter: 'b', kinds: ['battery'], sign: 1 },
  { name: 'CHP', letter: 'c', kinds: ['chp'], sign: 1 },
  { name: 'fuel cell', letter: 'z', kinds: ['fuel-cell'], sign: 1 },
  { name: 'genset', letter: 'f', kinds: ['genset'], sign: 1 },
  { name: 'vehicles', letter: 'v', kinds: ['ev-charging'], sign: -1 },
  { name: 'grid', letter: 'g', kinds: ['grid'], sign: 1 },
]

const uses: readonly Flow[] = [
  { name: 'load', kinds: ['load'], sign: 1 },
  { name: 'EV', kinds: ['ev-charging'], sign: 1 },
  { name: 'heat pump', kinds: ['heat-pump'], sign: 1 },
  { name: 'boiler', kinds: ['boiler'], sign: 1 },
  { name: 'rooms', kinds: ['zone'], sign: 1 },
  { name: 'electrolyser', kinds: ['electrolyser'], sign: 1 },
  { name: 'compressor', kinds: ['hydrogen-store'], sign: 1, point: 'compressionKw' },
  { name: 'charging', kinds: ['battery'], sign: -1 },
  { name: 'pumping', kinds: ['hydro-reservoir'], sign: -1 },
  { name: 'export', kinds: ['grid'], sign: -1 },
]

const heat: readonly Flow[] = [
  { name: 'heat pump', kinds: ['heat-pump'], sign: 1, point: 'heatKw' },
  { name: 'boiler', kinds: ['boiler'], sign: 1, point: 'heatKw' },
  { name: 'CHP', kinds: ['chp'], sign: 1, point: 'heatKw' },
  { name: 'waste heat', kinds: ['electrolyser', 'fuel-cell'], sign: 1, point: 'heatKw' },
  { name: 'from store', kinds: ['thermal-store'], sign: 1, point: 'heatKw' },
  { name: 'into store', kinds: ['thermal-store'], sign: -1, point: 'heatKw' },
  { name: 'demand', kinds: ['heat-load'], sign: 1, point: 'heatKw' },
  { name: 'rooms', kinds: ['zone'], sign: 1, point: 'heatKw' },
]

const hydrogen: readonly Flow[] = [
  { name: 'electrolyser', kinds: ['electrolyser'], sign: 1, point: 'hydrogenKw' },
  { name: 'from store', kinds: ['hydrogen-store'], sign: 1, point: 'hydrogenKw' },
  { name: 'into store', kinds: ['hydrogen-store'], sign: -1, point: 'hydrogenKw' },
  { name: 'fuel cell', kinds: ['fuel-cell'], sign: 1, point: 'hydrogenKw' },
  { name: 'demand', kinds: ['hydrogen-load'], sign: 1, point: 'hydrogenKw' },
]

interface Flow {
  readonly name: string
  readonly kinds: readonly string[]
  /** What flows both ways has two rows: +1 keeps positive values, −1 negative ones. */
  readonly sign: 1 | -1
  /** Default: powerKw. */
  readonly point?: string
}

interface LetteredFlow extends Flow {
  readonly letter: string
}

/** Power of one direction, summed over all assets of some kinds; undefined when the site has none that has it. */
function total(plan: PlanOutput, { kinds, sign, point = 'powerKw' }: Flow): Values | undefined {
  const found = plan.assets
    .filter((asset) => kinds.includes(asset.kind))
    .map((asset) => plan.series[`${asset.id}.${point}`])
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

/** Rows of what a site has; those that few sites use both ways only where they do. */
const present = <Row extends Flow>(plan: PlanOutput, rows: readonly Row[]) =>
  rows.flatMap((row) => {
    const values = total(plan, row)
    const rare = row.name === 'vehicles' || row.name === 'pumping'
    if (!values || (rare && !values.some((value) => (value ?? 0) > 0.5))) return []
    return [{ ...row, values }]
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
  reserve: 'reserve held',
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

/** A column of an hourly table that is read at the end of each hour: a level or a temperature. */
interface Level {
  readonly name: string
  readonly values: Values
  readonly scale: number
  readonly digits: number
}

/** One row an hour: means of flows, levels at its end. */
function hourlyTable(plan: PlanOutput, flows: readonly { name: string; values: Values }[], levels: readonly Level[]) {
  const perRow = Math.max(1, Math.round(60 / plan.stepMinutes))
  const count = flows[0]?.values.length ?? 0
  const rows = Array.from({ length: Math.ceil(count / perRow) }, (_, row) => {
    const from = row * perRow
    const to = Math.min(count, from + perRow)
    const clock = new Date(plan.startMs + from * plan.stepMinutes * 60_000).toLocaleTimeString('en-GB', {
      timeZone: plan.zone,
      hour: '2-digit',
      minute: '2-digit',
    })
    const cells = flows.map(({ values }) => formatNumber(resample(values.slice(from, to), 1)[0]))
    const ends = levels.map(({ values, scale, digits }) => {
      const level = values[to - 1]
      return level == null ? '–' : formatNumber(level * scale, digits)
    })
    return [clock, ...cells, ...ends]
  })
  return table(['time', ...flows.map(({ name }) => name), ...levels.map(({ name }) => name)], rows)
}

/** Levels of all assets of a kind, by its point. */
const levelsOf = (plan: PlanOutput, kind: string, point: string, how: Omit<Level, 'values' | 'name'>): Level[] =>
  plan.assets
    .filter((asset) => asset.kind === kind)
    .flatMap(({ id }) => {
      const values = plan.series[`${id}.${point}`]
      return values ? [{ name: id, values, ...how }] : []
    })

const named = (levels: readonly Level[], name: (id: string) => string): Level[] =>
  levels.map((level) => ({ ...level, name: name(level.name) }))

/** Every source and use of electricity in kW, state of charge in %. */
function hourly(plan: PlanOutput): readonly string[] {
  const flows = [...present(plan, sources), ...present(plan, uses)]
  const charge = named(levelsOf(plan, 'battery', 'soc', { scale: 100, digits: 0 }).slice(0, 1), () => 'charge %')
  return ['', ...hourlyTable(plan, flows, charge), 'Means in kW.']
}

/** Heat and hydrogen, where the site has them, with what is stored and how warm the rooms are. */
function otherCarriers(plan: PlanOutput): readonly string[] {
  const heatFlows = [...present(plan, heat), ...ownHeat(plan)]
  const heatLevels = [
    ...named(levelsOf(plan, 'thermal-store', 'storedKwh', { scale: 1, digits: 0 }), (id) => `${id} kWh`),
    ...named(levelsOf(plan, 'zone', 'airC', { scale: 1, digits: 1 }), (id) => `${id} °C`),
  ]
  const hydrogenFlows = present(plan, hydrogen)
  const hydrogenLevels = named(levelsOf(plan, 'hydrogen-store', 'levelKg', { scale: 1, digits: 0 }), (id) => `${id} kg`)
  return [
    ...(heatFlows.length > 0 ? ['', 'Heat', ...hourlyTable(plan, heatFlows, heatLevels), 'Means in kW of heat.'] : []),
    ...(hydrogenFlows.length > 0
      ? [
          '',
          'Hydrogen',
          ...hourlyTable(plan, hydrogenFlows, hydrogenLevels),
          'Means in kW of the lower heating value; 1 kg is 33.33 kWh.',
        ]
      : []),
  ]
}

/** Rooms that heat themselves, off every heat bus. */
const ownHeat = (plan: PlanOutput) =>
  levelsOf(plan, 'zone', 'ownHeatKw', { scale: 1, digits: 0 }).map(({ name, values }) => ({ name, values }))

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
  [...header(plan), ...chart(plan), ...hourly(plan), ...otherCarriers(plan), ...words(plan)].join('\n')
