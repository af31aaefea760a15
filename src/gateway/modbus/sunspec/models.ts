import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'

/** One point of a model of SunSpec. */
export interface ModelPoint {
  /** As SunSpec names it. */
  readonly name: string
  readonly type: SunspecType
  /** Registers. */
  readonly words: number
  /** From the first register after the head of the model (id and length); of a repeated block from its start. */
  readonly offset: number
  readonly unit: string
  /** Name of the point that holds its power of ten, or nothing. */
  readonly scaleFactor: string | undefined
}

export interface Model {
  readonly id: number
  readonly title: string
  readonly points: ReadonlyMap<string, ModelPoint>
  /** Registers after the head, without repeated blocks. */
  readonly length: number
  readonly repeat: ReadonlyMap<string, ModelPoint>
  /** Registers of one repeated block. */
  readonly repeatLength: number
}

const wordsOf = {
  ...{ uint16: 1, int16: 1, sunssf: 1, enum16: 1, bitfield16: 1, pad: 1, count: 1 },
  ...{ uint32: 2, int32: 2, acc32: 2, float32: 2, bitfield32: 2, uint64: 4, int64: 4, acc64: 4 },
} as const
export type SunspecType = keyof typeof wordsOf | 'string'

interface ModelData {
  readonly id: number
  readonly title: string
  readonly like?: number
  readonly points?: readonly string[]
  readonly repeat?: readonly string[]
}

/** The models that the house knows, by id. */
export const sunspecModels: ReadonlyMap<number, Model> = readModels(
  parse(readFileSync(join(import.meta.dirname, 'models.yaml'), 'utf8')) as readonly ModelData[],
)

function readModels(data: readonly ModelData[]): ReadonlyMap<number, Model> {
  const models = new Map<number, Model>()
  for (const { id, title, like, points = [], repeat = [] } of data) {
    const same = like === undefined ? undefined : models.get(like)
    const [fixed, block] = [readPoints(points), readPoints(repeat)]
    models.set(id, {
      ...(same ?? { points: fixed.points, length: fixed.length, repeat: block.points, repeatLength: block.length }),
      ...{ id, title },
    })
  }
  return models
}

function readPoints(lines: readonly string[]): {
  readonly points: ReadonlyMap<string, ModelPoint>
  readonly length: number
} {
  const points = new Map<string, ModelPoint>()
  let offset = 0
  for (const line of lines) {
    const [name = '', written = '', unit = '1', scaleFactor] = line.split(' ')
    const length = /^string(\d+)$/.exec(written)?.[1]
    const type = (length === undefined ? written : 'string') as SunspecType
    const words = type === 'string' ? Number(length) : wordsOf[type]
    points.set(name, { name, type, words, offset, unit, scaleFactor })
    offset += words
  }
  return { points, length: offset }
}
