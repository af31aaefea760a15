import type { Asset, Site } from '../../kernel/index.ts'
import { mainBus } from '../bus.ts'
import type { Reason } from '../schema/index.ts'
import {
  type Conditions,
  columns,
  type Exclusive,
  type Explained,
  type Formulated,
  type Formulation,
  hoursAbove,
  type Published,
  type SimulatedStep,
} from './component.ts'
import { brokenSteps, outside } from './limits.ts'

/** Power base of all per-unit reactances of a site: 1 MVA. */
export const basePowerKw = 1000

/** What a line and a transformer have in common: two electricity buses and what may flow between. */
export interface Branch {
  readonly from: string
  readonly to: string
  readonly limitKw: number
  /** Part of what is sent that is lost. */
  readonly lossShare: number
  /** Reactance per unit on {@link basePowerKw}; absent: the flow is free (transport model). */
  readonly reactancePerUnit?: number
}

/**
 * Power between two buses. With a reactance it follows the voltage angles, `flow / base · x = θ(from) − θ(to)` (linear
 * power flow: Stott, Jardim & Alsaç 2009, IEEE Trans. Power Systems 24(3), 1290), with the flow as it is sent. Losses are
 * a share of what is sent, each way.
 */
export function formulateBranch(
  { asset, frame, model, buses }: Formulation<unknown, null>,
  { from, to, limitKw, lossShare, reactancePerUnit }: Branch,
): Formulated {
  const { count } = frame.grid
  const sender = buses.of('electricity', from)
  const receiver = buses.of('electricity', to)
  const lossy = lossShare > 0
  const flow = model.addColumns(`${asset.id}.flowKw`, count, { lower: lossy ? 0 : -limitKw, upper: limitKw })
  const back = lossy ? model.addColumns(`${asset.id}.backKw`, count, { upper: limitKw }) : -1
  sender.draw(flow, 0, count)
  receiver.supply(flow, 0, count, 1 - lossShare)
  if (lossy) {
    receiver.draw(back, 0, count)
    sender.supply(back, 0, count, 1 - lossShare)
  }
  // A branch that carries nothing is none: it must not tie the angles of its ends.
  if (reactancePerUnit !== undefined && limitKw > 0 && from !== to) {
    const [begin, end] = [buses.angle(from), buses.angle(to)]
    // Scaled so that both sides of a park's reactances (1e-4 to 1) stay in the solver's range.
    const scale = Math.sqrt(reactancePerUnit / basePowerKw)
    for (let k = 0; k < count; k += 1) {
      model.beginRow(`${asset.id}.angle`, 0, 0)
      model.term(flow + k, scale)
      if (lossy) model.term(back + k, -scale)
      model.term(begin + k, -1 / scale)
      model.term(end + k, 1 / scale)
      model.endRow()
    }
  }
  const exclusives: Exclusive[] = lossy
    ? Array.from({ length: count }, (_, step) => ({
        step,
        a: [flow + step],
        aMax: limitKw,
        b: [back + step],
        bMax: limitKw,
      }))
    : []
  return {
    exclusives,
    read(values) {
      const sentKw = columns(values, flow, count)
      const backKw = lossy ? columns(values, back, count) : new Float64Array(count)
      return {
        points: {
          flowKw: sentKw.map((sent, k) => sent - backKw[k]!),
          fromKw: sentKw.map((sent, k) => (1 - lossShare) * backKw[k]! - sent),
          toKw: sentKw.map((sent, k) => (1 - lossShare) * sent - backKw[k]!),
        },
        cost: {},
        emissionsKgCo2e: 0,
        relaxed: [],
      }
    },
  }
}

export const branchPoints = [
  { id: 'flowKw', title: 'Power sent, + to its end, − to its beginning', unit: 'kW', role: 'measured' },
  { id: 'fromKw', title: 'Power given to the bus where it begins', unit: 'kW', role: 'measured' },
  { id: 'toKw', title: 'Power given to the bus where it ends', unit: 'kW', role: 'measured' },
] as const

export const branchFlows = (
  { from, to }: Pick<Branch, 'from' | 'to'>,
  points: Readonly<Record<string, Float64Array>>,
) => {
  const nothing = new Float64Array()
  return [
    { carrier: 'electricity' as const, bus: from, powerKw: points.fromKw ?? nothing },
    { carrier: 'electricity' as const, bus: to, powerKw: points.toKw ?? nothing },
  ]
}

