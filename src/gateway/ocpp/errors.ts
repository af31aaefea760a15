import { defineErrors } from '../../kernel/index.ts'

export const ocppErrors = defineErrors('ocpp', {
  badSettings: { status: 422, title: 'The charging stations cannot be set up' },
  badProfile: { status: 422, title: 'The charging profile cannot be used' },
  badMessage: { status: 422, title: 'A message is not as OCPP says' },
  unknownStation: { status: 404, title: 'There is no such charging station' },
  unknownTransaction: { status: 404, title: 'There is no such transaction' },
  noLink: { status: 503, title: 'The charging station is not connected' },
  noAnswer: { status: 504, title: 'The charging station did not answer' },
  refused: { status: 409, title: 'The charging station refused' },
  heldBack: { status: 409, title: 'Something holds this back' },
  unsupported: { status: 422, title: 'The version of OCPP has no such operation' },
  badTariff: { status: 422, title: 'The tariff of charging cannot be used' },
  badLimit: { status: 422, title: 'The limits of charging cannot be used' },
})
