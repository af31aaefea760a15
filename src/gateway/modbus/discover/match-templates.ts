import type { Fingerprint, Template } from '../devices/template.ts'
import type { Ask, FoundModel } from '../sunspec/walk-models.ts'
import { printable, readRequest, readWords } from '../wire/pdu.ts'

export interface Traces {
  /** Of the device identification. */
  readonly objects: ReadonlyMap<number, string>
  readonly models: readonly FoundModel[]
  readonly ratings: Readonly<Record<string, number>>
  readonly ask: Ask
}

/** Templates that fit a device: those with a fingerprint of its own before those of SunSpec. */
export async function matchTemplates(templates: readonly Template[], traces: Traces): Promise<readonly string[]> {
  const own: string[] = []
  for (const template of templates) {
    if (template.fingerprint && (await fits(template, template.fingerprint, traces))) own.push(template.id)
  }
  return [...own, ...sunspecTemplates(traces)]
}

/** The templates for the models of a device. A storage model counts where it says what is stored: many inverters carry an empty one. */
export function sunspecTemplates({ models, ratings }: Pick<Traces, 'models' | 'ratings'>): readonly string[] {
  const has = (...ids: readonly number[]): boolean => models.some(({ id }) => ids.includes(id))
  const stores = (ratings['713.WHRtg'] ?? 0) > 0 || (ratings['124.WChaMax'] ?? 0) > 0
  const converts = has(101, 102, 103, 111, 112, 113, 701)
  return [
    ...(stores ? ['sunspec-battery'] : converts ? ['sunspec-inverter'] : []),
    ...(has(201, 202, 203, 204) ? ['sunspec-meter'] : []),
  ]
}

async function fits(template: Template, fingerprint: Fingerprint, { objects, ask }: Traces): Promise<boolean> {
  const { maker, products, registers = [] } = fingerprint
  const includes = (text: string, part: string): boolean => text.toLowerCase().includes(part.toLowerCase())
  if (maker !== undefined && !includes(objects.get(0) ?? '', maker)) return false
  if (products) {
    const names = [1, 4, 5].map((id) => objects.get(id) ?? '')
    if (!products.some((part) => names.some((name) => includes(name, part)))) return false
  }
  for (const { table, address, values, text, registers: count = 16 } of registers) {
    const words = values ? 1 : count
    const answer = await ask(readRequest(table, address - (template.addressBase ?? 0), words))
    const read = answer.kind === 'answer' ? readWords(answer.pdu, table, words) : undefined
    if (!read) return false
    if (values && !values.includes(read[0]!)) return false
    if (text !== undefined && !includes(textOf(read), text)) return false
  }
  return true
}

function textOf(words: Uint16Array): string {
  const bytes = Buffer.alloc(2 * words.length)
  for (const [index, word] of words.entries()) bytes.writeUInt16BE(word, 2 * index)
  return printable(bytes)
}
