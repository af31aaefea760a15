import { type Color, MeshLambertMaterial } from 'three'
import type { Palette } from './palette.ts'

/** A material that can be coloured by a quantity and be itself again. */
export interface Skin {
  readonly material: MeshLambertMaterial
  tint(colour: Color | undefined): void
}

/** A skin in the colour of a token. Coloured ones shine a little, so that they can be read at night. */
export function skinOf(palette: Palette, token: string, glow = 0): Skin {
  const own = palette(token)
  const material = new MeshLambertMaterial({ color: own, emissive: own, emissiveIntensity: glow })
  return {
    material,
    tint(colour) {
      material.color.copy(colour ?? own)
      material.emissive.copy(colour ?? own)
      material.emissiveIntensity = colour ? 0.3 : glow
    },
  }
}

/** Colours several skins as one. */
export const tintAll =
  (...skins: readonly Skin[]) =>
  (colour: Color | undefined): void => {
    for (const skin of skins) skin.tint(colour)
  }
