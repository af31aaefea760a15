import type { Device } from '../devices/resolve-device.ts'
import type { Register } from '../registers/register.ts'
import { registerOf } from '../sunspec/find-registers.ts'
import { type Model, type ModelPoint, sunspecModels } from '../sunspec/models.ts'
import { endOfModels, type FoundModel, sunspecBases } from '../sunspec/walk-models.ts'
import type { ModbusTable } from '../wire/pdu.ts'

/** Words that never change. */
export interface FixedWords {
  readonly table: ModbusTable
  readonly address: number
  readonly words: Uint16Array
}

/** Text in registers, two letters each, filled up with zeros. */
export function textWords(text: string, count: number): Uint16Array {
  const bytes = Buffer.alloc(2 * count)
  bytes.write(text, 'latin1')
  return Uint16Array.from({ length: count }, (_, index) => bytes.readUInt16BE(2 * index))
}

/** The registers by which a template knows its device. */
export function fixedWords({ template }: Device): readonly FixedWords[] {
  return (template?.fingerprint?.registers ?? []).map(({ table, address, values, text = '', registers = 16 }) => ({
    ...{ table, address: address - (template?.addressBase ?? 0) },
    words: values ? Uint16Array.of(values[0]!) : textWords(text, registers),
  }))
}

/** A chain of the models that a template reads first, with all that the site does not have as "not there". */
export function sunspecTwin(device: Device): {
  readonly fixed: readonly FixedWords[]
  readonly registers: readonly Register[]
} {
  if (device.sunspec.length === 0) return { fixed: [], registers: [] }
  const [base] = sunspecBases
  const ids = [1, ...new Set(device.sunspec.map(({ spec }) => Number(spec.from[0]!.split('.')[0])))].sort(
    (a, b) => a - b,
  )
  const words: number[] = [0x5375, 0x6e53]
  const models: FoundModel[] = []
  for (const id of ids) {
    const model = sunspecModels.get(id)
    if (!model) continue
    words.push(id, model.length)
    models.push({ id, address: base + words.length, length: model.length })
    words.push(...(id === 1 ? commonWords(model, device) : [...model.points.values()].flatMap(absentWords)))
  }
  words.push(endOfModels, 0)
  return {
    fixed: [{ table: 'holding', address: base, words: Uint16Array.from(words) }],
    registers: device.sunspec.flatMap((use) => registerOf(use, models) ?? []),
  }
}

function commonWords(model: Model, { template, id }: Device): readonly number[] {
  const { maker = 'Mangrove', products = [] } = template?.fingerprint ?? {}
  const texts: Readonly<Record<string, string>> = { Mn: maker, Md: products[0] ?? 'Twin', Vr: '1', SN: id }
  return [...model.points.values()].flatMap((point) =>
    point.type === 'string' ? [...textWords(texts[point.name] ?? '', point.words)] : absentWords(point),
  )
}

/** What a device gives for a point that it does not have. */
function absentWords({ type, words }: ModelPoint): readonly number[] {
  switch (type) {
    case 'string':
    case 'acc32':
    case 'acc64':
    case 'count':
      return new Array<number>(words).fill(0)
    case 'int16':
    case 'int32':
    case 'int64':
    case 'sunssf':
    case 'pad':
      return [0x8000, ...new Array<number>(words - 1).fill(0)]
    case 'float32':
      return [0x7fc0, 0]
    default:
      return new Array<number>(words).fill(0xffff)
  }
}
