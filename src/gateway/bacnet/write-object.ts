import { gatewayErrors } from '../errors.ts'
import type { FieldWrite } from '../field-protocol.ts'
import { type AskParts, ask, readOneByOne } from './ask-device.ts'
import { property, tagOf } from './object-id.ts'
import type { ObjectPoint } from './object-points.ts'
import { readState, tag } from './read-state.ts'

/** A value as an object of a type holds it; undefined where it cannot. */
export function holdValue(valueTag: number, raw: number): number | undefined {
  if (!Number.isFinite(raw)) return undefined
  switch (valueTag) {
    case tag.real: {
      const held = Math.fround(raw)
      return Number.isFinite(held) ? held : undefined
    }
    case tag.double:
      return raw
    case tag.enumerated:
      return raw === 0 || raw === 1 ? raw : undefined
    case tag.signed: {
      const held = Math.round(raw)
      return Math.abs(held) < 2 ** 31 ? held : undefined
    }
    default: {
      const held = Math.round(raw)
      return held >= 0 && held < 2 ** 32 ? held : undefined
    }
  }
}

/**
 * Writes a setpoint with the priority of its point, or takes ours back (null), and reads what the object goes by then: a higher
 * priority of somebody else shows in the value that is read back.
 *
 * @throws `gateway.write-refused` with the device's own words; `gateway.no-link` when it is not known whether it was written
 */
export async function writeObject(
  { ref, object, priority, use }: ObjectPoint,
  scaled: ObjectPoint['scaled'],
  value: number,
  parts: AskParts & { nowMs(): number },
): Promise<FieldWrite> {
  const takesBack = use.relinquish !== undefined && value === use.relinquish
  const valueTag = takesBack ? tag.null : tagOf(object)
  const held = takesBack ? 0 : holdValue(valueTag, scaled.toRaw(value))
  if (held === undefined) {
    throw gatewayErrors.writeRefused({ detail: `The object of ${ref} cannot hold the value`, found: value })
  }
  const values = [{ type: valueTag, value: takesBack ? null : held }] as never
  const { stack, device, nowMs } = parts
  const told = await ask({ retries: 0 }, () =>
    stack.writeProperty(device, { ...object }, property.presentValue, values, { priority }),
  )
  if (told.kind === 'refused') {
    throw gatewayErrors.writeRefused({ detail: `${ref} was not written; the device says: ${told.why}`, found: value })
  }
  if (told.kind === 'silent') {
    throw gatewayErrors.noLink({
      ...{ detail: `Whether ${ref} was written is not known: the device did not say so`, found: told.why },
    })
  }
  const acknowledgedMs = nowMs()
  const back = await readOneByOne(parts, object, [property.presentValue])
  const [presentValue] = back.kind === 'told' ? (back.value.get(property.presentValue) ?? []) : []
  const raw = readState({ presentValue }).raw
  return {
    ...{ ref, acknowledgedMs, written: takesBack ? value : scaled.fromRaw(held) },
    readBack: Number.isNaN(raw) ? undefined : scaled.fromRaw(raw),
  }
}
