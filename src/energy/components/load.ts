import { stepStartMs } from '../../kernel/index.ts'
import { readWhole } from '../read-power.ts'
import { type LoadAsset, LoadSchema } from '../schema/index.ts'
import {
  type Account,
  type AssetPatch,
  columns,
  defineComponent,
  type Formulated,
  type Formulation,
  type Lived,
  type Outcome,
  type Published,
  perStep,
  sumKwh,
} from './component.ts'
import { brokenSteps, tolerance, unnamedKwh } from './limits.ts'
import { needBreaches, needReserve } from './reserve.ts'

interface LoadInputs {
  readonly demandKw: Float64Array
}

/** Windows of equal length within which shifted work must be made up; the first may have begun before the horizon. */
function shiftWindows({ windowHours, hoursLeft }: Shiftable, hours: Float64Array): { from: number; to: number }[] {
  const windows: { from: number; to: number }[] = []
  let to = 0
  for (let from = 0; from < hours.length; from = to) {
    let left = from === 0 ? (hoursLeft ?? windowHours) : windowHours
    // A step belongs to the window that it has most of its time in.
    for (to = from; to < hours.length && (to === from || left >= hours[to]! / 2); to += 1) left -= hours[to]!
    windows.push({ from, to })
  }
  return windows
}

function formulate(formulation: Formulation<LoadAsset, LoadInputs>): Formulated {
  const { asset, inputs, frame, model, bus } = formulation
  const { demandKw } = inputs
  const { count } = frame.grid
  const { hours } = frame
  bus.fixed(demandKw)
  const unserved = model.addColumns(`${asset.id}.unservedKw`, count, {
    upper: demandKw,
    cost: perStep(frame.penaltyPerKwh('serve-load'), hours),
  })
  bus.supply(unserved, 0, count)

  let curtailed = -1
  if (asset.curtailable) {
    const { share, costPerKwh } = asset.curtailable
    curtailed = model.addColumns(`${asset.id}.curtailedKw`, count, {
      upper: demandKw.map((demand) => share * demand),
      cost: perStep(costPerKwh, hours),
    })
    bus.supply(curtailed, 0, count)
  }

  let later = -1
  let raised = -1
  let unfinished = -1
  let windows: { from: number; to: number }[] = []
  if (asset.shiftable) {
    const { share, maxRaise, owedKwh = 0 } = asset.shiftable
    const peakKw = demandKw.reduce((most, demand) => Math.max(most, demand), 0)
    windows = shiftWindows(asset.shiftable, hours)
    later = model.addColumns(`${asset.id}.loweredKw`, count, { upper: demandKw.map((demand) => share * demand) })
    raised = model.addColumns(`${asset.id}.raisedKw`, count, { upper: maxRaise * peakKw, cost: perStep(1e-4, hours) })
    unfinished = model.addColumns(`${asset.id}.unfinishedKwh`, windows.length, {
      upper: Number.POSITIVE_INFINITY,
      cost: frame.penaltyPerKwh('finish-shift'),
    })
    bus.supply(later, 0, count)
    bus.draw(raised, 0, count)
    // Work done ahead need not be taken back.
    const ahead = owedKwh < 0 ? model.addColumns(`${asset.id}.aheadKwh`, 1, { upper: -owedKwh }) : -1
    windows.forEach(({ from, to }, index) => {
      const owed = index === 0 ? owedKwh : 0
      model.beginRow(`${asset.id}.madeUp`, -owed, -owed)
      if (index === 0 && ahead >= 0) model.term(ahead, 1)
      for (let k = from; k < to; k += 1) {
        model.term(later + k, hours[k]!)
        model.term(raised + k, -hours[k]!)
      }
      model.term(unfinished + index, -1)
      model.endRow()
    })
  }
  // Together, what is left out cannot exceed the demand.
  for (let k = 0; k < count && (curtailed >= 0 || later >= 0); k += 1) {
    model.beginRow(`${asset.id}.leftOut`, Number.NEGATIVE_INFINITY, demandKw[k]!)
    model.term(unserved + k, 1)
    if (curtailed >= 0) model.term(curtailed + k, 1)
    if (later >= 0) model.term(later + k, 1)
    model.endRow()
  }

  const leftOut = [unserved, ...(curtailed >= 0 ? [curtailed] : []), ...(later >= 0 ? [later] : [])]
  const need = needReserve(
    formulation,
    'loadShare',
    [...leftOut.map((first) => ({ first, factor: -1 })), ...(raised >= 0 ? [{ first: raised, factor: 1 }] : [])],
    demandKw,
  )

  const share = (part: number): Float64Array => demandKw.map((demand) => part * demand)
  const bounded = [
    ...(curtailed >= 0 ? [{ power: curtailed, mostKw: share(asset.curtailable!.share), rank: 1 as const }] : []),
    ...(later >= 0 ? [{ power: later, mostKw: share(asset.shiftable!.share), rank: 1 as const }] : []),
  ]
  return {
    cover: { bounded },
    read(values): Outcome {
      const unservedKw = columns(values, unserved, count)
      const powerKw = demandKw.map((demand, k) => demand - unservedKw[k]!)
      const points: Record<string, Float64Array> = { powerKw, demandKw }
      let flexibility = 0
      if (curtailed >= 0 && asset.curtailable) {
        const curtailedKw = columns(values, curtailed, count)
        for (let k = 0; k < count; k += 1) powerKw[k]! -= curtailedKw[k]!
        points.curtailedKw = curtailedKw
        flexibility = sumKwh(curtailedKw, hours) * asset.curtailable.costPerKwh
      }
      if (later >= 0) {
        for (let k = 0; k < count; k += 1) powerKw[k]! += values[raised + k]! - values[later + k]!
      }
      Object.assign(points, need(powerKw))
      const relaxed = []
      const unservedKwh = sumKwh(unservedKw, hours)
      if (unservedKwh > 0.01) {
        const step = unservedKw.findIndex((value) => value > 1e-6)
        relaxed.push({
          wish: 'serve-load',
          asset: asset.id,
          amount: unservedKwh,
          unit: 'kWh',
          reason: `${asset.title} goes without ${unservedKwh.toFixed(1)} kWh: no source and no connection of the site has more to give.`,
          reasonCode: 'load.unserved',
          atMs: stepStartMs(frame.grid, step),
        })
      }
      windows.forEach(({ from }, index) => {
        const amount = values[unfinished + index] ?? 0
        if (amount <= 0.01) return
        relaxed.push({
          wish: 'finish-shift',
          asset: asset.id,
          amount,
          unit: 'kWh',
          reason: `${asset.title} leaves ${amount.toFixed(1)} kWh of shifted work undone in its window.`,
          reasonCode: 'load.unfinished',
          atMs: stepStartMs(frame.grid, from),
        })
      })
      return { points, cost: { flexibility }, emissionsKgCo2e: 0, relaxed }
    },
  }
}

