import { defineErrors } from '../../kernel/index.ts'

/** What can go wrong with a device on Modbus, besides what every protocol knows (`gatewayErrors`). */
export const modbusErrors = defineErrors('gateway', {
  noAnswer: { status: 504, title: 'The device does not answer' },
  deviceRefused: { status: 502, title: 'The device refuses a request' },
  badTemplate: { status: 422, title: 'A device template cannot be used' },
  unknownTemplate: { status: 422, title: 'A device template is not known' },
  badRegister: { status: 422, title: 'A register cannot be read so' },
  noSunspec: { status: 502, title: 'The device has no SunSpec models' },
})
