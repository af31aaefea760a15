import { stepStartMs } from '../../kernel/index.ts'
import type { Limits } from '../schema/index.ts'
import { type GridAsset, GridSchema, type Reason, type Tariff } from '../schema/index.ts'
import {
  blocksBetween,
  countedKwh,
  formulateTariff,
  highestInterval,
  owedBefore,
  settle,
  surplusKwh,
} from '../tariff/index.ts'
import {
  columns,
  defineComponent,
  type Exclusive,
  type Explained,
  type Formulated,
  type Formulation,
  perStep,
} from './component.ts'
import { brokenSteps, outside } from './limits.ts'

function formulate({ asset, frame, model, bus }: Formulation<GridAsset, null>): Formulated {
  const { count } = frame.grid
  const { hours, tariff } = frame
  const limits = (frame.site.sections.limits ?? {}) as Limits
  const importMax = Math.min(asset.importLimitKw, limits.importKw ?? Number.POSITIVE_INFINITY)
  const exportMax = Math.min(asset.exportLimitKw, limits.exportKw ?? Number.POSITIVE_INFINITY)
  const fullPrice = tariff.importPrice.map((price, k) => price + tariff.carbonPricePerKg * tariff.carbonIntensity[k]!)
  const imported = model.addColumns(`${asset.id}.importKw`, count, {
    upper: importMax,
    cost: fullPrice.map((price, k) => price * hours[k]!),
  })
  const exported = model.addColumns(`${asset.id}.exportKw`, count, {
    upper: exportMax,
    cost: tariff.exportPrice.map((price, k) => -price * hours[k]!),
  })
  bus.supply(imported, 0, count)
  bus.draw(exported, 0, count)

  const peaks = formulateTariff(model, tariff, {
    name: asset.id,
    imported,
    exported,
    importMaxKw: importMax,
    exportMaxKw: exportMax,
    hours,
  })

  const wishKw = frame.wishes.peakImportKw
  let over = -1
  if (wishKw !== undefined) {
    over = model.addColumns(`${asset.id}.overWishKw`, count, {
      upper: Number.POSITIVE_INFINITY,
      cost: perStep(frame.penaltyPerKwh('peak-import'), hours),
    })
    for (let k = 0; k < count; k += 1) {
      model.beginRow(`${asset.id}.peakWish`, Number.NEGATIVE_INFINITY, wishKw)
      model.term(imported + k, 1)
      model.term(over + k, -1)
      model.endRow()
    }
  }

  const exclusives: Exclusive[] = Array.from({ length: count }, (_, step) => ({
    step,
    a: [imported + step],
    aMax: importMax,
    b: [exported + step],
    bMax: exportMax,
  }))

  return {
    exclusives,
    nonRenewable: [{ first: imported, count }],
    peaks,
    read(values) {
      const importKw = columns(values, imported, count)
      const exportKw = columns(values, exported, count)
      const { energy, demand, export: exportCost, emissionsKgCo2e } = settle(tariff, importKw, exportKw, hours)
      return {
        points: {
          powerKw: importKw.map((power, k) => power - exportKw[k]!),
          importPrice: tariff.importPrice,
          exportPrice: tariff.exportPrice,
          carbonIntensity: tariff.carbonIntensity,
        },
        units: {
          importPrice: `${frame.site.currency}/kWh`,
          exportPrice: `${frame.site.currency}/kWh`,
          carbonIntensity: 'kgCO2e/kWh',
        },
        cost: { energy, export: exportCost, demand },
        emissionsKgCo2e,
        relaxed: over < 0 || wishKw === undefined ? [] : overWish(asset, columns(values, over, count), wishKw),
      }
    },
  }
}

function overWish(asset: { id: string; title: string }, overKw: Float64Array, wishKw: number) {
  const worst = Math.max(0, ...overKw)
  if (worst < 0.01) return []
  return [
    {
      wish: 'peak-import',
      asset: asset.id,
      amount: worst,
      unit: 'kW',
      reason: `Import passes the wished ${wishKw} kW by up to ${worst.toFixed(1)} kW: what must run needs it.`,
      reasonCode: 'grid.over-wish',
    },
  ]
}

/** The powers of the plan in both directions, as the tariff counts them. */
function flowsOf({ outcome }: Explained<GridAsset>): { importKw: Float64Array; exportKw: Float64Array } {
  const powerKw = outcome.points.powerKw ?? new Float64Array()
  return {
    importKw: powerKw.map((power) => Math.max(0, power)),
    exportKw: powerKw.map((power) => Math.max(0, -power)),
  }
}

function describePeaks(explained: Explained<GridAsset>): readonly Reason[] {
  const { asset, frame } = explained
  const { importKw, exportKw } = flowsOf(explained)
  const { tariff } = frame
  const { demandOutcomes } = settle(tariff, importKw, exportKw, frame.hours)
  return tariff.demand.map((window, i) => {
    const { billedKw, cost, costWithout } = demandOutcomes[i]!
    const { peakKw, step: highestStep } = highestInterval(window.intervals, importKw)
    const step = Math.max(0, highestStep)
    const rise = (cost - costWithout) * tariff.taxFactor * window.countedBills
    const owedKw = owedBefore(window)
    const values = { peakKw, peakSoFarKw: owedKw, billedKw, cost: rise, atMs: stepStartMs(frame.grid, step) }
    const rises = peakKw - owedKw > 0.5
    const text = rises
      ? `The highest quarter-hour of import is ${peakKw.toFixed(0)} kW; it raises this month’s demand charge “${window.name}” by ${rise.toFixed(0)} ${frame.site.currency}.`
      : `Import stays under this month’s billed peak of ${owedKw.toFixed(0)} kW, so “${window.name}” costs nothing more.`
    return { step, asset: asset.id, code: rises ? 'grid.peak-rises' : 'grid.peak-held', text, values }
  })
}

