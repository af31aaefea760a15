import type { GroundArea, PlaceCarrier, PlacedModel, PlaceForm, PlacePoint } from '../api/types.ts'
import type { Family } from '../ui/families.ts'
import type { Extent, Rectangle } from './geometry.ts'

export type {
  GroundArea,
  PlaceCarrier,
  PlacedModel,
  PlaceForm,
  PlacePoint,
  PlaceSection,
} from '../api/types.ts'

/** A solid that stands on the ground or on a roof. */
export interface Body {
  /** Against the clock, metres east and north. */
  readonly outline: readonly PlacePoint[]
  /** The same as a rectangle in the frame of its heading; its bounds where the outline is none. */
  readonly rectangle: Rectangle
  /** Of its foot above the ground. */
  readonly baseM: number
  readonly heightM: number
}

/** An asset, or a building that is none. */
export interface Thing {
  readonly id: string
  readonly title: string
  readonly form: PlaceForm
  /** Absent: a building that is no asset. */
  readonly kind?: string
  readonly family?: Family
  readonly bodies: readonly Body[]
  /** Where a name of it is written, and what a view looks at. */
  readonly anchor: { readonly point: PlacePoint; readonly heightM: number }
  /** Buildings that it is: their bodies are drawn with them. */
  readonly buildings: readonly string[]
  /** Slope of modules, degrees from the horizontal, and where they look, clockwise from north. */
  readonly modules?: { readonly tiltDeg: number; readonly azimuthDeg: number; readonly areaM2: number }
  readonly bays: number
}

/** A cable or a pipe as it lies, from end to end. */
export interface Route {
  readonly from: string
  readonly to: string
  readonly carrier: PlaceCarrier
  readonly line: readonly PlacePoint[]
}

/** A place that can be drawn. */
export interface DrawnPlace {
  /** True: the site file says nothing of it, and what is shown is a scheme. */
  readonly schematic: boolean
  readonly things: readonly Thing[]
  readonly ground: readonly GroundArea[]
  readonly routes: readonly Route[]
  readonly models: Readonly<Record<string, PlacedModel>>
  readonly extent: Extent
}
