import type { FieldProtocol } from './field-protocol.ts'

/** The protocols that a gateway of a site may speak. */
// biome-ignore lint/suspicious/noExplicitAny: protocols of unlike settings stand in one list; each reads its own by its schema
export const fieldProtocols: readonly FieldProtocol<any>[] = []
