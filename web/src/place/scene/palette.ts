import { Color, SRGBColorSpace } from 'three'

/** Colours of tokens as the scene needs them. */
export type Palette = (token: string) => Color

/** Tokens of the theme that is shown, read once each. */
export function readPalette(): Palette {
  const canvas = document.createElement('canvas')
  canvas.width = 1
  canvas.height = 1
  // Tokens are in OKLCH, which the canvas knows and the scene does not.
  const context = canvas.getContext('2d', { willReadFrequently: true })
  const style = getComputedStyle(document.documentElement)
  const known = new Map<string, Color>()
  return (token) => {
    const found = known.get(token)
    if (found) return found
    const colour = new Color()
    if (context) {
      context.clearRect(0, 0, 1, 1)
      context.fillStyle = style.getPropertyValue(`--${token}`).trim() || '#888'
      context.fillRect(0, 0, 1, 1)
      const [red = 0, green = 0, blue = 0] = context.getImageData(0, 0, 1, 1).data
      colour.setRGB(red / 255, green / 255, blue / 255, SRGBColorSpace)
    }
    known.set(token, colour)
    return colour
  }
}