function breaches(published: Published<LoadAsset, LoadInputs>): string[] {
  const { asset, frame, outcome, values } = published
  const powerKw = values('powerKw')
  const demandKw = values('demandKw')
  const peakKw = demandKw.reduce((most, value) => Math.max(most, value), 0)
  const raiseKw = (asset.shiftable?.maxRaise ?? 0) * peakKw
  const leftOutKwh = sumKwh(
    demandKw.map((demand, k) => demand - powerKw[k]!),
    frame.hours,
  )
  const chosenKwh = sumKwh(values('curtailedKw'), frame.hours)
  const namedKwh = outcome.relaxed.reduce((sum, { amount }) => sum + amount, 0)
  // Owed from before: to be made up. Done ahead: may be left out, none of it or all.
  const owedKwh = asset.shiftable?.owedKwh ?? 0
  const restKwh = leftOutKwh - chosenKwh - namedKwh + owedKwh
  const missingKwh = restKwh - Math.min(0, Math.max(owedKwh, restKwh))
  return [
    ...needBreaches(published, 'loadShare'),
    ...brokenSteps('draws less than nothing', powerKw, (power) => !(power >= -tolerance)),
    ...brokenSteps(
      'draws more than it may',
      powerKw,
      (power, k) => !(power <= demandKw[k]! + raiseKw + tolerance * Math.max(1, 1e-3 * peakKw)),
    ),
    // Every window and the unserved power may each leave out an amount too small to name.
    ...(Math.abs(missingKwh) > unnamedKwh * (demandKw.length + 1)
      ? [`goes without ${leftOutKwh - chosenKwh} kWh and names ${namedKwh}`]
      : []),
  ]
}

type Shiftable = NonNullable<LoadAsset['shiftable']>

/** What was lowered and not yet raised again in the window that runs, and the hours until it ends. */
interface LoadState {
  readonly owedKwh: number
  readonly hoursLeft: number
}

/** What a power means for work that may move: what lies below the demand is moved as far as it may be, the rest is left out. */
function afterStep(
  { share, windowHours }: Shiftable,
  { owedKwh, hoursLeft }: LoadState,
  { demandKw, powerKw, stepHours }: { demandKw: number; powerKw: number; stepHours: number },
): LoadState & { readonly unfinishedKwh: number } {
  const movedKw = Math.min(demandKw - powerKw, share * demandKw)
  const owed = owedKwh + movedKw * stepHours
  const left = hoursLeft - stepHours
  if (left > 1e-9) return { owedKwh: owed, hoursLeft: left, unfinishedKwh: 0 }
  return { owedKwh: 0, hoursLeft: windowHours, unfinishedKwh: Math.max(0, owed) }
}

const stateOf = ({ shiftable }: LoadAsset): LoadState | null =>
  shiftable ? { owedKwh: shiftable.owedKwh ?? 0, hoursLeft: shiftable.hoursLeft ?? shiftable.windowHours } : null

