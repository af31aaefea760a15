import { defineErrors } from '../../kernel/index.ts'

/** What can go wrong with sentences, besides what every protocol knows (`gatewayErrors`). */
export const nmeaErrors = defineErrors('gateway', {
  badSentence: { status: 502, title: 'A sentence cannot be understood' },
})
