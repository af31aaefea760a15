import type { Color, Object3D } from 'three'
import type { Bay } from '../bays.ts'
import type { Sun } from '../sun.ts'

/** What the place looks like at a moment. */
export interface SceneState {
  readonly sun: Sun
  /** Colour of a thing by the quantity that is chosen, as a share of the scale; absent: as it is. */
  readonly tints: ReadonlyMap<string, string> | undefined
  /** By route, kW from its `from` to its `to`, and the family whose colour it has. */
  readonly flows: readonly { readonly powerKw: number | undefined; readonly token: string }[]
  readonly soc: ReadonlyMap<string, number>
  /** Share of its windows that is lit. */
  readonly lit: ReadonlyMap<string, number>
  readonly bays: ReadonlyMap<string, readonly Bay[]>
  /** Share of its speed that a rotor turns with. */
  readonly spin: ReadonlyMap<string, number>
}

/** A part of the scene that something of the moment changes. */
export interface Part {
  readonly root: Object3D
  /** Shows a moment. `day`: 0 at night, 1 in full day. */
  show?(state: SceneState, day: number): void
  /** Colours it by a quantity; undefined: as it is. */
  tint?(colour: Color | undefined): void
  /** Moves on; false where nothing moves. */
  advance?(seconds: number): boolean
}
