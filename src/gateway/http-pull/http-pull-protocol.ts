import type { FieldProtocol } from '../field-protocol.ts'
import { openHttpPull } from './client.ts'
import { httpPullEntry } from './http-pull-entry.ts'
import type { HttpPullSettingsSchema } from './settings.ts'

/** Addresses that are asked again and again, over HTTP or HTTPS. */
export const httpPullProtocol: FieldProtocol<typeof HttpPullSettingsSchema> = {
  ...httpPullEntry,
  open: openHttpPull,
}
