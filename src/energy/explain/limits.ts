import { stepStartMs } from '../../kernel/index.ts'
import type { Frame } from '../frame.ts'
import type { PreparedAsset } from '../park-model.ts'
import type { LimitWorth } from '../schema/index.ts'
import { tidy } from '../tidy.ts'
import type { ColumnTerms } from './column-terms.ts'
import type { FixedPlan, Situation } from './fixed-plan.ts'
import { spansOf } from './spans.ts'
import { clock, titleOf } from './words.ts'

/** A number of the site that limits its plan. */
export interface Limit {
  readonly path: string
  readonly asset: string | null
  readonly field: string
  readonly value: number
  readonly unit: string
  /** The park in which it is larger by `more` units. */
  enlarged(situation: Situation, more: number): Situation
}

const unitOf = (field: string): string | undefined =>
  /(Kwp|Kwh|Kw|Kg)$/.exec(field)?.[1]?.replace('Kwp', 'kWp').replace('Kw', 'kW').replace('Kg', 'kg')

/** Fields in kW, kWh or kg that say where a machine stands or how often it is paid, not what it can do. */
const noLimits = /^(initial|terminal|owed|charged|compression|standby)|Per/

/** What nature offers is in proportion to the size of its source. */
function scaled({ asset, inputs, component }: PreparedAsset, field: string, factor: number): unknown {
  if (!component.sizes?.[field] || typeof inputs !== 'object' || inputs === null) return inputs
  const { availableKw } = inputs as { readonly availableKw?: Float64Array }
  return availableKw && asset[field] ? { ...inputs, availableKw: availableKw.map((value) => value * factor) } : inputs
}

/** Equal machines are written together: they grow together, each by its part. */
function assetLimit(prepared: PreparedAsset, field: string, unit: string, twins: ReadonlySet<string>): Limit {
  const { asset } = prepared
  const value = asset[field] as number
  return {
    path: `assets.${asset.id}.${field}`,
    asset: asset.id,
    field,
    value,
    unit,
    enlarged: ({ frame, assets }, more) => {
      const size = value + more / twins.size
      const grown = assets.map((one) =>
        twins.has(one.asset.id)
          ? { ...one, asset: { ...one.asset, [field]: size }, inputs: scaled(one, field, size / value) }
          : one,
      )
      const own = new Map(grown.map(({ asset: changed }) => [changed.id, changed]))
      const site = { ...frame.site, assets: frame.site.assets.map((one) => own.get(one.id) ?? one) }
      return { frame: { ...frame, site }, assets: grown }
    },
  }
}

const withSection = (frame: Frame, name: string, field: string, value: number): Frame => {
  const section = { ...(frame.site.sections[name] as object), [field]: value }
  const site = { ...frame.site, sections: { ...frame.site.sections, [name]: section } }
  return { ...frame, site, ...(name === 'wishes' ? { wishes: { ...frame.wishes, [field]: value } } : {}) }
}

/** Limits and wishes of the site as a whole. */
const siteFields = [
  { section: 'limits', field: 'importKw', unit: 'kW' },
  { section: 'limits', field: 'exportKw', unit: 'kW' },
  { section: 'wishes', field: 'peakImportKw', unit: 'kW' },
  { section: 'wishes', field: 'reserveSoc', unit: '1' },
] as const

