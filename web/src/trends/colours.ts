const resolved = new Map<string, string>()
let theme: string | undefined

/** A colour of CSS, tokens and mixes too, as a canvas takes it; in the theme that is shown. */
export function canvasColour(colour: string): string {
  const shown = document.documentElement.dataset.theme
  if (shown !== theme) resolved.clear()
  theme = shown
  const known = resolved.get(colour)
  if (known !== undefined) return known
  const probe = document.createElement('i')
  probe.style.color = colour
  document.body.append(probe)
  const { color } = getComputedStyle(probe)
  probe.remove()
  resolved.set(colour, color)
  return color
}

/** The same as `#rrggbb`, for files that other programs open. */
export function hexColour(colour: string): string {
  const canvas = document.createElement('canvas')
  canvas.width = 1
  canvas.height = 1
  const context = canvas.getContext('2d', { willReadFrequently: true })
  if (!context) return '#000000'
  context.fillStyle = canvasColour(colour)
  context.fillRect(0, 0, 1, 1)
  const [red = 0, green = 0, blue = 0] = context.getImageData(0, 0, 1, 1).data
  return `#${[red, green, blue].map((part) => part.toString(16).padStart(2, '0')).join('')}`
}