/** What a power that was lived left out: moved work that was not made up, load left out by choice, and the rest. */
function account({ asset, frame, values }: Lived<LoadAsset, LoadInputs>): Account {
  const powerKw = values('powerKw')
  const demandKw = values('demandKw')
  const { hours } = frame
  let state = stateOf(asset)
  let unfinishedKwh = 0
  let curtailedKwh = 0
  let unservedKwh = 0
  for (let k = 0; k < powerKw.length; k += 1) {
    const demand = demandKw[k]!
    const stepHours = hours[k]!
    let missingKw = Math.max(0, demand - powerKw[k]!)
    if (state && asset.shiftable) {
      const next = afterStep(asset.shiftable, state, { demandKw: demand, powerKw: powerKw[k]!, stepHours })
      unfinishedKwh += next.unfinishedKwh
      missingKw -= Math.min(missingKw, asset.shiftable.share * demand)
      state = next
    }
    const chosenKw = Math.min(missingKw, (asset.curtailable?.share ?? 0) * demand)
    curtailedKwh += chosenKw * stepHours
    unservedKwh += (missingKw - chosenKw) * stepHours
  }
  unfinishedKwh += Math.max(0, state?.owedKwh ?? 0)
  const missed = (wish: string, amount: number, reasonCode: string, reason: string) =>
    amount > unnamedKwh ? [{ wish, asset: asset.id, amount, unit: 'kWh', reason, reasonCode }] : []
  return {
    cost: { flexibility: curtailedKwh * (asset.curtailable?.costPerKwh ?? 0) },
    emissionsKgCo2e: 0,
    relaxed: [
      ...missed(
        'serve-load',
        unservedKwh,
        'load.unserved',
        `${asset.title} went without ${unservedKwh.toFixed(1)} kWh.`,
      ),
      ...missed(
        'finish-shift',
        unfinishedKwh,
        'load.unfinished',
        `${asset.title} left ${unfinishedKwh.toFixed(1)} kWh of shifted work undone.`,
      ),
    ],
  }
}

const peaks = new WeakMap<LoadInputs, number>()

/** Highest demand of the inputs, kW. */
function peakOf(inputs: LoadInputs): number {
  const known = peaks.get(inputs) ?? inputs.demandKw.reduce((most, demand) => Math.max(most, demand), 0)
  peaks.set(inputs, known)
  return known
}

export const load = defineComponent<LoadAsset, LoadInputs, LoadState | null>({
  kind: 'load',
  title: 'Process load',
  schema: LoadSchema,
  points: [
    { id: 'powerKw', title: 'Power', unit: 'kW', role: 'measured' },
    { id: 'demandKw', title: 'Demand', unit: 'kW', role: 'computed' },
  ],
  async prepare(asset, frame, data) {
    const path = `assets.${asset.id}.demand`
    const what = `The demand of ${asset.title}`
    return { demandKw: await readWhole(frame, data, { source: asset.demand, unit: 'kW', path, what }) }
  },
  baseline(asset, inputs) {
    const { curtailable: _curtailable, shiftable: _shiftable, ...plain } = asset
    return { asset: plain as typeof asset, inputs }
  },
  formulate,
  initialState: stateOf,
  resume: (_asset, state): AssetPatch<LoadAsset> => (state ? { shiftable: state } : {}),
  account,
  offeredKw: (inputs, k) => inputs.demandKw[k]!,
  surroundings: (inputs) => ({ peakKw: peakOf(inputs) }),
  draws: true,
  dearestPerKwh: (asset) => asset.curtailable?.costPerKwh ?? 0,
  breaches,
  simulate(asset, state, { offeredKw, setpointKw, stepHours, surroundings }) {
    const mostKw = surroundings ? offeredKw + (asset.shiftable?.maxRaise ?? 0) * (surroundings.peakKw ?? 0) : Infinity
    const powerKw = setpointKw === undefined ? offeredKw : Math.min(mostKw, Math.max(0, -setpointKw))
    if (!state || !asset.shiftable) return { state, busKw: -powerKw, points: { powerKw, demandKw: offeredKw } }
    const { owedKwh, hoursLeft } = afterStep(asset.shiftable, state, { demandKw: offeredKw, powerKw, stepHours })
    return { state: { owedKwh, hoursLeft }, busKw: -powerKw, points: { powerKw, demandKw: offeredKw } }
  },
  describe({ asset, frame, outcome }) {
    const { powerKw, demandKw } = outcome.points
    if (!powerKw || !demandKw || !asset.shiftable) return []
    const movedKwh = sumKwh(
      powerKw.map((power, k) => Math.max(0, power - demandKw[k]!)),
      frame.hours,
    )
    if (movedKwh < 1) return []
    return [
      {
        asset: asset.id,
        code: 'load.shifted',
        text: `${asset.title} moves ${movedKwh.toFixed(0)} kWh of work to hours when a kWh is worth less.`,
        values: { energyKwh: movedKwh },
      },
    ]
  },
})
