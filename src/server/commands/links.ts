import type { SetpointRule } from '../../commands/index.ts'
import { type FieldWrite, gatewayErrors } from '../../gateway/index.ts'
import type { FieldLink } from '../field/create-field.ts'

/** The link that takes a setpoint: the one that its rule names, or the first whose map has it; undefined where none does. */
export function linkOf(
  links: readonly FieldLink[],
  site: string,
  { ref, gateway }: Pick<SetpointRule, 'ref' | 'gateway'>,
): FieldLink | undefined {
  return links.find(({ site: own, id, client }) => {
    if (own !== site || !client.write || (gateway !== null && gateway !== id)) return false
    return client.writes?.(ref) ?? true
  })
}

/** Longer than any protocol waits for its own answer. */
const patienceMs = 15_000

/**
 * Writes a setpoint, and does not wait for ever.
 *
 * @throws what the client throws; `gateway.no-link` where it says nothing
 */
export async function writeThrough({ id, client }: FieldLink, ref: string, value: number): Promise<FieldWrite> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(
    () =>
      late.reject(
        gatewayErrors.noLink({
          detail: `The gateway ${id} gave no answer`,
          expected: `one within ${patienceMs / 1000} s`,
        }),
      ),
    patienceMs,
  )
  timer.unref()
  try {
    return await Promise.race([client.write!(ref, value), late.promise])
  } finally {
    clearTimeout(timer)
  }
}
