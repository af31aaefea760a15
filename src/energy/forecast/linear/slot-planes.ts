import { noPause, type Pause } from '../pause.ts'
import { selectRank } from '../select.ts'
import { centreOf, type LinearRows, type Moments, momentsOf, type Plane, planeAt, solveRidge } from './ridge.ts'

export interface LinearOptions {
  /** Penalties of {@link solveRidge} that are tried; the one that predicts left-out folds best is taken for all slots. */
  readonly shrinks: readonly number[]
  /** Rows that a slot wants; slots on either side help out with falling weight where there are fewer. */
  readonly wantedRows: number
  /** Rounds of reweighting towards the least sum of absolute errors; 0: least squares. */
  readonly rounds: number
  /** Parts that are left out in turn for {@link SlotPlanes.without}. */
  readonly folds: number
}

export const usualLinear: LinearOptions = {
  shrinks: [0.003, 0.01, 0.03, 0.1, 0.3, 1, 3],
  wantedRows: 600,
  rounds: 4,
  folds: 4,
}

/** Rows to learn from: terms row by row, with the slot of the day of each target and the fold it belongs to. */
export interface SlotRows extends LinearRows {
  readonly slots: number
  readonly slot: Int16Array
  /** 0 to `folds` − 1. */
  readonly fold: Uint8Array
}

/** Planes by slot of the day; absent for slots that nothing is known of. */
export interface SlotPlanes {
  readonly terms: number
  readonly planes: readonly (Plane | undefined)[]
  /** By fold: planes that have not seen the rows of that fold. */
  readonly without: readonly (readonly (Plane | undefined)[])[]
}

/**
 * One linear model a slot of the day, least absolute errors with shrinkage, so that single odd days do not bend it.
 * Rows of neighbouring slots take part with falling weight.
 * Source: Schlossmacher, Journal of the American Statistical Association 68 (1973) 857 (iterated weights 1/|residual|);
 * one model an hour: Ramanathan et al., International Journal of Forecasting 13 (1997) 161.
 */
export async function fitLinear(rows: SlotRows, options: LinearOptions, pause: Pause = noPause): Promise<SlotPlanes> {
  const { slots, slot, terms } = rows
  const ofSlot: number[][] = Array.from({ length: slots }, () => [])
  slot.forEach((s, r) => {
    ofSlot[s]!.push(r)
  })
  const usualRows = rows.targets.length / slots
  const reach = Math.min(Math.floor((slots - 1) / 2), Math.max(1, Math.round(options.wantedRows / usualRows)), 12)
  const fitted: (readonly SlotFit[] | undefined)[] = []
  for (let s = 0; s < slots; s += 1) {
    if (ofSlot[s]!.length === 0) {
      fitted.push(undefined)
      continue
    }
    await pause()
    const members: Member[] = []
    for (let away = -reach; away <= reach; away += 1) {
      const closeness = 1 - Math.abs(away) / (reach + 1)
      for (const row of ofSlot[(s + away + slots) % slots]!) members.push({ row, closeness })
    }
    fitted.push(fitSlot(rows, members, options))
  }
  const errors = options.shrinks.map((_, choice) => fitted.reduce((sum, own) => sum + (own?.[choice]?.error ?? 0), 0))
  const best = errors.indexOf(Math.min(...errors))
  return {
    terms,
    planes: fitted.map((own) => own?.[best]?.plane),
    without: Array.from({ length: options.folds }, (_, fold) => fitted.map((own) => own?.[best]?.without[fold])),
  }
}

interface Member {
  readonly row: number
  readonly closeness: number
}

interface SlotFit {
  readonly plane: Plane
  readonly without: readonly Plane[]
  /** Sum of absolute errors of the slot's own rows, each predicted without its fold. */
  readonly error: number
}

/** Fits one slot with each of the penalties. */
function fitSlot(
  rows: SlotRows,
  members: readonly Member[],
  { shrinks, rounds, folds }: LinearOptions,
): readonly SlotFit[] {
  const shrink = shrinks[shrinks.length >> 1]!
  const { terms } = rows
  const byFold = Array.from({ length: folds }, (_, fold) => members.filter(({ row }) => rows.fold[row] === fold))
  const inOrder = byFold.flat()
  const own: LinearRows = {
    terms,
    values: new Float64Array(inOrder.length * terms),
    targets: Float64Array.from(inOrder, ({ row }) => rows.targets[row]!),
  }
  inOrder.forEach(({ row }, k) => {
    own.values.set(rows.values.subarray(row * terms, (row + 1) * terms), k * terms)
  })
  const centre = centreOf(own)
  const weights = Float64Array.from(inOrder, ({ closeness }) => closeness)
  const everything = [0, inOrder.length] as const
  const away = new Float64Array(inOrder.length)
  for (let round = 0; round < rounds; round += 1) {
    const plane = solveRidge(momentsOf(own, weights, centre, everything), centre, shrink)
    for (let k = 0; k < away.length; k += 1) away[k] = Math.abs(own.targets[k]! - planeAt(plane, own.values, k * terms))
    const usual = selectRank(Float64Array.from(away), away.length >> 1)
    // Below a twentieth of the usual error an error counts as none: squares there, absolute values beyond.
    const least = 0.05 * usual
    if (!(least > 0)) break
    for (let k = 0; k < away.length; k += 1) weights[k] = (inOrder[k]!.closeness * usual) / Math.max(away[k]!, least)
  }
  let from = 0
  const parts = byFold.map(({ length }): Moments => {
    const part = momentsOf(own, weights, centre, [from, from + length])
    from += length
    return part
  })
  const sumBut = (left: number): Moments => {
    const sum = new Float64Array(parts[0]!.length)
    parts.forEach((part, fold) => {
      if (fold !== left) for (let k = 0; k < sum.length; k += 1) sum[k] = sum[k]! + part[k]!
    })
    return sum
  }
  const whole = sumBut(-1)
  const but = parts.map((_, fold) => sumBut(fold))
  return shrinks.map((penalty): SlotFit => {
    const without = but.map((moments) => solveRidge(moments, centre, penalty))
    let error = 0
    inOrder.forEach(({ row, closeness }, k) => {
      if (closeness === 1)
        error += Math.abs(own.targets[k]! - planeAt(without[rows.fold[row]!]!, own.values, k * terms)) || 0
    })
    return { plane: solveRidge(whole, centre, penalty), without, error }
  })
}

/** Predictions of rows given by their terms and slots; NaN where nothing is known. */
export function predictLinear(
  terms: number,
  values: Float64Array,
  planeOf: (row: number) => Plane | undefined,
): Float64Array {
  const answers = new Float64Array(values.length / terms)
  for (let r = 0; r < answers.length; r += 1) {
    const plane = planeOf(r)
    answers[r] = plane ? planeAt(plane, values, r * terms) : Number.NaN
  }
  return answers
}
