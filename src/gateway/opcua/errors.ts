import { defineErrors } from '../../kernel/index.ts'

/** What can go wrong with a server of OPC UA, besides what every protocol knows (`gatewayErrors`). */
export const opcuaErrors = defineErrors('gateway', {
  untrustedServer: { status: 502, title: 'The server is not the one that is known' },
  noEndpoint: { status: 502, title: 'The server offers no such security' },
  badNode: { status: 422, title: 'A node cannot be read so' },
})
