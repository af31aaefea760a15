import type { View } from './pieces.ts'
import { clampSpan } from './trend-address.ts'

/** What part of time is shown. Gestures move it many times a second, outside of React. */
export interface TrendView {
  readonly spanMs: number
  /** Right edge; undefined: it goes on with now. */
  readonly untilMs: number | undefined
}

/** Share of the view that stays free right of now. */
const aheadShare = 0.02

/** The stretch that a view shows at a moment. */
export function stretchOf({ spanMs, untilMs }: TrendView, nowMs: number): View {
  const toMs = untilMs ?? nowMs + spanMs * aheadShare
  return { fromMs: toMs - spanMs, toMs }
}

/** Near enough to now that the view goes on with it again, as a share of its width. */
const nowShare = 0.03

/** A stretch as a view: one that reaches to now follows it. */
export function viewOf({ fromMs, toMs }: View, nowMs: number): TrendView {
  const spanMs = clampSpan(toMs - fromMs)
  const follows = toMs >= nowMs && toMs <= nowMs + spanMs * nowShare
  return { spanMs, untilMs: follows ? undefined : toMs }
}

/** Zooms so that a moment stays where it is. @param factor below 1 shows less time */
export function zoomed({ fromMs, toMs }: View, factor: number, anchorMs: number): View {
  const spanMs = toMs - fromMs
  const nextMs = clampSpan(spanMs * factor)
  const share = (anchorMs - fromMs) / spanMs
  const from = anchorMs - nextMs * share
  return { fromMs: from, toMs: from + nextMs }
}

/** @param share of the view: 0.1 moves it a tenth of its width to later times */
export function panned({ fromMs, toMs }: View, share: number): View {
  const byMs = (toMs - fromMs) * share
  return { fromMs: fromMs + byMs, toMs: toMs + byMs }
}
