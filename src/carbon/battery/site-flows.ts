import { type PlanOutput, planEngine, tariffOnGrid } from '../../energy/index.ts'
import type { EngineContext, Site } from '../../kernel/index.ts'
import { carbonErrors } from '../errors.ts'
import type { BatteryCarbonInput, StatedFlows } from './schema.ts'

/** Flows of a battery of a site by its plan, and the factor of its grid. */
export interface SiteFlows {
  readonly site: string
  readonly battery: string
  readonly flows: StatedFlows
  /** Of the site’s tariff, kg/kWh of each step; absent for an island. */
  readonly gridKgPerKwh?: readonly number[]
}

/** Kinds that supply without carbon of their own. */
const clean: ReadonlySet<string> = new Set(['pv', 'wind', 'hydro', 'hydro-reservoir'])
/** Kinds that take, or pass on: never a source of charge. */
const passive: ReadonlySet<string> = new Set([
  ...['load', 'battery', 'line', 'transformer', 'heat-load', 'thermal-store', 'boiler', 'zone', 'heat-pump'],
  ...['electrolyser', 'hydrogen-store', 'hydrogen-load', 'frequency-reserve', 'ev-charging'],
])

interface Supply {
  readonly id: string
  readonly kw: readonly number[]
  readonly kgPerKwh: 'grid' | number[]
  readonly otherwise: 'exported' | 'curtailed' | 'not-made'
}

/**
 * Plans the hours and reads what the battery charges from: the mix of all that is supplied in a step, or surplus of sun, wind and
 * water first (what they give beyond the use of the site) and the mix of the others for the rest.
 *
 * @throws `carbon.bad-flows` for a site without a battery, or with a source whose carbon a plan does not tell
 */
export async function siteFlows(
  input: BatteryCarbonInput & { readonly site: string },
  context: EngineContext,
): Promise<SiteFlows> {
  const { at, hours, step, changes } = input
  const site = await context.data.site(input.site, changes)
  const battery = batteryOf(site, input.battery)
  const question = { site: input.site, hours, step, ...(at === undefined ? {} : { at }) }
  const plan = await planEngine.run({ ...question, ...(changes === undefined ? {} : { changes }) }, context)
  const stepHours = plan.stepMinutes / 60
  const power = powersOf(plan, battery.id)
  const supplies = site.assets.flatMap((asset) => supplyOf(asset, plan, site))
  const charge = power.map((kw) => Math.max(0, -kw) * stepHours)
  const used = power.map((kw, k) => usedKwOf(supplies, plan, site, k) + Math.min(0, kw))
  const shares = charge.map((_, k) => sharesOf(supplies, k, input.chargeFrom, used[k]!, charge[k]! / stepHours))
  const grid = { startMs: plan.startMs, stepMs: plan.stepMinutes * 60_000, count: power.length }
  const hasGrid = site.assets.some(({ kind }) => kind === 'grid')
  const tariff = hasGrid ? await tariffOnGrid(site, grid, context.data) : undefined
  return {
    site: site.id,
    battery: battery.id,
    flows: {
      stepHours,
      sources: supplies.map(({ id, kgPerKwh, otherwise }, s) => ({
        ...{ id, kgPerKwh, otherwise },
        chargeKwh: charge.map((kwh, k) => kwh * shares[k]![s]!),
      })),
      dischargeKwh: power.map((kw) => Math.max(0, kw) * stepHours),
      chargeEfficiency: Number(battery.chargeEfficiency),
      dischargeEfficiency: Number(battery.dischargeEfficiency),
      selfDischargePerDay: Number(battery.selfDischargePerDay),
      initialKwh: Number(battery.initialSoc) * Number(battery.capacityKwh),
    },
    ...(tariff ? { gridKgPerKwh: [...tariff.carbonIntensity] } : {}),
  }
}

