import { makeRegister } from '../registers/register.ts'
import { readValue, scaleFactorOf } from '../registers/register-value.ts'
import { mostRegistersRead } from '../wire/pdu.ts'
import { entryOf } from './find-registers.ts'
import { sunspecModels } from './models.ts'
import { type Ask, type FoundModel, readHolding } from './walk-models.ts'

/**
 * All numbers of the fixed block of a model that a device has, in the units of SunSpec; what it does not have is left out. Empty
 * where the house does not know the model, or the device does not give it.
 */
export async function readModel(ask: Ask, found: FoundModel): Promise<ReadonlyMap<string, number>> {
  const values = new Map<string, number>()
  const model = sunspecModels.get(found.id)
  if (!model) return values
  const length = Math.min(found.length, model.length)
  const words = new Uint16Array(length)
  for (let from = 0; from < length; from += mostRegistersRead) {
    const read = await readHolding(ask, found.address + from, Math.min(mostRegistersRead, length - from))
    if (read.kind !== 'words') return values
    words.set(read.words, from)
  }
  for (const point of model.points.values()) {
    const entry = point.offset + point.words > length ? undefined : entryOf(point, found, undefined)
    const register = entry && makeRegister(entry, { ref: point.name, unit: point.unit }, { periodMs: 1 })
    if (!register || !('ref' in register)) continue
    const factor = model.points.get(point.scaleFactor ?? '')
    const power = factor ? scaleFactorOf(words[factor.offset] ?? 0x8000) : 0
    if (power === undefined) continue
    const { value } = readValue(register, words, point.offset, power)
    if (!Number.isNaN(value)) values.set(point.name, value)
  }
  return values
}
