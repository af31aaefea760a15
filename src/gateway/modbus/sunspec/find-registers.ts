import { MangroveError } from '../../../kernel/index.ts'
import type { Device, SunspecUse } from '../devices/resolve-device.ts'
import { modbusErrors } from '../errors.ts'
import { makeRegister, type Register } from '../registers/register.ts'
import type { RegisterEntry, RegisterType } from '../registers/register-schema.ts'
import { type ModelPoint, type SunspecType, sunspecModels } from './models.ts'
import { type Ask, type FoundModel, walkModels } from './walk-models.ts'

export type FoundRegisters =
  | { readonly kind: 'found'; readonly registers: readonly Register[]; readonly absent: readonly SunspecUse[] }
  | { readonly kind: 'silent'; readonly why: string }

/**
 * The registers of the points that a template names by model and field, in the models that the device has.
 *
 * @throws `gateway.no-sunspec` where it has none
 */
export async function findRegisters(device: Device, ask: Ask): Promise<FoundRegisters> {
  const walk = await walkModels(ask)
  if (walk.kind === 'silent') return walk
  if (walk.kind === 'none') {
    throw modbusErrors.noSunspec({
      detail: `${device.id} has no marker "SunS"`,
      found: `unit ${device.unitId}`,
      expected: 'a device with SunSpec switched on, its marker at 40000, 0 or 50000',
    })
  }
  const registers: Register[] = []
  const absent: SunspecUse[] = []
  for (const use of device.sunspec) {
    const register = registerOf(use, walk.models)
    if (register) registers.push(register)
    else absent.push(use)
  }
  return { kind: 'found', registers, absent }
}

const typeOf: Readonly<Partial<Record<SunspecType, RegisterType>>> = {
  ...{ uint16: 'u16', count: 'u16', int16: 'i16', enum16: 'enum', bitfield16: 'bits', uint32: 'u32', int32: 'i32' },
  ...{ acc32: 'u32', bitfield32: 'u32', float32: 'f32', uint64: 'u64', acc64: 'u64', int64: 'i64' },
}

/** The register of a point in the first model that has it; undefined where none has. */
export function registerOf(use: SunspecUse, models: readonly FoundModel[]): Register | undefined {
  for (const from of use.spec.from) {
    const [id, field = ''] = from.split('.')
    const model = models.find((one) => one.id === Number(id))
    const known = model && sunspecModels.get(model.id)
    const point = known?.points.get(field)
    if (!model || !known || !point || point.offset + point.words > model.length) continue
    const entry = entryOf(point, model, known.points.get(point.scaleFactor ?? '')?.offset)
    const written = use.spec.write === undefined ? {} : { write: use.spec.write }
    const made = entry && makeRegister({ ...entry, ...written }, use, { periodMs: use.periodMs })
    if (made && 'ref' in made) return made
    if (made) throw new MangroveError(made.map((one) => modbusErrors.badRegister.problem(one)))
  }
  return undefined
}

/** What a point of a model is in its registers; undefined where it is no number. */
export function entryOf(
  { type: written, name, offset, unit }: ModelPoint,
  model: FoundModel,
  scaleFactorOffset: number | undefined,
): RegisterEntry | undefined {
  const type = typeOf[written]
  if (type === undefined) return undefined
  return {
    ...{ point: name, address: model.address + offset, type, unit },
    // An accumulator says 0 for "not there" (data types acc32 and acc64); the others by their type.
    missing: written === 'acc32' || written === 'acc64' ? [0] : 'sunspec',
    ...(scaleFactorOffset === undefined ? {} : { scaleFactor: model.address + scaleFactorOffset }),
  }
}
