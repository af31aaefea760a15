/** A glyph with its outline, from a variable font at one weight. */
export interface StaticGlyph {
  readonly codePoint: number
  /** Units of the em. */
  readonly advance: number
  readonly commands: readonly { readonly command: string; readonly args: readonly number[] }[]
}

export interface StaticFontParts {
  /** PostScript name. */
  readonly name: string
  readonly unitsPerEm: number
  readonly ascent: number
  readonly descent: number
  readonly weight: number
  readonly glyphs: readonly StaticGlyph[]
}

interface Outline {
  readonly bytes: Uint8Array
  readonly box: readonly [number, number, number, number]
  readonly points: number
  readonly contours: number
}

/**
 * Writes a TrueType font (OpenType 1.9) of some glyphs. A page description cannot hold a variable font: what is embedded is
 * the one weight that is used, with the outlines that the variable font has there.
 */
export function writeStaticFont({ name, unitsPerEm, ascent, descent, weight, glyphs }: StaticFontParts): Buffer {
  const sorted = [...glyphs].sort((a, b) => a.codePoint - b.codePoint)
  const outlines = [writeOutline([]), ...sorted.map(({ commands }) => writeOutline(commands))]
  const advances = [unitsPerEm, ...sorted.map(({ advance }) => Math.round(advance))]
  const boxes = outlines.filter(({ contours }) => contours > 0).map(({ box }) => box)
  const edge = (place: number, pick: (...of: number[]) => number): number =>
    boxes.length === 0 ? 0 : boxes.reduce((found, box) => pick(found, box[place]!), boxes[0]![place]!)
  const box = [edge(0, Math.min), edge(1, Math.min), edge(2, Math.max), edge(3, Math.max)] as const
  let offset = 0
  const offsets = [0, ...outlines.map(({ bytes }) => (offset += bytes.length))]
  const count = outlines.length
  const widest = Math.max(...advances)
  return assemble([
    ['OS/2', os2(weight, ascent, descent, sorted)],
    ['cmap', cmap(sorted)],
    ['glyf', Buffer.concat(outlines.map(({ bytes }) => bytes))],
    [
      'head',
      words(
        ...[1, 0, 1, 0, 0, 0, 0x5f0f, 0x3cf5, 3, unitsPerEm, 0, 0, 0, 0, 0, 0, 0, 0],
        ...box,
        ...[weight >= 600 ? 1 : 0, 8, 2, 1, 0],
      ),
    ],
    ['hhea', words(1, 0, ascent, descent, 0, widest, box[0], 0, box[2], 1, 0, 0, 0, 0, 0, 0, 0, count)],
    ['hmtx', words(...outlines.flatMap(({ box: own }, place) => [advances[place]!, own[0]]))],
    ['loca', longs(...offsets)],
    [
      'maxp',
      words(
        ...[1, 0, count, Math.max(...outlines.map(({ points }) => points))],
        ...[Math.max(...outlines.map(({ contours }) => contours)), 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0],
      ),
    ],
    ['name', nameTable(name)],
    ['post', Buffer.concat([longs(0x00030000, 0), words(-100, 50), longs(0, 0, 0, 0, 0)])],
  ])
}

/** Numbers of 16 bits. */
function words(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(2 * values.length)
  for (const [place, value] of values.entries()) bytes.writeUInt16BE(value & 0xffff, 2 * place)
  return bytes
}

/** Numbers of 32 bits. */
function longs(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length)
  for (const [place, value] of values.entries()) bytes.writeUInt32BE(value >>> 0, 4 * place)
  return bytes
}

interface Point {
  readonly x: number
  readonly y: number
  readonly isOn: boolean
}

/** Contours of whole numbers; an end that repeats the beginning is left out. */
function contoursOf(commands: StaticGlyph['commands']): readonly (readonly Point[])[] {
  const contours: Point[][] = []
  for (const { command, args } of commands) {
    const [a = 0, b = 0, c = 0, d = 0] = args.map(Math.round)
    if (command === 'moveTo') contours.push([{ x: a, y: b, isOn: true }])
    else if (command === 'lineTo') contours.at(-1)?.push({ x: a, y: b, isOn: true })
    else if (command === 'quadraticCurveTo') {
      contours.at(-1)?.push({ x: a, y: b, isOn: false }, { x: c, y: d, isOn: true })
    }
  }
  for (const contour of contours) {
    const [first, last] = [contour[0], contour.at(-1)]
    if (contour.length > 1 && last?.isOn && last.x === first?.x && last.y === first.y) contour.pop()
  }
  return contours.filter(({ length }) => length > 1)
}