function batteryOf({ assets, id }: Site, wanted: string | undefined): Site['assets'][number] {
  const all = assets.filter((asset) => asset.kind === 'battery' && (wanted === undefined || asset.id === wanted))
  const [only] = all
  if (only && all.length === 1) return only
  throw carbonErrors.badFlows({
    detail: all.length === 0 ? `${id} has no such battery` : `${id} has several batteries`,
    place: { path: 'battery' },
    found: wanted ?? all.map((asset) => asset.id),
    expected: 'the id of a battery of the site',
  })
}

function powersOf({ series }: PlanOutput, asset: string): readonly number[] {
  return (series[`${asset}.powerKw`] ?? []).map((value) => value ?? 0)
}

function supplyOf(asset: Site['assets'][number], plan: PlanOutput, site: Site): readonly Supply[] {
  if (passive.has(asset.kind)) return []
  const kw = powersOf(plan, asset.id).map((value) => Math.max(0, value))
  if (clean.has(asset.kind)) {
    const mayExport = site.assets.some(({ kind, exportLimitKw }) => kind === 'grid' && Number(exportLimitKw ?? 0) > 0)
    return [{ id: asset.id, kw, kgPerKwh: kw.map(() => 0), otherwise: mayExport ? 'exported' : 'curtailed' }]
  }
  if (asset.kind === 'grid') return [{ id: asset.id, kw, kgPerKwh: 'grid', otherwise: 'not-made' }]
  if (asset.kind === 'genset') {
    const { kgCo2ePerUnit, perKwh, perHourRunning } = asset.fuel as Record<string, number>
    const rate = (value: number): number =>
      value > 0 ? ((perKwh ?? 0) + (perHourRunning ?? 0) / value) * (kgCo2ePerUnit ?? 0) : 0
    return [{ id: asset.id, kw, kgPerKwh: kw.map(rate), otherwise: 'not-made' }]
  }
  if (kw.every((value) => value === 0)) return []
  throw carbonErrors.badFlows({
    detail: `The plan does not tell the carbon of ${asset.title}`,
    found: asset.kind,
    expected: 'sun, wind, water, grid and gensets; or flows, stated',
  })
}

/** What the site draws apart from its battery: all that is supplied, batteries with it, less what is fed into the grid. */
function usedKwOf(supplies: readonly Supply[], plan: PlanOutput, site: Site, k: number): number {
  const given = supplies.reduce((sum, { kw }) => sum + kw[k]!, 0)
  const stores = site.assets.filter(({ kind }) => kind === 'battery')
  const net = stores.reduce((sum, { id }) => sum + (powersOf(plan, id)[k] ?? 0), 0)
  const exported = site.assets
    .filter(({ kind }) => kind === 'grid')
    .reduce((sum, { id }) => sum + Math.max(0, -(powersOf(plan, id)[k] ?? 0)), 0)
  return given + Math.max(0, net) - exported
}

/** Part of the charge that each source gives in a step. */
function sharesOf(
  supplies: readonly Supply[],
  k: number,
  from: BatteryCarbonInput['chargeFrom'],
  usedKw: number,
  chargeKw: number,
): readonly number[] {
  const all = supplies.map(({ kw }) => kw[k]!)
  const total = all.reduce((sum, kw) => sum + kw, 0)
  if (chargeKw <= 0 || total <= 0) return all.map(() => 0)
  if (from === 'mix') return all.map((kw) => kw / total)
  const isClean = supplies.map(({ kgPerKwh, kw }) => kgPerKwh !== 'grid' && kgPerKwh[k] === 0 && kw[k]! > 0)
  const cleanKw = all.reduce((sum, kw, s) => sum + (isClean[s] ? kw : 0), 0)
  const surplus = Math.min(chargeKw, Math.max(0, cleanKw - Math.max(0, usedKw)))
  const restKw = total - cleanKw
  // With nothing else supplied, the clean sources give all of it.
  const cleanShare = restKw <= 0 ? 1 : surplus / chargeKw
  return all.map((kw, s) =>
    isClean[s] ? (cleanKw > 0 ? (cleanShare * kw) / cleanKw : 0) : restKw > 0 ? ((1 - cleanShare) * kw) / restKw : 0,
  )
}
