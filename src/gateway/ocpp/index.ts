export { type ChargingTariff, checkTariff } from './billing/charging-tariff.ts'
export { type BillOutcome, billSession, type SessionBill } from './billing/session-bill.ts'
export {
  type CentralFigures,
  type CentralSystem,
  type CentralSystemOptions,
  createCentralSystem,
  type StationFigures,
} from './central/create-central-system.ts'
export { openFileJournal } from './central/file-journal.ts'
export { type IdToken, TokenRegister } from './central/id-tokens.ts'
export { createMemoryJournal } from './central/memory-journal.ts'
export * from './central/records.ts'
export type { StationBook, StationState, TransactionTally } from './central/station-book.ts'
export { energyWhOf, type Transaction } from './central/transaction.ts'
export * as ocppCommands from './commands/index.ts'
export { ocppErrors } from './errors.ts'
export { ocppProtocol } from './ocpp-protocol.ts'
export { type OcppClient, type OcppPorts, openOcpp } from './open-ocpp.ts'
export type * from './profiles/charging-profile.ts'
export {
  type CompositeQuery,
  type CompositeSchedule,
  compositeSchedule,
  type StationFrame,
} from './profiles/composite-schedule.ts'
export { fallbackProfile, powerOf, rateOf, setpointProfile, type Wiring } from './setpoint-profiles.ts'
export { mostKwOf, type OcppSettings, OcppSettingsSchema } from './settings.ts'
export { chargingOf } from './sharing/charging-section.ts'
export { type ChargingRules, readCharging, type SharedCharger } from './sharing/read-charging.ts'
export { shareLimit } from './sharing/share-limit.ts'
export { type PreparedSite, prepareSite, type SharingSite } from './sharing/sharing-site.ts'
export {
  newSharingState,
  type SharingPace,
  type SharingState,
  type SharingStep,
  stepSharing,
  usualPace,
  type WaitingVehicle,
} from './sharing/step-sharing.ts'
export { createStation, type SimulatedStation } from './station/create-station.ts'
export type { OcppVersion } from './versions.ts'
