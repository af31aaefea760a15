import { drawForPaper } from './theme.ts'

/** Charts are drawn anew in other colours before they stand on paper. */
const redrawMs = 600

/** Prints the page in the light colours, whatever colours are on the screen. */
export async function printView(): Promise<void> {
  const isForScreen = document.documentElement.dataset.theme !== 'light'
  if (isForScreen) {
    drawForPaper(true)
    await new Promise((resolve) => setTimeout(resolve, redrawMs))
  }
  window.print()
  if (isForScreen) drawForPaper(false)
}
