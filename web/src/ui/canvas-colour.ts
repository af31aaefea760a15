const page = (): Element => document.documentElement

const resolved = new Map<string, string>()
let theme: string | undefined

/** A colour of CSS, tokens and mixes too, as a canvas takes it; in the theme of an element where it has its own. */
export function canvasColour(css: string, of: Element = page()): string {
  if (of !== page()) return computed(css, of)
  const shown = document.documentElement.dataset.theme
  if (shown !== theme) resolved.clear()
  theme = shown
  const known = resolved.get(css)
  if (known !== undefined) return known
  const color = computed(css, document.body)
  resolved.set(css, color)
  return color
}

function computed(css: string, of: Element): string {
  const probe = document.createElement('i')
  probe.style.color = css
  of.append(probe)
  const { color } = getComputedStyle(probe)
  probe.remove()
  return color
}

/** A token's colour as it is now, for canvas. */
export const tokenColour = (token: string, of?: Element): string => canvasColour(`var(--${token})`, of)

/** A token's colour thinned with paper, opaque, for canvas. */
export const mixedColour = (token: string, share: number, of?: Element): string =>
  canvasColour(`color-mix(in oklab, var(--${token}) ${share * 100}%, var(--paper))`, of)

const hex = new Map<string, string>()
let pixel: CanvasRenderingContext2D | null | undefined

/** A colour as `#rrggbb`, which programs know that have never heard of OKLCH. */
export function hexColour(css: string, of?: Element): string {
  const color = canvasColour(css, of)
  const known = hex.get(color)
  if (known !== undefined) return known
  if (pixel === undefined) {
    const canvas = document.createElement('canvas')
    canvas.width = 1
    canvas.height = 1
    pixel = canvas.getContext('2d', { willReadFrequently: true })
  }
  if (!pixel) return '#000000'
  pixel.fillStyle = color
  pixel.fillRect(0, 0, 1, 1)
  const [red = 0, green = 0, blue = 0] = pixel.getImageData(0, 0, 1, 1).data
  const text = `#${[red, green, blue].map((part) => part.toString(16).padStart(2, '0')).join('')}`
  hex.set(color, text)
  return text
}

/** What paints in the theme of an element, in plain colours. */
export const painterOf =
  (of?: Element) =>
  (token: string, share?: number): string =>
    hexColour(share === undefined ? tokenColour(token, of) : mixedColour(token, share, of))
