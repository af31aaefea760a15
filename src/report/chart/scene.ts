/** Colours by what they are for; each rendering has its own for light, dark and paper. */
export const seriesPaints = ['series0', 'series1', 'series2', 'series3', 'series4', 'series5'] as const
export type Paint =
  | 'ink'
  | 'soft'
  | 'line'
  | 'strong'
  | 'paper'
  | 'good'
  | 'bad'
  | 'open'
  | (typeof seriesPaints)[number]

/** A piece of a drawing. Lengths in points; y grows downward. */
export type Mark =
  | {
      readonly kind: 'rect'
      readonly x: number
      readonly y: number
      readonly width: number
      readonly height: number
      readonly fill: Paint
    }
  | {
      readonly kind: 'path'
      /** As in SVG. */
      readonly d: string
      readonly fill?: Paint
      readonly stroke?: Paint
      readonly strokeWidth?: number
      readonly dash?: readonly [number, number]
    }
  | {
      readonly kind: 'text'
      readonly x: number
      /** Of the baseline. */
      readonly y: number
      readonly text: string
      readonly size: number
      readonly isBold?: boolean
      readonly anchor: 'start' | 'middle' | 'end'
      readonly fill: Paint
      /** Exact value of the number that the text is. */
      readonly value?: string
    }

export interface Scene {
  readonly width: number
  readonly height: number
  readonly marks: readonly Mark[]
}

/** Width of a text, points. */
export type Measure = (text: string, size: number, isBold?: boolean) => number

/** What a chart is drawn with. */
export interface Drawing {
  readonly width: number
  readonly measure: Measure
  /** A number for readers. */
  readonly format: (amount: { readonly value: string; readonly decimals: number }) => string
}

/** The colour of a series; after six they begin again. */
export const seriesPaint = (place: number): Paint => seriesPaints[place % seriesPaints.length]!

/** Where no font is at hand: letters of half an em, Chinese of a whole one. */
export const roughMeasure: Measure = (text, size, isBold = false) =>
  [...text].reduce((sum, letter) => sum + (letter > '\u2e7f' ? 1 : isBold ? 0.6 : 0.56), 0) * size

/** Rounded for files: a hundredth of a point is seen by nobody. */
export const short = (length: number): number => Math.round(length * 100) / 100
