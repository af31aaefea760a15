import { type AskParts, type ObjectValues, readObjects, readOneByOne, type Told } from './ask-device.ts'
import { property } from './object-id.ts'
import type { ObjectPoint } from './object-points.ts'

/** What is known of a point while the link is open. */
export interface PolledPoint {
  readonly point: ObjectPoint
  /** When it is asked next, on a clock that no one sets. */
  dueMs: number
  /** Whether its unit still has to be read. */
  wantsUnit: boolean
  /** Whether the device sends its changes. */
  subscribed: boolean
  /** Whether the device sends no changes of it. */
  refusesCov: boolean
}

/** What became of a read: values by point, or why there are none. */
export type Polled =
  | { readonly kind: 'values'; readonly one: PolledPoint; readonly values: ObjectValues }
  | { readonly kind: 'refused'; readonly one: PolledPoint; readonly why: string }

export interface PollMode {
  /** Objects in one request; it shrinks where a device cannot answer to so many. */
  size: number
  /** Whether the device reads several properties at once. */
  several: boolean
}

const wantedOf = ({ wantsUnit }: PolledPoint): readonly number[] => [
  ...[property.presentValue, property.statusFlags, property.reliability],
  ...(wantsUnit ? [property.units] : []),
]

/**
 * Reads points in few requests. A request that the device refuses is halved; one object that it refuses still is read property by
 * property, as it is by devices that know nothing else.
 */
export async function pollObjects(
  parts: AskParts,
  due: readonly PolledPoint[],
  mode: PollMode,
): Promise<Told<readonly Polled[]>> {
  const polled: Polled[] = []
  const rest = [...due]
  while (rest.length > 0) {
    const some = rest.splice(0, mode.several ? mode.size : 1)
    const told = mode.several
      ? await readObjects(
          parts,
          some.map((one) => ({ object: one.point.object, properties: wantedOf(one) })),
        )
      : undefined
    if (told?.kind === 'told') {
      for (const [index, one] of some.entries()) {
        const values = told.value[index]!
        if (values.has(property.presentValue)) polled.push({ kind: 'values', one, values })
        else polled.push({ kind: 'refused', one, why: 'the device has no value of it' })
      }
      continue
    }
    if (told?.kind === 'silent') return told
    if (some.length > 1) {
      mode.size = Math.ceil(some.length / 2)
      rest.unshift(...some)
      continue
    }
    const [one] = some as [PolledPoint]
    const single = await readOneByOne(parts, one.point.object, wantedOf(one))
    if (single.kind === 'silent') return single
    if (single.kind === 'refused') polled.push({ kind: 'refused', one, why: single.why })
    else {
      polled.push({ kind: 'values', one, values: single.value })
      // It answers to one property, and refuses several of the same object.
      if (told) mode.several = false
    }
  }
  return { kind: 'told', value: polled }
}
