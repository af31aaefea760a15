import { stepStartMs } from '../../kernel/index.ts'
import type { Limits } from '../schema/index.ts'
import { type GridAsset, GridSchema, type Reason, type Tariff } from '../schema/index.ts'
import { quarterMean } from '../tariff.ts'
import {
  columns,
  defineComponent,
  type Exclusive,
  type Explained,
  type Formulated,
  type Formulation,
} from './component.ts'
import { brokenSteps, outside } from './limits.ts'

function formulate({ asset, frame, model, bus }: Formulation<GridAsset, null>): Formulated {
  const { count } = frame.grid
  const { stepHours: hours, tariff } = frame
  const limits = (frame.site.sections.limits ?? {}) as Limits
  const importMax = Math.min(asset.importLimitKw, limits.importKw ?? Number.POSITIVE_INFINITY)
  const exportMax = Math.min(asset.exportLimitKw, limits.exportKw ?? Number.POSITIVE_INFINITY)
  const fullPrice = tariff.importPrice.map((price, k) => price + tariff.carbonPricePerKg * tariff.carbonIntensity[k]!)
  const imported = model.addColumns(`${asset.id}.importKw`, count, {
    upper: importMax,
    cost: fullPrice.map((price) => price * hours),
  })
  const exported = model.addColumns(`${asset.id}.exportKw`, count, {
    upper: exportMax,
    cost: tariff.exportPrice.map((price) => -price * hours),
  })
  bus.supply(imported, 0, count)
  bus.draw(exported, 0, count)

  const peaks = tariff.demand.map((window) => {
    const column = model.addColumns(`${asset.id}.peakKw.${window.name}`, 1, {
      lower: window.peakSoFarKw,
      upper: Number.POSITIVE_INFINITY,
      cost: window.pricePerKw,
    })
    model.addOffset(-window.pricePerKw * window.peakSoFarKw)
    for (const quarter of window.quarters) {
      model.beginRow(`${asset.id}.peak.${window.name}`, 0, Number.POSITIVE_INFINITY)
      model.term(column, 1)
      for (const { step, share } of quarter) model.term(imported + step, -share)
      model.endRow()
    }
    return { column, window }
  })

  const wishKw = frame.wishes.peakImportKw
  let over = -1
  if (wishKw !== undefined) {
    over = model.addColumns(`${asset.id}.overWishKw`, count, {
      upper: Number.POSITIVE_INFINITY,
      cost: frame.penaltyPerKwh('peak-import') * hours,
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
    read(values) {
      const powerKw = new Float64Array(count)
      let energy = 0
      let income = 0
      let emissionsKgCo2e = 0
      for (let k = 0; k < count; k += 1) {
        const inKw = values[imported + k]!
        const outKw = values[exported + k]!
        powerKw[k] = inKw - outKw
        energy += inKw * hours * tariff.importPrice[k]!
        income += outKw * hours * tariff.exportPrice[k]!
        emissionsKgCo2e += inKw * hours * tariff.carbonIntensity[k]!
      }
      let demand = 0
      for (const { window } of peaks) {
        const reached = window.quarters.map((quarter) => quarterMean(quarter, (step) => values[imported + step]!))
        demand += window.pricePerKw * Math.max(0, Math.max(0, ...reached) - window.peakSoFarKw)
      }
      return {
        points: {
          powerKw,
          importPrice: tariff.importPrice,
          exportPrice: tariff.exportPrice,
          carbonIntensity: tariff.carbonIntensity,
        },
        units: {
          importPrice: `${frame.site.currency}/kWh`,
          exportPrice: `${frame.site.currency}/kWh`,
          carbonIntensity: 'kgCO2e/kWh',
        },
        cost: { energy, export: -income, demand },
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

function describePeaks({ asset, frame, outcome }: Explained<GridAsset>): readonly Reason[] {
  const powerKw = outcome.points.powerKw ?? new Float64Array()
  return frame.tariff.demand.flatMap((window) => {
    let peakKw = 0
    let step = 0
    for (const quarter of window.quarters) {
      const mean = quarterMean(quarter, (k) => Math.max(0, powerKw[k]!))
      if (mean > peakKw) {
        peakKw = mean
        step = quarter[0]?.step ?? 0
      }
    }
    const rise = peakKw - window.peakSoFarKw
    const values = {
      peakKw,
      peakSoFarKw: window.peakSoFarKw,
      cost: Math.max(0, rise) * window.pricePerKw,
      atMs: stepStartMs(frame.grid, step),
    }
    const text =
      rise > 0.5
        ? `The highest quarter-hour of import is ${peakKw.toFixed(0)} kW; it raises this month’s demand charge “${window.name}” by ${values.cost.toFixed(0)} ${frame.site.currency}.`
        : `Import stays under this month’s billed peak of ${window.peakSoFarKw.toFixed(0)} kW, so “${window.name}” costs nothing more.`
    return [{ step, asset: asset.id, code: rise > 0.5 ? 'grid.peak-rises' : 'grid.peak-held', text, values }]
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
  simulate(asset, state, { setpointKw = 0 }) {
    const powerKw = Math.max(-asset.exportLimitKw, Math.min(asset.importLimitKw, setpointKw))
    return { state, busKw: powerKw, points: { powerKw } }
  },
  describe: (explained) => [...describePeaks(explained), ...describeEmissions(explained)],
})
