import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { create, type Font } from 'fontkit'
import { type StaticGlyph, writeStaticFont } from './static-font.ts'
import { unpackWoff } from './unpack-woff.ts'

export type Weight = 400 | 700

/** A font file of one weight, and which characters it is asked for. */
export interface Face {
  /** Under which a page knows it. */
  readonly name: string
  readonly bytes: Buffer
  readonly has: (codePoint: number) => boolean
}

const require = createRequire(import.meta.url)
const folderOf = (file: string): string => dirname(require.resolve(file))

/** Alphabets of Inter, in the order in which they are asked. */
const alphabets = ['latin', 'latin-ext', 'greek', 'cyrillic'] as const

/** What is drawn for a character that no font has. */
export const standIn = '□'

let interFolder: string | undefined
const interFiles = new Map<string, { readonly bytes: Buffer; readonly font: Font }>()

function interFile(alphabet: string, weight: Weight): { readonly bytes: Buffer; readonly font: Font } {
  const file = `inter-${alphabet}-${weight}-normal.woff`
  const known = interFiles.get(file)
  if (known) return known
  interFolder ??= join(folderOf('@fontsource/inter/package.json'), 'files')
  const bytes = unpackWoff(readFileSync(join(interFolder, file)))
  const opened = { bytes, font: create(bytes) as Font }
  interFiles.set(file, opened)
  return opened
}

/**
 * The faces of a weight that some characters need: Inter, and for all that it lacks (Chinese above all) a font that is made of
 * the glyphs of Noto Sans SC at this weight. Of a face that none of the characters needs, nothing is there.
 */
export function facesOf(characters: ReadonlySet<number>, weight: Weight): readonly Face[] {
  const left = new Set(characters)
  const faces: Face[] = []
  for (const alphabet of alphabets) {
    if (alphabet !== 'latin' && left.size === 0) break
    const { bytes, font } = interFile(alphabet, weight)
    const own = new Set([...left].filter((point) => font.hasGlyphForCodePoint(point)))
    if (own.size === 0 && alphabet !== 'latin') continue
    for (const point of own) left.delete(point)
    faces.push({ name: `inter-${alphabet}-${weight}`, bytes, has: (point) => font.hasGlyphForCodePoint(point) })
  }
  const glyphs = [...notoGlyphs(left, weight), ...loweredDigits(left, weight)]
  if (glyphs.length === 0) return faces
  const drawn = new Set(glyphs.map(({ codePoint }) => codePoint))
  const bytes = writeStaticFont({
    ...{ name: weight === 700 ? 'NotoSansSC-Bold' : 'NotoSansSC-Regular', weight, glyphs },
    ...{ unitsPerEm, ascent: 1160, descent: -288 },
  })
  return [...faces, { name: `noto-${weight}`, bytes, has: (point) => drawn.has(point) }]
}

/** Digits of CO₂, which neither font has: those of Inter, smaller and lower. */
function loweredDigits(points: ReadonlySet<number>, weight: Weight): readonly StaticGlyph[] {
  const { font } = interFile('latin', weight)
  const scale = (0.62 * unitsPerEm) / font.unitsPerEm
  return [...points].flatMap((codePoint) => {
    const digit = codePoint - 0x2080
    if (digit < 0 || digit > 9) return []
    const { advanceWidth, path } = font.glyphForCodePoint(0x30 + digit)
    const commands = (path.commands as StaticGlyph['commands']).map(({ command, args }) => ({
      command,
      args: args.map((at, place) => at * scale - (place % 2 === 1 ? 0.15 * unitsPerEm : 0)),
    }))
    return [{ codePoint, advance: advanceWidth * scale, commands }]
  })
}

const unitsPerEm = 1000

interface NotoFile {
  readonly file: string
  readonly ranges: readonly (readonly [number, number])[]
}

let noto: { readonly folder: string; readonly files: readonly NotoFile[] } | undefined

/** Which file of the package holds which characters. */
function notoFiles(): NonNullable<typeof noto> {
  if (noto) return noto
  const folder = folderOf('@fontsource-variable/noto-sans-sc/package.json')
  const unicode = JSON.parse(readFileSync(join(folder, 'unicode.json'), 'utf8')) as Record<string, string>
  const files = Object.entries(unicode).map(([subset, ranges]) => ({
    file: `noto-sans-sc-${subset.replace(/[[\]]/g, '')}-wght-normal.woff2`,
    ranges: ranges.split(',').map((range): readonly [number, number] => {
      const [from = '0', to = from] = range.trim().replace('U+', '').split('-')
      return [Number.parseInt(from, 16), Number.parseInt(to, 16)]
    }),
  }))
  noto = { folder: join(folder, 'files'), files }
  return noto
}

interface Point {
  x: number
  y: number
  onCurve: boolean
  endContour: boolean
  copy(): Point
}

/** What fontkit has inside for variable fonts, and does not use by itself for outlines that are packed (WOFF2). */
type Variable = Font & {
  variationCoords?: readonly number[]
  readonly _variationProcessor: { transformPoints(glyph: number, points: Point[]): void }
}
type VariableGlyph = ReturnType<Font['glyphForCodePoint']> & {
  _decode(): { readonly numberOfContours: number; readonly points?: Point[] } | undefined
}

/**
 * The outline of a glyph at the weight of its font: its points moved as `gvar` says (OpenType 1.9), with the four points after
 * them that stand for its advances.
 */
function outlineAt(font: Variable, glyph: VariableGlyph): StaticGlyph['commands'] {
  const points = glyph._decode()?.points
  const [first] = points ?? []
  if (points && first) {
    const advances = Array.from({ length: 4 }, () => Object.assign(first.copy(), { x: 0, y: 0, endContour: true }))
    points.push(...advances)
    font._variationProcessor.transformPoints(glyph.id, points)
    points.splice(-4)
  }
  return glyph.path.commands as StaticGlyph['commands']
}

/** A glyph is made once in the life of a process: 40 kB each thousand points. */
const made = new Map<string, StaticGlyph | null>()

function notoGlyphs(points: ReadonlySet<number>, weight: Weight): readonly StaticGlyph[] {
  const unknown = [...points].filter((point) => !made.has(`${weight}:${point}`))
  if (unknown.length > 0) {
    const { folder, files } = notoFiles()
    const waiting = new Set(unknown)
    for (const { file, ranges } of files) {
      const own = [...waiting].filter((point) => ranges.some(([from, to]) => point >= from && point <= to))
      if (own.length === 0) continue
      const font = create(readFileSync(join(folder, file))) as Variable
      // fontkit makes an instance of a variable WOFF2 by its coordinates alone.
      font.variationCoords = [weight]
      for (const codePoint of own) {
        if (!font.hasGlyphForCodePoint(codePoint)) continue
        const glyph = font.glyphForCodePoint(codePoint) as VariableGlyph
        waiting.delete(codePoint)
        // Before its advance, which would keep the outline as it is now.
        const commands = outlineAt(font, glyph)
        made.set(`${weight}:${codePoint}`, { codePoint, advance: glyph.advanceWidth, commands })
      }
    }
    for (const point of waiting) made.set(`${weight}:${point}`, null)
  }
  return [...points].flatMap((point) => made.get(`${weight}:${point}`) ?? [])
}