/** Everything with a unit of power, energy or mass that a site file says of its machines and of itself. */
export function limitsOf({ frame, assets }: Situation): Limit[] {
  const machines = assets.flatMap((prepared) => {
    const { asset, component } = prepared
    const likeness = component.likeness?.(asset)
    const twins = assets.filter(
      (other) =>
        other.asset.kind === asset.kind && likeness !== undefined && component.likeness?.(other.asset) === likeness,
    )
    const group = new Set(likeness === undefined ? [asset.id] : twins.map((twin) => twin.asset.id))
    return Object.entries(asset).flatMap(([field, value]) => {
      const unit = unitOf(field)
      if (unit === undefined || noLimits.test(field) || typeof value !== 'number' || !Number.isFinite(value)) return []
      return [assetLimit(prepared, field, unit, group)]
    })
  })
  const site = siteFields.flatMap(({ section, field, unit }): Limit[] => {
    const value = (frame.site.sections[section] as Record<string, unknown> | undefined)?.[field]
    if (typeof value !== 'number') return []
    const enlarged: Limit['enlarged'] = (situation, more) => ({
      ...situation,
      frame: withSection(situation.frame, section, field, value + more),
    })
    return [{ path: `${section}.${field}`, asset: null, field, value, unit, enlarged }]
  })
  return [...site, ...machines]
}

/** How far a limit is moved to see what changes, in its unit. */
export const nudge = ({ value, unit }: Pick<Limit, 'value' | 'unit'>): number =>
  unit === '1' ? 1e-3 : 1e-3 * Math.max(1, Math.min(100, Math.abs(value)))

/**
 * Part of a nudge over which the model's numbers are compared. Those of a taper go with one over the capacity, and what they
 * cost may nearly cancel: the error of a whole nudge, a thousandth of each, could be as large as what is left.
 */
const closer = 1e-3

/**
 * What each step pays for one unit more of a limit, by the envelope theorem: how the model's numbers change with the limit,
 * at the prices of its rows and columns. The last entry is what belongs to no single step.
 *
 * @returns nothing where the model has another shape then
 */
export function worthBySteps(plan: FixedPlan, terms: ColumnTerms, limit: Limit): Float64Array | undefined {
  const { model, solution, reducedCosts, frame } = plan
  const more = closer * nudge(limit)
  const { model: other } = plan.pin(limit.enlarged(plan, more))
  const { count } = frame.grid
  if (other.rowCount !== model.rowCount || other.columnCount !== model.columnCount) return undefined
  if (other.coefficient.length !== model.coefficient.length) return undefined
  const worth = new Float64Array(count + 1)
  const pay = (step: number, amount: number): void => {
    if (amount !== 0 && Number.isFinite(amount)) worth[step < 0 ? count : step]! -= amount / more
  }
  const values = solution.columnValues
  for (let j = 0; j < model.columnCount; j += 1) {
    const reduced = reducedCosts[j]!
    const { step } = terms.of[j]!
    const side = reduced > 0 ? 'columnLower' : 'columnUpper'
    if (Math.abs(reduced) > 1e-9) pay(step, reduced * (other[side][j]! - model[side][j]!))
    pay(step, (other.cost[j]! - model.cost[j]!) * values[j]!)
  }
  for (let i = 0; i < model.rowCount; i += 1) {
    const dual = solution.rowDuals[i]!
    if (Math.abs(dual) <= 1e-9) continue
    const step = terms.stepOfRow[i]!
    const side = dual > 0 ? 'rowLower' : 'rowUpper'
    pay(step, dual * (other[side][i]! - model[side][i]!))
    for (let at = model.rowStart[i]!; at < model.rowStart[i + 1]!; at += 1) {
      if (other.columnIndex[at] !== model.columnIndex[at]) return undefined
      const change = other.coefficient[at]! - model.coefficient[at]!
      if (change !== 0) pay(step, -dual * change * values[model.columnIndex[at]!]!)
    }
  }
  pay(-1, other.offset - model.offset)
  return worth
}

/** What moving a limit a little saves per unit, machines on and off as planned: by solving again. */
export async function worthBySolving(plan: FixedPlan, limit: Limit, more: number): Promise<number> {
  const { model } = plan.pin(limit.enlarged(plan, more))
  const { status, objective } = await plan.solve(model)
  return status === 'optimal' ? (plan.solution.objective - objective) / more : Number.NaN
}

/** A worth below this, in the site's currency, is not told. */
const leastTold = 5e-4

