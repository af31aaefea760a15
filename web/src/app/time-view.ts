import type { Span } from './frame-search.ts'

const hourMs = 3_600_000

/** The stretch of time that the bar shows, or that can be shown at all. */
export interface TimeView {
  readonly fromMs: number
  readonly toMs: number
}

const namedHours = { day: 48, week: 168, month: 720 } as const
export const spans = ['day', 'week', 'month'] as const

/** Width of a span, ms: a day before now and one after it, a week, a month. */
export const widthOf = (span: Span): number => (typeof span === 'number' ? span : namedHours[span]) * hourMs

/** The span of a width: its name where it has one, else hours to a tenth. */
export const spanOfWidth = (widthMs: number): Span =>
  spans.find((name) => Math.abs(widthOf(name) - widthMs) < 0.01 * widthOf(name)) ??
  Math.round(widthMs / hourMs / 0.1) / 10

/** What a link with this span needs to say: the first needs no words. */
export const spanInAddress = (span: Span): { readonly span?: Span } => (span === 'day' ? {} : { span })

const leastWidthMs = 3 * hourMs

/** Where a moment stands in the view, 0 to 1 inside of it. */
export const shareOf = ({ fromMs, toMs }: TimeView, atMs: number): number => (atMs - fromMs) / (toMs - fromMs)

export const momentAt = ({ fromMs, toMs }: TimeView, share: number): number => fromMs + share * (toMs - fromMs)

/** Keeps a view where there is something: at least a tenth of it overlaps the reach. */
export function within(view: TimeView, reach: TimeView): TimeView {
  const widthMs = view.toMs - view.fromMs
  const fromMs = Math.max(reach.fromMs - 0.9 * widthMs, Math.min(reach.toMs - 0.1 * widthMs, view.fromMs))
  return { fromMs, toMs: fromMs + widthMs }
}

/** Narrower (factor below 1) or wider, with the moment at `share` staying where it is. */
export function zoomed(view: TimeView, share: number, factor: number, reach: TimeView): TimeView {
  const before = view.toMs - view.fromMs
  const mostMs = Math.max(widthOf('month'), 1.2 * (reach.toMs - reach.fromMs))
  const widthMs = Math.min(mostMs, Math.max(leastWidthMs, before * factor))
  const fromMs = momentAt(view, share) - share * widthMs
  return within({ fromMs, toMs: fromMs + widthMs }, reach)
}

interface ViewInput {
  readonly nowMs: number
  readonly momentMs: number
  readonly widthMs: number
  readonly reach: TimeView
  /** Where the view begins since somebody moved it. */
  readonly heldFromMs: number | undefined
}

/** The view: where somebody left it; else around now, with no more of the future than is planned; else around the moment. */
export function viewOf({ nowMs, momentMs, widthMs, reach, heldFromMs }: ViewInput): TimeView {
  if (heldFromMs !== undefined) return { fromMs: heldFromMs, toMs: heldFromMs + widthMs }
  const toMs = nowMs + Math.min(widthMs / 2, Math.max(0, reach.toMs - nowMs) + 0.06 * widthMs)
  const around = { fromMs: toMs - widthMs, toMs }
  const share = shareOf(around, momentMs)
  if (share >= 0 && share <= 1) return around
  return within({ fromMs: momentMs - widthMs / 2, toMs: momentMs + widthMs / 2 }, reach)
}

/** To what a dragged moment is rounded, ms. */
export function dragStepMs(widthMs: number): number {
  if (widthMs <= 12 * hourMs) return hourMs / 12
  return widthMs <= 8 * 24 * hourMs ? hourMs / 4 : hourMs
}
