import type { SeriesAnswer, SeriesRequest } from './series.ts'

/** How the live connection to a site is. */
export type LinkState = 'connecting' | 'live' | 'lost'

/** What a page asks of the worker. */
export type Asked =
  | { readonly kind: 'watch'; readonly id: number; readonly site: string; readonly refs: readonly string[] }
  | { readonly kind: 'unwatch'; readonly id: number }
  | { readonly kind: 'read'; readonly id: number; readonly request: SeriesRequest }
  | { readonly kind: 'cancel'; readonly id: number }

/** Values of one watch, oldest first; each row is of the point `refs[indices[row]]`. NaN: nothing is known from there on. */
export interface LiveRows {
  readonly indices: Uint16Array
  readonly timestampsMs: Float64Array
  readonly values: Float64Array
  readonly quality: Uint8Array
}

/** A failure as a page shows it. */
export interface ToldProblem {
  readonly code: string
  readonly status: number
  readonly title: string
  readonly detail: string
}

/** What the worker tells. */
export type Told =
  | ({ readonly kind: 'rows'; readonly id: number } & LiveRows)
  | { readonly kind: 'link'; readonly id: number; readonly state: LinkState; readonly sinceMs: number }
  | { readonly kind: 'series'; readonly id: number; readonly series: SeriesAnswer }
  | { readonly kind: 'failed'; readonly id: number; readonly problem: ToldProblem }
