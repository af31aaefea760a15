import { type ProblemDetails, parseDuration } from '../../kernel/index.ts'
import type { FieldGateway } from '../field-protocol.ts'
import { isScaled, type ScaledPoint, scaledPoint } from '../link/scaled-point.ts'
import { type ObjectId, readObjectId } from './object-id.ts'
import { type BacnetSettings, type ObjectUse, usualPriority } from './settings.ts'

/** An object that is a point. */
export interface ObjectPoint {
  readonly ref: string
  /** Of the point. */
  readonly unit: string
  readonly object: ObjectId
  /** As the site file has it. */
  readonly text: string
  readonly use: ObjectUse
  readonly priority: number
  readonly cov: boolean
  readonly periodMs: number
  /** As the settings say; the unit that the device tells may change it. */
  readonly scaled: ScaledPoint
}

/** The points of a gateway, and what is wrong with the others. */
export function objectPoints({ settings, unitOf }: FieldGateway<BacnetSettings>): {
  readonly points: readonly ObjectPoint[]
  readonly problems: readonly ProblemDetails[]
} {
  const points: ObjectPoint[] = []
  const problems: ProblemDetails[] = []
  for (const [ref, told] of Object.entries(settings.points)) {
    const use = typeof told === 'string' ? { object: told } : told
    const place = { path: `points.${ref}` }
    const object = readObjectId(use.object)
    const scaled = scaledPoint(ref, use, unitOf)
    if (!object) problems.push({ detail: 'This is no object', found: use.object, expected: 'analog-input:1', place })
    else if (!isScaled(scaled)) problems.push({ ...scaled, place })
    else {
      points.push({
        ...{ ref, unit: scaled.unit, object, text: use.object, use, scaled },
        priority: use.priority ?? settings.priority ?? usualPriority,
        cov: use.cov ?? settings.cov ?? true,
        periodMs: parseDuration(use.period ?? settings.period ?? '10s'),
      })
    }
  }
  return { points, problems }
}
