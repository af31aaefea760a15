import { quality } from '../../../kernel/index.ts'
import type { FieldReading } from '../../field-protocol.ts'
import { connectorStatuses, type StatusRecord } from './records.ts'
import { assetOf, type ConfiguredStation } from './scene.ts'

/** The point `status` of the asset behind a connector: index in {@link connectorStatuses}. */
export function statusReadings(station: ConfiguredStation, { evseId, status, atMs }: StatusRecord): FieldReading[] {
  const value = connectorStatuses.indexOf(status)
  const assets = evseId === 0 ? [] : [assetOf(station, evseId)]
  return assets
    .filter((asset) => asset !== undefined)
    .map((asset) => ({ ref: `${asset}.status`, timestampMs: atMs, value, quality: quality.good, unit: '1' }))
}
