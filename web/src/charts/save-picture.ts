import interUrl from '@fontsource-variable/inter/files/inter-latin-wght-normal.woff2?url'
import { hexColour } from '../ui/canvas-colour.ts'

let font: Promise<string> | undefined

/** The letters of the console as a rule of CSS; without a connection the letters of the reader stand in. */
function fontRule(): Promise<string> {
  font ??= fetch(interUrl)
    .then((answer) => answer.arrayBuffer())
    .then((bytes) => {
      const text = Array.from(new Uint8Array(bytes), (byte) => String.fromCharCode(byte)).join('')
      return `<style>@font-face{font-family:"Inter Variable";font-weight:100 900;src:url(data:font/woff2;base64,${btoa(text)}) format("woff2")}</style>`
    })
    .catch(() => '')
  return font
}

/** A picture that needs nothing but itself: its letters are in it, and its colours are such that every program knows them. */
export async function standingAlone(svg: string): Promise<string> {
  const rule = await fontRule()
  return svg
    .replace(/\b(?:oklch|oklab|color)\([^()"']*\)/g, (css) => hexColour(css))
    .replace(/^(<svg[^>]*>)/, (open) => `${open}${rule}`)
}
