import { notice } from './notice-handlers.ts'
import type { Outcome, Scene } from './scene.ts'

interface Data {
  readonly vendorId: string
  readonly messageId?: string
  readonly data?: unknown
}

/** Data of a vendor: kept, and answered by who knows the vendor. */
export function dataTransfer(params: Data, scene: Scene): Outcome {
  const answer = scene.dataTransfer?.({ stationId: scene.station.id, ...params }) ?? { status: 'UnknownVendorId' }
  return notice('DataTransfer', params, scene, { ...answer })
}