/** Which block of energy the import ends in, of each list of blocks. */
function describeTiers(explained: Explained<GridAsset>): readonly Reason[] {
  const { asset, frame } = explained
  const { importKw } = flowsOf(explained)
  return frame.tariff.tiers.map((window) => {
    const energyKwh = window.startKwh + countedKwh(window, importKw, frame.hours)
    const block = blocksBetween(window.curve, 0, Math.max(energyKwh, 1e-9)).at(-1)
    const values = { energyKwh, fromKwh: block?.from ?? 0, pricePerKwh: (block?.price ?? 0) * frame.tariff.taxFactor }
    return {
      asset: asset.id,
      code: 'grid.tier',
      text: `Import of this ${window.per} comes to ${energyKwh.toFixed(0)} kWh in “${window.name}”: it ends in the block from ${values.fromKwh.toFixed(0)} kWh on, which adds ${values.pricePerKwh.toFixed(4)} ${frame.site.currency} a kWh.`,
      values,
    }
  })
}

/** Surplus that net metering does not take off import. */
function describeNetting(explained: Explained<GridAsset>): readonly Reason[] {
  const { asset, frame } = explained
  const { importKw, exportKw } = flowsOf(explained)
  const { netting } = frame.tariff
  const surplus = surplusKwh(netting, importKw, exportKw, frame.hours)
  return netting.flatMap(({ after, surplusPricePerKwh }, i) => {
    if (after >= 0 || surplus[i]! < 0.5) return []
    const values = { energyKwh: surplus[i]!, pricePerKwh: surplusPricePerKwh }
    return [
      {
        asset: asset.id,
        code: 'grid.net-surplus',
        text: `Export passes import by ${values.energyKwh.toFixed(0)} kWh in the netting of this month; a kWh of that is worth ${surplusPricePerKwh.toFixed(4)} ${frame.site.currency}.`,
        values,
      },
    ]
  })
}

/** Emissions of imports that nobody gave a factor for count as none; a plan must not pass over that. */
function describeEmissions({ asset, frame }: Explained<GridAsset>): readonly Reason[] {
  const tariff = frame.site.sections.tariff as Tariff | undefined
  if (tariff?.carbonIntensity !== undefined) return []
  return [
    {
      asset: asset.id,
      code: 'grid.no-carbon-intensity',
      text: 'The tariff names no carbon intensity: imported electricity counts without emissions.',
      values: {},
    },
  ]
}

export const gridConnection = defineComponent<GridAsset, null, null>({
  kind: 'grid',
  title: 'Grid connection',
  schema: GridSchema,
  points: [
    { id: 'powerKw', title: 'Power, + importing', unit: 'kW', role: 'measured' },
    { id: 'importPrice', title: 'Import price', unit: 'CUR/kWh', role: 'computed' },
    { id: 'exportPrice', title: 'Export price', unit: 'CUR/kWh', role: 'computed' },
    { id: 'carbonIntensity', title: 'Carbon intensity', unit: 'kgCO2e/kWh', role: 'computed' },
  ],
  check(asset, site) {
    const first = site.assets.find(({ kind }) => kind === 'grid')
    if (first === undefined || first.id === asset.id) return []
    return [
      {
        detail: 'A site has one grid connection: its limits and its demand charge are those of the whole site',
        place: { path: 'kind' },
        found: asset.id,
        expected: `one asset of kind grid; ${first.id} is the first`,
      },
    ]
  },
  prepare: async () => null,
  formulate,
  initialState: () => null,
  offeredKw: () => 0,
  balances: { electricity: 0 },
  breaches({ asset, frame, values }) {
    const limits = (frame.site.sections.limits ?? {}) as Limits
    const importKw = Math.min(asset.importLimitKw, limits.importKw ?? Number.POSITIVE_INFINITY)
    const exportKw = Math.min(asset.exportLimitKw, limits.exportKw ?? Number.POSITIVE_INFINITY)
    return brokenSteps('passes its limits', values('powerKw'), outside(-exportKw, importKw))
  },
  account({ frame, values }) {
    const powerKw = values('powerKw')
    const importKw = powerKw.map((power) => Math.max(0, power))
    const exportKw = powerKw.map((power) => Math.max(0, -power))
    const { energy, demand, export: income, emissionsKgCo2e } = settle(frame.tariff, importKw, exportKw, frame.hours)
    return { cost: { energy, demand, export: income }, emissionsKgCo2e, relaxed: [] }
  },
  simulate(asset, state, { setpointKw = 0 }) {
    const powerKw = Math.max(-asset.exportLimitKw, Math.min(asset.importLimitKw, setpointKw))
    return { state, busKw: powerKw, points: { powerKw } }
  },
  describe: (explained) => [
    ...describePeaks(explained),
    ...describeTiers(explained),
    ...describeNetting(explained),
    ...describeEmissions(explained),
  ],
})
