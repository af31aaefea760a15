export type { Backups, StoreStatus } from './backup/create-backups.ts'
export {
  backupNamePattern,
  type FoundBackup,
  listBackups,
  nameOfMoment,
  sweepHalfBackups,
} from './backup/list-backups.ts'
export type { BackupManifest } from './backup/manifest.ts'
export { type RestoreTarget, restoreBackup } from './backup/restore-backup.ts'
export { type BackupCheck, verifyBackup } from './backup/verify-backup.ts'
export type { DamagedEvidence, StoreCheck } from './backup/verify-store.ts'
export * from './blobs.ts'
export * from './checkpoints.ts'
export * from './documents.ts'
export { storeErrors } from './errors.ts'
export * from './evidence.ts'
export * from './file-data.ts'
export { maxNewsBytes, type News, noNews } from './news.ts'
export type { PointBuckets } from './observations/buckets.ts'
export { batchOf } from './observations/check-batch.ts'
export { isAhead } from './observations/clock-ahead.ts'
export type { BatchSeries, ObservationBatch } from './observations/observation-batch.ts'
export type { PointRules } from './observations/observation-tables.ts'
export * from './observations/observation-types.ts'
export type { ReceivedPage, ReceivedRequest } from './observations/read-received.ts'
export * from './open-store.ts'
export * from './records.ts'
export type { ListedRun, RunList, RunListRequest, RunPlace } from './run-list.ts'
export type { StoreFigures, Upkeep, UpkeepTurn } from './upkeep.ts'
