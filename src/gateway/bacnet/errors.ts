import { defineErrors } from '../../kernel/index.ts'

/** What can go wrong with a device on BACnet, besides what every protocol knows (`gatewayErrors`). */
export const bacnetErrors = defineErrors('gateway', {
  badObject: { status: 422, title: 'An object cannot be read so' },
})
