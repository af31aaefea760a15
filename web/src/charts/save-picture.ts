import interUrl from '@fontsource-variable/inter/files/inter-latin-wght-normal.woff2?url'
import { plainColour } from '../ui/sources.ts'

/** PNG is drawn with this many pixels to one of the screen, so that it is sharp in print. */
const scale = 2

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
    .replace(/\b(?:oklch|oklab|color)\([^()"']*\)/g, plainColour)
    .replace(/^(<svg[^>]*>)/, (open) => `${open}${rule}`)
}

/** Draws an SVG into pixels. */
export async function pngOf(svg: string): Promise<Blob> {
  const address = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }))
  try {
    const image = new Image()
    await new Promise((resolve, reject) => {
      image.onload = resolve
      image.onerror = () => reject(new Error('the picture cannot be read'))
      image.src = address
    })
    const canvas = document.createElement('canvas')
    canvas.width = image.naturalWidth * scale
    canvas.height = image.naturalHeight * scale
    canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height)
    return await new Promise((resolve, reject) =>
      canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('no picture'))), 'image/png'),
    )
  } finally {
    URL.revokeObjectURL(address)
  }
}
