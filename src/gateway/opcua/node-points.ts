import { type ProblemDetails, parseDuration } from '../../kernel/index.ts'
import type { FieldGateway } from '../field-protocol.ts'
import { isScaled, type ScaledPoint, scaledPoint } from '../link/scaled-point.ts'
import { type NodeIdText, readNodeId } from './node-id.ts'
import type { OpcuaSettings } from './settings.ts'

/** A node that is a point. */
export interface NodePoint extends ScaledPoint {
  readonly node: NodeIdText
  /** As the site file has it. */
  readonly text: string
  readonly samplingMs: number
}

/** The points of a gateway, and what is wrong with the others. */
export function nodePoints({ settings, unitOf }: FieldGateway<OpcuaSettings>): {
  readonly points: readonly NodePoint[]
  readonly problems: readonly ProblemDetails[]
} {
  const points: NodePoint[] = []
  const problems: ProblemDetails[] = []
  for (const [ref, told] of Object.entries(settings.points)) {
    const use = typeof told === 'string' ? { node: told } : told
    const place = { path: `points.${ref}` }
    const node = readNodeId(use.node)
    if (!node) {
      problems.push({ detail: 'This is no node id', found: use.node, expected: 'ns=2;s=Name, or ns=2;i=1000', place })
      continue
    }
    const point = scaledPoint(ref, use, unitOf)
    if (!isScaled(point)) problems.push({ ...point, place })
    else {
      const samplingMs = parseDuration(use.sampling ?? settings.sampling ?? '1s')
      points.push({ ...point, node, text: use.node, samplingMs })
    }
  }
  return { points, problems }
}
