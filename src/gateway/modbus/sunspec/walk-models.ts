import type { Answer } from '../wire/link.ts'
import { mostRegistersRead, printable, readRequest, readWords } from '../wire/pdu.ts'
import { sunspecModels } from './models.ts'

/** A model as it was found in a device. */
export interface FoundModel {
  readonly id: number
  /** Of its first register after id and length. */
  readonly address: number
  /** Registers after id and length. */
  readonly length: number
}

/** Asks the unit at hand. */
export type Ask = (pdu: Buffer) => Promise<Answer>

export type Walk =
  | { readonly kind: 'models'; readonly base: number; readonly models: readonly FoundModel[] }
  /** It answers, but has no marker where SunSpec puts it. */
  | { readonly kind: 'none' }
  | { readonly kind: 'silent'; readonly why: string }

/** Where the marker `SunS` may stand (SunSpec Device Information Model Specification V1.1, 6.1). */
export const sunspecBases = [40_000, 0, 50_000] as const
const marker = [0x5375, 0x6e53] as const
export const endOfModels = 0xffff
/** A chain that goes on longer is none. */
const mostModels = 200

/** Finds the marker and follows the chain of models to its end. A chain that breaks off gives the models up to there. */
export async function walkModels(ask: Ask): Promise<Walk> {
  for (const base of sunspecBases) {
    const head = await readHolding(ask, base, 2)
    if (head.kind === 'silent') return head
    if (head.kind !== 'words' || head.words[0] !== marker[0] || head.words[1] !== marker[1]) continue
    const models: FoundModel[] = []
    for (let address = base + 2; models.length < mostModels && address < 65_534; ) {
      const next = await readHolding(ask, address, 2)
      if (next.kind === 'silent') return next
      if (next.kind !== 'words') break
      const [id = endOfModels, length = 0] = next.words
      if (id === endOfModels || address + 2 + length > 65_536) break
      models.push({ id, address: address + 2, length })
      address += 2 + length
    }
    return { kind: 'models', base, models }
  }
  return { kind: 'none' }
}

/** Maker, model, version and serial number of a device from its common model; empty texts where it does not say. */
export async function readCommon(
  ask: Ask,
  models: readonly FoundModel[],
): Promise<Readonly<Record<'maker' | 'model' | 'version' | 'serial', string>>> {
  const common = models.find(({ id }) => id === 1)
  const texts = sunspecModels.get(1)!.points
  const read = common && (await readHolding(ask, common.address, Math.min(common.length, mostRegistersRead)))
  const text = (name: string): string => {
    if (read?.kind !== 'words') return ''
    const { offset, words } = texts.get(name)!
    const bytes = Buffer.alloc(2 * words)
    for (let index = 0; index < words; index += 1) bytes.writeUInt16BE(read.words[offset + index] ?? 0, 2 * index)
    return printable(bytes)
  }
  return { maker: text('Mn'), model: text('Md'), version: text('Vr'), serial: text('SN') }
}

type Read =
  | { readonly kind: 'words'; readonly words: Uint16Array }
  | { readonly kind: 'refused' }
  | { readonly kind: 'silent'; readonly why: string }

export async function readHolding(ask: Ask, address: number, count: number): Promise<Read> {
  const answer = await ask(readRequest('holding', address, count))
  if (answer.kind === 'exception') {
    return answer.code >= 10 ? { kind: 'silent', why: `gateway exception ${answer.code}` } : { kind: 'refused' }
  }
  if (answer.kind !== 'answer') return { kind: 'silent', why: answer.kind === 'timeout' ? 'no answer' : answer.kind }
  const words = readWords(answer.pdu, 'holding', count)
  return words ? { kind: 'words', words } : { kind: 'refused' }
}
