export { type EvseNow, evseUid, locationOf, statusWords } from './location.ts'
export {
  chargingTariff,
  type Roaming,
  type RoamingCharger,
  type RoamingEvse,
  roamingEvses,
  roamingOf,
  roamingSection,
} from './roaming-section.ts'
export {
  type Cdr,
  CdrSchema,
  type CdrToken,
  type Credentials,
  CredentialsSchema,
  type Location,
  LocationSchema,
  ResponseSchema,
  type Session,
  SessionSchema,
  type Tariff,
  TariffSchema,
  type Token,
  TokenSchema,
  tokenTypes,
  VersionDetailsSchema,
  VersionsSchema,
} from './schemas.ts'
export { type CdrOutcome, cdrOf, type RoamingTransaction, sessionId, sessionOf } from './session.ts'
export { tariffOf } from './tariff.ts'
export { ocpiId, ocpiTime, readOcpiTime } from './words.ts'
