import type { PlanOutput } from '../api/types.ts'
import { type ChartSpec, type Line, stack } from '../charts/spec.ts'
import { carrierPoint, levelOf } from '../ui/carriers.ts'
import { families, familyOf } from '../ui/families.ts'
import { area, axisOf, familyKw, isSomething, type SpecInput, seriesOf } from './plan-specs.ts'
import { planSteps } from './steps.ts'

type Stored = 'heat' | 'hydrogen'

/** Assets of a plan that store a carrier. */
const storesOf = (plan: PlanOutput, carrier: Stored): PlanOutput['assets'] =>
  plan.assets.filter(({ kind }) => levelOf(kind) && carrierPoint(kind, carrier))

/** Colour of what is stored or used. */
const tokenOf = { heat: 'heat-store', hydrogen: 'hydrogen' } as const
const words = {
  heat: { use: 'plan.heatUse', storing: 'plan.heatStoring', given: 'plan.heatGiven' },
  hydrogen: { use: 'plan.hydrogenUse', storing: 'plan.hydrogenStoring', given: 'plan.hydrogenGiven' },
} as const

const isStore = (kind: string): boolean => levelOf(kind) !== undefined

/** The plan with stores alone, or without them: a family may hold both. */
const some = (plan: PlanOutput, keep: (kind: string) => boolean): PlanOutput => ({
  ...plan,
  assets: plan.assets.filter(({ kind }) => keep(kind)),
})

/** Sum of all families of a plan on one side of a carrier, kW a step. */
const allKw = (plan: PlanOutput, carrier: Stored, side: 1 | -1): readonly number[] =>
  families
    .map((family) => familyKw(plan, carrier, family, side))
    .reduce((total, values) => total.map((value, step) => value + (values[step] ?? 0)))

/** Heat or hydrogen: what makes it and what stores give above the line, filling of stores below it, use over them. */
export function carrierSpec({ plan, say }: SpecInput, carrier: Stored): ChartSpec | undefined {
  const makers = some(plan, (kind) => !isStore(kind))
  const stores = some(plan, isStore)
  const made = families
    .map((family) => ({
      label: say(`kind.${family}`),
      token: family as string,
      values: familyKw(makers, carrier, family, 1),
    }))
    .filter(({ values }) => isSomething(values))
  const given = { label: say(words[carrier].given), token: tokenOf[carrier], values: allKw(stores, carrier, 1) }
  const supply = isSomething(given.values) ? [...made, given] : made
  const storing = allKw(stores, carrier, -1)
  const use = allKw(makers, carrier, -1)
  if (![...supply.map(({ values }) => values), storing, use].some(isSomething)) return undefined
  const stacked = stack(supply.map(({ values }) => values))
  return {
    timestampsMs: axisOf(plan),
    unit: 'kW',
    heightPx: 190,
    rightGutter: true,
    planFromMs: plan.startMs,
    lines: [
      ...supply.map(({ label, token }, index) => area(label, token, stacked[index])),
      ...(isSomething(storing)
        ? [
            area(
              say(words[carrier].storing),
              tokenOf[carrier],
              storing.map((value) => -value),
            ),
          ]
        : []),
      { label: say(words[carrier].use), token: 'ink', values: use, shape: 'line', widthPx: 1.5 },
    ],
  }
}

/** How full the stores of heat or hydrogen are at the ends of the steps. */
export function levelSpec({ plan }: SpecInput, carrier: Stored): ChartSpec | undefined {
  const stores = storesOf(plan, carrier)
  const [first] = stores
  if (!first) return undefined
  return {
    timestampsMs: axisOf(plan),
    unit: levelOf(first.kind)?.unit ?? '',
    heightPx: 110,
    rightGutter: true,
    atLeast: 1,
    lines: stores.map(
      ({ id, title, kind }): Line => ({
        label: title,
        token: tokenOf[carrier],
        values: seriesOf(plan, id, levelOf(kind)?.point ?? ''),
        shape: 'line',
      }),
    ),
  }
}

/** Temperatures of the rooms, and the band of comfort of the first of them. */
export function roomSpec({ plan, say }: SpecInput): ChartSpec | undefined {
  const zones = plan.assets.filter(({ kind }) => kind === 'zone')
  const [first] = zones
  if (!first || planSteps(plan) === 0) return undefined
  const limit = (label: string, point: string): Line => ({
    label,
    token: 'ink-faint',
    values: seriesOf(plan, first.id, point),
    shape: 'line',
    dashed: true,
    widthPx: 1.5,
  })
  const values = zones.flatMap(({ id }) => ['airC', 'lowC', 'highC'].flatMap((point) => seriesOf(plan, id, point)))
  const known = values.filter((value) => value !== null)
  return {
    timestampsMs: axisOf(plan),
    unit: '°C',
    heightPx: 130,
    rightGutter: true,
    range: [Math.floor(Math.min(...known)) - 1, Math.ceil(Math.max(...known)) + 1],
    lines: [
      ...zones.map(
        ({ id, title, kind }): Line => ({
          label: title,
          token: familyOf(kind) ?? 'ink',
          values: seriesOf(plan, id, 'airC'),
          shape: 'line',
        }),
      ),
      limit(say('plan.comfortLow'), 'lowC'),
      limit(say('plan.comfortHigh'), 'highC'),
    ],
  }
}