/** What a branch breaks on its own: its limit, and what it loses. Loops are held against `voltage-law.ts`. */
export function branchBreaches({ values }: Published<unknown, null>, { limitKw, lossShare }: Branch): string[] {
  const flowKw = values('flowKw')
  const dustKw = 1e-4 * Math.max(1, 1e-3 * limitKw)
  const wrong = (ends: Float64Array, given: (flow: number) => number) => (flow: number, k: number) =>
    !(Math.abs(ends[k]! - given(flow)) <= dustKw)
  return [
    ...brokenSteps('passes its limit', flowKw, outside(-limitKw, limitKw)),
    ...brokenSteps(
      'gives its end what it was not sent',
      flowKw,
      wrong(values('toKw'), (flow) => (flow > 0 ? (1 - lossShare) * flow : flow)),
    ),
    ...brokenSteps(
      'gives its beginning what it was not sent',
      flowKw,
      wrong(values('fromKw'), (flow) => (flow < 0 ? -(1 - lossShare) * flow : -flow)),
    ),
  ]
}

/** In a simulation a branch brings to its end what is missing there, from where it begins. */
export function simulateBranch({ limitKw, lossShare }: Branch, { setpointKw = 0 }: Conditions): SimulatedStep<null> {
  const kept = 1 - lossShare
  const toKw = Math.max(-limitKw, Math.min(kept * limitKw, setpointKw))
  const flowKw = toKw > 0 ? toKw / kept : toKw
  const fromKw = toKw > 0 ? -flowKw : -toKw * kept
  return { state: null, busKw: toKw, farKw: fromKw, points: { flowKw, fromKw, toKw } }
}

/** Whether a branch leads somewhere: every end needs an asset or another branch. */
export function checkBranch(asset: Asset & Pick<Branch, 'from' | 'to'>, site: Site) {
  if (asset.from === asset.to) {
    return [
      {
        detail: 'It begins and ends on the same bus',
        place: { path: 'to' },
        found: asset.to,
        expected: 'another bus than `from`',
      },
    ]
  }
  const others = site.assets.filter(({ id }) => id !== asset.id)
  const stood = new Set(
    others.flatMap((other) =>
      isBranch(other) ? [other.from, other.to] : [typeof other.bus === 'string' ? other.bus : mainBus],
    ),
  )
  return (['from', 'to'] as const).flatMap((end) =>
    stood.has(asset[end])
      ? []
      : [
          {
            detail: `Nothing stands on bus “${asset[end]}”`,
            place: { path: end },
            found: asset[end],
            expected: `a bus that assets stand on: ${[...stood].sort().join(', ')}`,
          },
        ],
  )
}

/** Kinds that tie two electricity buses. */
const branchKinds: ReadonlySet<string> = new Set(['line', 'transformer'])

export const isBranch = (asset: Asset): asset is Asset & { readonly from: string; readonly to: string } =>
  branchKinds.has(asset.kind) && typeof asset.from === 'string' && typeof asset.to === 'string'

/** Says for how long a branch is full, and what that costs. */
export function describeBranch(
  { asset, frame, outcome, priceOn }: Explained<unknown>,
  { from, to, limitKw }: Branch,
): readonly Reason[] {
  const { flowKw } = outcome.points
  if (!flowKw || limitKw <= 0) return []
  const full = flowKw.map((flow) => Number(Math.abs(flow) >= limitKw * (1 - 1e-6)))
  const hours = hoursAbove(full, 0, frame.hours)
  if (hours === 0) return []
  const [begin, end] = [priceOn('electricity', from), priceOn('electricity', to)]
  let apart = 0
  full.forEach((is, k) => {
    apart += is * frame.hours[k]! * Math.abs((end?.[k] ?? 0) - (begin?.[k] ?? 0))
  })
  const pricePerKwh = apart / hours
  if (!(pricePerKwh > 1e-4) || pricePerKwh >= frame.scarcityPricePerKwh) return []
  return [
    {
      step: full.indexOf(1),
      asset: asset.id,
      code: 'network.full',
      text: `${asset.title} is full for ${hours.toFixed(1)} h: a kWh differs by ${pricePerKwh.toFixed(3)} ${frame.site.currency} between its ends.`,
      values: { hours, pricePerKwh },
    },
  ]
}