/** Worth of all limits that have one, the dearest first. */
export async function worthOfLimits(
  plan: FixedPlan,
  terms: ColumnTerms,
  { step, asset }: { readonly step?: number | undefined; readonly asset?: string | undefined },
): Promise<LimitWorth[]> {
  const { frame } = plan
  const least = 1e-6
  const found = await Promise.all(
    limitsOf(plan)
      .filter((limit) => asset === undefined || limit.asset === asset || limit.asset === null)
      .map(async (limit): Promise<LimitWorth[]> => {
        const worth = worthBySteps(plan, terms, limit)
        if (worth?.every((amount) => Math.abs(amount) < least)) return []
        const more = nudge(limit)
        const [worthOfMore, left] = await Promise.all([
          worthBySolving(plan, limit, more),
          limit.value >= more ? worthBySolving(plan, limit, -more) : Promise.resolve(Number.NaN),
        ])
        if (!Number.isFinite(worthOfMore)) return []
        const costOfLess = Number.isFinite(left) ? left : worthOfMore
        if (Math.abs(worthOfMore) < leastTold && Math.abs(costOfLess) < leastTold) return []
        const binding = (k: number): boolean => Math.abs(worth?.[k] ?? 0) > least
        const whenMs = spansOf(frame.grid.count, binding).map(({ from, to }): [number, number] => [
          stepStartMs(frame.grid, from),
          stepStartMs(frame.grid, to),
        ])
        const told = {
          path: limit.path,
          asset: limit.asset,
          value: limit.value,
          unit: limit.unit,
          worthOfMore: tidy(worthOfMore),
          costOfLess: tidy(costOfLess),
          worthAtStep: step === undefined || !worth ? null : tidy(worth[step]!),
          whenMs,
        }
        return [{ ...told, text: describeLimit(plan, limit, { ...told, isWish: isWeight(plan, limit, worth) }) }]
      }),
  )
  return found.flat().sort((a, b) => Math.abs(b.worthOfMore) - Math.abs(a.worthOfMore))
}

/** Whether a limit of power is worth so much in some step that it is a wish that is spared, not money. */
const isWeight = ({ frame }: FixedPlan, { asset, path }: Limit, worth: Float64Array | undefined): boolean => {
  if (asset === null && path.startsWith('wishes')) return false
  return worth?.some((amount, k) => Math.abs(amount) >= frame.scarcityPricePerKwh * frame.hours[k]!) ?? false
}

interface Told extends Omit<LimitWorth, 'text'> {
  readonly isWish: boolean
}

function describeLimit(plan: FixedPlan, limit: Limit, told: Told): string {
  const { frame } = plan
  const { worthOfMore, costOfLess, whenMs, isWish } = told
  const unit = limit.unit === '1' ? 'hundredth' : limit.unit
  const per = limit.unit === '1' ? 0.01 : 1
  const when = whenMs
    .slice(0, 3)
    .map(([from, to]) => `${clock(from, frame)}–${clock(to, frame)}`)
    .join(', ')
  const whose = limit.asset === null ? 'The site' : titleOf(plan, limit.asset)
  const money = (value: number): string => `${(value * per).toFixed(3)} ${frame.site.currency}`
  const weighed = isWish ? ', most of it the weight of wishes that are missed' : ''
  const more = worthOfMore < 0 ? `costs ${money(-worthOfMore)}` : `saves ${money(worthOfMore)}`
  const less =
    Math.abs(costOfLess - worthOfMore) > 1e-3 * Math.max(1e-3, Math.abs(costOfLess))
      ? `, one less ${costOfLess < 0 ? 'saves' : 'costs'} ${money(Math.abs(costOfLess))}`
      : ''
  return `${whose}, ${limit.field} ${limit.value}${limit.unit === '1' ? '' : ` ${limit.unit}`}: one ${unit} more ${more}${less}${weighed}${when === '' ? '' : ` (it binds ${when})`}.`
}
