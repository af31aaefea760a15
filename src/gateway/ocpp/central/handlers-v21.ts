import { handlersV201 } from './handlers-v201.ts'
import { notice, notices } from './notice-handlers.ts'
import { type Handlers, isoTime, type Scene } from './scene.ts'

/** What OCPP 2.1 adds: kept as it was told. What the house does not offer is refused in the words of the version. */
export const handlersV21: Handlers = {
  ...handlersV201,
  ...notices([
    'BatterySwap',
    'ClosePeriodicEventStream',
    'NotifyDERAlarm',
    'NotifyDERStartStop',
    'NotifyPriorityCharging',
  ]),
  ...notices(['NotifySettlement', 'NotifyWebPaymentStarted', 'ReportDERControl']),
  OpenPeriodicEventStream: () => ({ answer: { status: 'Rejected' } }),
  PullDynamicScheduleUpdate: () => ({ answer: { status: 'Rejected' } }),
  VatNumberValidation: ({ vatNumber }: { vatNumber: string }, scene: Scene) =>
    notice('VatNumberValidation', { vatNumber }, scene, { vatNumber, status: 'Rejected' }),
  GetCertificateChainStatus: (
    { certificateStatusRequests }: { certificateStatusRequests: readonly CertificateRequest[] },
    { nowMs }: Scene,
  ) => ({
    answer: {
      certificateStatus: certificateStatusRequests.map(({ certificateHashData, source }) => ({
        certificateHashData,
        source,
        status: 'Failed',
        nextUpdate: isoTime(nowMs),
      })),
    },
  }),
}

interface CertificateRequest {
  readonly certificateHashData: unknown
  readonly source: string
}
