import type { PlanOutput } from '../api/types.ts'
import { type ChartSpec, type Line, stack } from '../charts/spec.ts'
import { type Carrier, carrierPoint } from '../ui/carriers.ts'
import { type Family, families, familyOf } from '../ui/families.ts'
import type { WordKey } from '../words/words.ts'
import { planEndMs, planStarts, planSteps } from './steps.ts'

export interface SpecInput {
  readonly plan: PlanOutput
  /** The published plan while another is looked at. */
  readonly published: PlanOutput | undefined
  say(key: WordKey): string
}

export const axisOf = (plan: PlanOutput): readonly number[] => [...planStarts(plan), planEndMs(plan)]

export const seriesOf = (plan: PlanOutput, id: string, point: string): readonly (number | null)[] =>
  plan.series[`${id}.${point}`] ?? []

const ofFamily = (plan: PlanOutput, family: Family): PlanOutput['assets'] =>
  plan.assets.filter(({ kind }) => familyOf(kind) === family)

/** What a family gives a carrier's buses (`side` 1) or takes from them (−1), summed over its assets, kW a step. */
export function familyKw(plan: PlanOutput, carrier: Carrier, family: Family, side: 1 | -1): readonly number[] {
  const total = new Array<number>(planSteps(plan)).fill(0)
  for (const { id, kind } of ofFamily(plan, family)) {
    const found = carrierPoint(kind, carrier)
    if (!found) continue
    seriesOf(plan, id, found.point).forEach((value, step) => {
      total[step] = (total[step] ?? 0) + Math.max(0, side * found.sign * (value ?? 0))
    })
  }
  return total
}

export const isSomething = (values: readonly number[]): boolean => values.some((value) => value > 0.01)

/** Import of all grid connections, kW a step. */
export const importKw = (plan: PlanOutput): readonly number[] => familyKw(plan, 'electricity', 'grid', 1)

/** What is no use of the site: it takes to give it back, or to send it away. */
const takenToGive = {
  battery: 'plan.charging',
  hydro: 'plan.pumping',
  grid: 'plan.export',
} as const satisfies Partial<Record<Family, WordKey>>

/** Use of the site, kW a step: loads, vehicles, and what makes heat or hydrogen of electricity. */
export function siteUseKw(plan: PlanOutput): readonly number[] {
  const users = families.filter((family) => !Object.hasOwn(takenToGive, family))
  return users
    .map((family) => familyKw(plan, 'electricity', family, -1))
    .reduce((total, values) => total.map((value, step) => value + (values[step] ?? 0)))
}

export const area = (label: string, token: string, values: readonly number[] = []): Line => ({
  label,
  token,
  values,
  shape: 'area',
})

/** A line of the published plan behind another. */
const ghost = (label: string, values: Line['values']): Line => ({
  ...{ label, values, token: 'ink-faint', shape: 'line', dashed: true, widthPx: 1.5 },
})

/** Supply by source above the line, charging and export below it, the use of the site over them. */
export function powerSpec({ plan, published, say }: SpecInput): ChartSpec {
  const supply = families
    .map((family) => ({ family, values: familyKw(plan, 'electricity', family, 1) }))
    .filter(({ values }) => isSomething(values))
  const below = (Object.keys(takenToGive) as (keyof typeof takenToGive)[])
    .map((family) => ({ family, values: familyKw(plan, 'electricity', family, -1) }))
    .filter(({ values }) => isSomething(values))
  const up = stack(supply.map(({ values }) => values))
  const down = stack(below.map(({ values }) => values))
  return {
    timestampsMs: axisOf(plan),
    unit: 'kW',
    heightPx: 270,
    rightGutter: true,
    planFromMs: plan.startMs,
    lines: [
      ...supply.map(({ family }, index) => area(say(`kind.${family}`), family, up[index])),
      ...below.map(({ family }, index) =>
        area(
          say(takenToGive[family]),
          family,
          down[index]?.map((value) => -value),
        ),
      ),
      { label: say('plan.use'), token: 'ink', values: siteUseKw(plan), shape: 'line', widthPx: 1.5 },
      ...(published ? [ghost(say('plan.publishedUse'), siteUseKw(published))] : []),
    ],
  }
}

/** State of charge of every battery at the ends of the steps, per cent. */
export function socSpec({ plan, published, say }: SpecInput): ChartSpec | undefined {
  const batteries = ofFamily(plan, 'battery')
  if (batteries.length === 0) return undefined
  const percent = (of: PlanOutput, id: string) =>
    seriesOf(of, id, 'soc').map((value) => (value === null ? null : value * 100))
  return {
    timestampsMs: axisOf(plan),
    unit: '%',
    heightPx: 110,
    rightGutter: true,
    range: [0, 100],
    lines: [
      ...batteries.map(
        ({ id, title }): Line => ({ label: title, token: 'battery', values: percent(plan, id), shape: 'line' }),
      ),
      ...(published
        ? batteries.slice(0, 1).map(({ id }): Line => ghost(say('whatIf.published'), percent(published, id)))
        : []),
    ],
  }
}

/** Price of import, worth of one more kWh on the bus, carbon intensity of import. */
export function priceSpec({ plan, published, say }: SpecInput, atLeast = 0): ChartSpec {
  const [grid] = ofFamily(plan, 'grid')
  const carbon = grid ? seriesOf(plan, grid.id, 'carbonIntensity') : []
  const worth: Line = {
    label: say('plan.marginal'),
    token: 'accent',
    values: plan.series['site.marginalPrice'] ?? [],
    shape: 'line',
    dashed: true,
    widthPx: 1.5,
  }
  return {
    timestampsMs: axisOf(plan),
    unit: `${plan.currency}/kWh`,
    heightPx: 150,
    rightGutter: true,
    atLeast,
    ...(carbon.length > 0 ? { rightUnit: 'kg CO₂e/kWh' } : {}),
    lines: [
      worth,
      ...(published ? [ghost(say('whatIf.published'), published.series['site.marginalPrice'] ?? [])] : []),
      ...(grid
        ? [
            {
              label: say('plan.price'),
              token: 'ink',
              values: seriesOf(plan, grid.id, 'importPrice'),
              shape: 'line' as const,
            },
            {
              label: say('plan.carbon'),
              token: 'ink-faint',
              values: carbon,
              shape: 'line' as const,
              axis: 'right' as const,
            },
          ]
        : []),
    ],
  }
}

/** Import against the month's billed peak; the limit stands on it as a handle. */
export function importSpec(
  { plan, published, say }: SpecInput,
  { peakSoFarKw, limitKw }: { readonly peakSoFarKw: number | undefined; readonly limitKw: number },
): ChartSpec | undefined {
  if (ofFamily(plan, 'grid').length === 0) return undefined
  const flat = (value: number): readonly number[] => new Array<number>(planSteps(plan)).fill(value)
  return {
    timestampsMs: axisOf(plan),
    unit: 'kW',
    heightPx: 150,
    rightGutter: true,
    atLeast: limitKw,
    lines: [
      { label: say('plan.peak'), token: 'grid', values: importKw(plan), shape: 'line' },
      ...(peakSoFarKw === undefined
        ? []
        : [
            {
              label: say('plan.peakSoFar'),
              token: 'warning',
              values: flat(peakSoFarKw),
              shape: 'line' as const,
              dashed: true,
              widthPx: 1.5,
            },
          ]),
      ...(published ? [ghost(say('whatIf.published'), importKw(published))] : []),
    ],
  }
}