/** An entry of `glyf`: a simple glyph without instructions and without packing; its file is compressed anyway. */
function writeOutline(commands: StaticGlyph['commands']): Outline {
  const contours = contoursOf(commands)
  const points = contours.flat()
  if (points.length === 0) return { bytes: new Uint8Array(0), box: [0, 0, 0, 0], points: 0, contours: 0 }
  const xs = points.map(({ x }) => x)
  const ys = points.map(({ y }) => y)
  const box = [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)] as const
  let end = -1
  const ends = contours.map(({ length }) => (end += length))
  const steps = (along: readonly number[]): readonly number[] => along.map((at, place) => at - (along[place - 1] ?? 0))
  const body = Buffer.concat([
    words(contours.length, ...box, ...ends, 0),
    Buffer.from(points.map(({ isOn }) => (isOn ? 1 : 0))),
    words(...steps(xs)),
    words(...steps(ys)),
  ])
  const bytes = Buffer.concat([body, Buffer.alloc((4 - (body.length % 4)) % 4)])
  return { bytes, box, points: points.length, contours: contours.length }
}

/** Format 12: any code point, each glyph a group of its own. */
function cmap(glyphs: readonly StaticGlyph[]): Buffer {
  const groups = glyphs.flatMap(({ codePoint }, place) => [codePoint, codePoint, place + 1])
  return Buffer.concat([
    words(0, 1, 3, 10),
    longs(12),
    words(12, 0),
    longs(16 + 4 * groups.length, 0, glyphs.length, ...groups),
  ])
}

function os2(weight: number, ascent: number, descent: number, glyphs: readonly StaticGlyph[]): Buffer {
  const codes = glyphs.map(({ codePoint }) => Math.min(codePoint, 0xffff))
  return Buffer.concat([
    words(4, 1000, weight, 5, 0, 650, 700, 0, 140, 650, 700, 0, 480, 50, 300, 0),
    Buffer.alloc(10),
    longs(0, 0, 0, 0),
    Buffer.from('NONE'),
    words(weight >= 600 ? 0x20 : 0x40, codes[0] ?? 0, codes.at(-1) ?? 0),
    words(ascent, descent, 0, ascent, -descent),
    longs(0, 0),
    words(543, 733, 0, 32, 1),
  ])
}

function nameTable(name: string): Buffer {
  const records = [
    [1, name],
    [2, 'Regular'],
    [4, name],
    [6, name],
  ] as const
  let offset = 0
  const entries = records.flatMap(([id, text]) => {
    const entry = [3, 1, 0x409, id, 2 * text.length, offset]
    offset += 2 * text.length
    return entry
  })
  const texts = records.map(([, text]) => words(...[...text].map((letter) => letter.charCodeAt(0))))
  return Buffer.concat([words(0, records.length, 6 + 12 * records.length, ...entries), ...texts])
}

/** The file: its directory, and the tables in the order of their tags. */
function assemble(tables: readonly (readonly [string, Buffer])[]): Buffer {
  let offset = 12 + 16 * tables.length
  const power = 2 ** Math.floor(Math.log2(tables.length))
  const padded = tables.map(([, bytes]) => Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]))
  const directory = tables.map(([tag, bytes], place) => {
    const entry = Buffer.concat([Buffer.from(tag.padEnd(4)), longs(checksum(padded[place]!), offset, bytes.length)])
    offset += padded[place]!.length
    return entry
  })
  const head = words(1, 0, tables.length, 16 * power, Math.log2(power), 16 * (tables.length - power))
  return Buffer.concat([head, ...directory, ...padded])
}

function checksum(bytes: Buffer): number {
  let sum = 0
  for (let at = 0; at + 3 < bytes.length; at += 4) sum = (sum + bytes.readUInt32BE(at)) >>> 0
  return sum
}
