import { createRequire } from 'node:module'
import { createValidator } from 'ocpp-rpc'
import { handlersV16 } from './central/handlers-v16.ts'
import { handlersV21 } from './central/handlers-v21.ts'
import { handlersV201 } from './central/handlers-v201.ts'
import type { Handlers } from './central/scene.ts'

/** Subprotocols of the WebSocket, the best one first. */
export const ocppVersions = ['ocpp2.1', 'ocpp2.0.1', 'ocpp1.6'] as const
export type OcppVersion = (typeof ocppVersions)[number]

export const isOcppVersion = (text: string | undefined): text is OcppVersion =>
  (ocppVersions as readonly (string | undefined)[]).includes(text)

export const handlersOf: Readonly<Record<OcppVersion, Handlers>> = {
  'ocpp1.6': handlersV16,
  'ocpp2.0.1': handlersV201,
  'ocpp2.1': handlersV21,
}

const load = createRequire(import.meta.url)
const schemasV21 = load('ocpp-rpc/lib/schemas/ocpp2_1.json') as { readonly $id: string }[]

/**
 * Schemas of OCPP 2.1 under the names that the library looks for. It carries them as `urn:…Request` and asks for `urn:….req`,
 * so that its own validator refuses every message of 2.1.
 */
export const validatorV21 = createValidator(
  'ocpp2.1',
  schemasV21.map((schema) => ({
    ...schema,
    $id: schema.$id.replace(/Request$/, '.req').replace(/Response$/, '.conf'),
  })),
)
