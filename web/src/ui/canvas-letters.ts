/** Letters of charts, as `--sans` of the pages; in single quotes, because they come to stand in attributes of an SVG. */
export const canvasFamily = "'Inter Variable', system-ui, sans-serif, 'Noto Sans SC Variable'"
export const canvasFont = `12px ${canvasFamily}`

/** Draws again when letters have come that were asked for by drawing: a canvas does not by itself. Returns the way to stop. */
export function onNewLetters(draw: () => void): () => void {
  const { fonts } = document
  const came = (): void => draw()
  fonts.addEventListener('loadingdone', came)
  return () => fonts.removeEventListener('loadingdone', came)
}
