import Type, { type Static } from 'typebox'
import { checkValue, MangroveError } from '../../kernel/index.ts'
import { serverErrors } from '../errors.ts'

/** Points that one connection may watch. */
export const maxWatchedPoints = 10_000
/** Bytes of one message of a client: so many points, with their names. */
export const maxMessageBytes = 1_500_000

const points = Type.Optional(
  Type.Array(Type.String({ maxLength: 127 }), {
    minItems: 1,
    maxItems: maxWatchedPoints,
    description: '`<asset>.<point>`; absent: all of the site',
  }),
)
const id = Type.Optional(
  Type.Union([Type.String({ maxLength: 100 }), Type.Integer()], { description: 'Comes back with the answer' }),
)

/** What a client sends. */
export const ClientMessageSchema = Type.Object({
  type: Type.Enum(['subscribe', 'unsubscribe']),
  id,
  site: Type.String({ minLength: 1, maxLength: 200 }),
  topic: Type.Optional(
    Type.Enum(['values', 'alarms'], { description: '`alarms`: what is the matter at the site. Default values' }),
  ),
  points,
})
export type ClientMessage = Static<typeof ClientMessageSchema>

/**
 * Reads one message.
 *
 * @throws `server.bad-message`
 */
export function readMessage(data: string | undefined): ClientMessage {
  const { value, problems } = checkValue(ClientMessageSchema, parsed(data), { root: 'message' })
  if (problems.length === 0) return value as ClientMessage
  throw new MangroveError(problems.slice(0, 10).map((problem) => serverErrors.badMessage.problem(problem)))
}

function parsed(data: string | undefined): unknown {
  try {
    if (data !== undefined) return JSON.parse(data)
  } catch {
    // Told below.
  }
  throw serverErrors.badMessage({ detail: 'A message is one JSON object as text', expected: '{"type":"subscribe",…}' })
}

/** The `id` of a message that could not be used, where it can be told. */
export function idOf(data: string | undefined): string | number | undefined {
  try {
    const found: unknown = (JSON.parse(data ?? '') as { readonly id?: unknown } | null)?.id
    return typeof found === 'string' ? found.slice(0, 100) : typeof found === 'number' ? found : undefined
  } catch {
    return undefined
  }
}
