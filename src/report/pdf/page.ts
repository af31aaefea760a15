import PDFDocument from 'pdfkit'
import type { Measure } from '../chart/scene.ts'
import type { ReportDocument } from '../model/schema.ts'
import { cleanText } from '../model/text.ts'
import { languageTag } from '../words/index.ts'
import { type Face, facesOf, standIn, type Weight } from './open-fonts.ts'
import { paints as colours, type paints } from './paints.ts'

export type Colour = keyof typeof paints
/** An element of the structure that readers follow. */
export type Element = PDFKit.PDFStructureElement

/** A4 with generous margins, points. */
export const sheet = { width: 595.28, height: 841.89, left: 60, right: 60, top: 62, bottom: 84 } as const
export const contentWidth: number = sheet.width - sheet.left - sheet.right

/** How a piece of text is drawn. */
export interface Ink {
  readonly size: number
  readonly isBold?: boolean
  readonly colour: Colour
}

/** A page description that grows downward: where the next line goes, and how text and structure get onto the page. */
export interface Pages {
  readonly doc: PDFKit.PDFDocument
  readonly measure: Measure
  /** Top of what comes next, points from above. */
  y: number
  /** Height that is left. */
  room(): number
  /** A new page, unless so much room is left. What is marked goes on there. */
  need(height: number): boolean
  /** Draws one line of text, whose baseline is at `y`. */
  drawText(text: string, x: number, y: number, ink: Ink): void
  /** Runs drawing as decoration that readers pass over. */
  artifact(draw: () => void): void
}

/** A run of characters of one face; what no face has is drawn as a stand-in and read as what it is. */
interface Run {
  readonly face: string
  readonly shown: string
  readonly actual?: string
}

type Features = PDFKit.Mixins.OpenTypeFeatures[]
/** No letters that change with their neighbours: they would be copied as others. */
const asWritten = { calt: false } as unknown as Features
/** Letters of running text keep their distances, so that a line is as wide as its letters. */
const letterByLetter = { calt: false, kern: false } as unknown as Features
/** Digits of one width where they stand below each other. */
const inColumns = { calt: false, tnum: true } as unknown as Features
const featuresOf = (text: string, isBold: boolean): Features =>
  /^[\d.,\u2212\s]*\d[\d.,\u2212\s]*$/.test(text) ? inColumns : isBold ? asWritten : letterByLetter

/** Opens pages of a document whose text has these characters. */
export function openPages(document: ReportDocument, characters: ReadonlySet<number>): Pages {
  const { title, overline, language, run } = document
  const moment = new Date(run.clockMs)
  const doc = new PDFDocument({
    ...{ size: [sheet.width, sheet.height], margin: 0, bufferPages: true, autoFirstPage: false, font: null as never },
    ...{ pdfVersion: '1.7', subset: 'PDF/UA' as never, tagged: true, displayTitle: true, lang: languageTag(language) },
    info: {
      Title: cleanText(`${title} – ${overline}`),
      Subject: `${run.engine} ${run.engineVersion}, ${run.id}`,
      Creator: 'Mangrove',
      Producer: 'Mangrove',
      CreationDate: moment,
      ModDate: moment,
    },
  })
  const faces: Readonly<Record<Weight, readonly Face[]>> = {
    400: facesOf(characters, 400),
    700: facesOf(characters, 700),
  }
  for (const { name, bytes } of [...faces[400], ...faces[700]]) doc.registerFont(name, bytes)

  const chosen = new Map<string, string | undefined>()
  const faceOf = (letter: string, weight: Weight): string | undefined => {
    const key = weight + letter
    if (!chosen.has(key)) chosen.set(key, faces[weight].find(({ has }) => has(letter.codePointAt(0)!))?.name)
    return chosen.get(key)
  }
  const runsOf = (text: string, weight: Weight): readonly Run[] => {
    const runs: Run[] = []
    for (const letter of text) {
      const face = faceOf(letter, weight)
      const last = runs.at(-1)
      if (face === undefined) {
        runs.push({ face: faceOf(standIn, weight)!, shown: standIn, actual: letter })
      } else if (last?.face === face && last.actual === undefined) {
        runs[runs.length - 1] = { face, shown: last.shown + letter }
      } else runs.push({ face, shown: letter })
    }
    return runs
  }
  const widths = new Map<string, number>()
  const widthAt = (face: string, text: string, features: Features): number => {
    const key = `${features === inColumns ? 1 : 0} ${face} ${text}`
    let width = widths.get(key)
    if (width === undefined) {
      width = doc.font(face).fontSize(100).widthOfString(text, { features }) / 100
      widths.set(key, width)
    }
    return width
  }
  const widthOf = (face: string, text: string, isBold: boolean): number => {
    const features = featuresOf(text, isBold)
    if (features !== letterByLetter) return widthAt(face, text, features)
    let width = 0
    for (const letter of text) width += widthAt(face, letter, features)
    return width
  }
  const pages: Pages = {
    doc,
    y: sheet.top,
    measure: (text, size, isBold = false) =>
      runsOf(text, isBold ? 700 : 400).reduce((sum, { face, shown }) => sum + widthOf(face, shown, isBold), 0) * size,
    room: () => sheet.height - sheet.bottom - pages.y,
    need(height) {
      if (doc.page && pages.room() >= height) return false
      if (doc.page) doc.continueOnNewPage()
      else doc.addPage()
      pages.y = sheet.top
      return true
    },
    drawText(text, x, y, { size, isBold = false, colour }) {
      let at = x
      for (const { face, shown, actual } of runsOf(text, isBold ? 700 : 400)) {
        const width = widthOf(face, shown, isBold) * size
        if (actual !== undefined) doc.markContent('Span', { actual })
        doc.font(face).fontSize(size).fillColor(colours[colour])
        doc.text(shown, at, y, { lineBreak: false, baseline: 'alphabetic', features: featuresOf(shown, isBold) })
        if (actual !== undefined) doc.endMarkedContent()
        at += width
      }
    },
    artifact(draw) {
      doc.markContent('Artifact', { type: 'Layout' })
      draw()
      doc.endMarkedContent()
    },
  }
  return pages
}
