import { conversion } from '../../kernel/index.ts'
import type { FieldGateway } from '../field-protocol.ts'
import type { SparkplugSettings } from './settings.ts'

/** A metric that is a point, and how its values become those of the point. */
export interface MetricPoint {
  readonly ref: string
  readonly unit: string
  readonly node: string
  readonly device: string | undefined
  readonly metric: string
  readonly write: boolean
  readonly scale: number
  readonly offset: number
}

/** Finds the point of a metric; undefined where the site has none for it. */
export type PointOfMetric = (node: string, device: string | undefined, metric: string) => MetricPoint | undefined

const keyOf = (node: string, device: string | undefined, metric: string): string => `${node}/${device ?? ''}/${metric}`

/** Points of a gateway by what its settings say: one by one, else by the pattern. @throws what `conversion` throws */
export function metricPoints({ settings, unitOf }: FieldGateway<SparkplugSettings>) {
  const byRef = new Map<string, MetricPoint>()
  const byKey = new Map<string, MetricPoint>()
  for (const [ref, { node, device, metric, unit: told, write = false }] of Object.entries(settings.points ?? {})) {
    const unit = unitOf(ref)
    if (unit === undefined) continue
    const { scale, offset } = conversion(told ?? unit, unit)
    const point = { ref, unit, node, device, metric, write, scale, offset }
    byRef.set(ref, point)
    byKey.set(keyOf(node, device, metric), point)
  }
  const named = settings.pattern === undefined ? undefined : readPattern(settings.pattern)
  const pointOf: PointOfMetric = (node, device, metric) => {
    const key = keyOf(node, device, metric)
    const known = byKey.get(key)
    if (known || !named) return known
    const ref = named(key)
    const unit = ref === undefined ? undefined : unitOf(ref)
    if (ref === undefined || unit === undefined || byRef.has(ref)) return undefined
    return { ref, unit, node, device, metric, write: false, scale: 1, offset: 0 }
  }
  return { pointOf, byRef }
}

/** `+/{asset}/{point}` as what reads `<asset>.<point>` from node, device and metric. */
function readPattern(pattern: string): (key: string) => string | undefined {
  const source = pattern
    .split('/')
    .map((level) =>
      level === '+'
        ? '[^/]*'
        : level.replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(/\{(asset|point)\}/g, '(?<$1>[^/.]+)'),
    )
  const form = new RegExp(`^${source.join('/')}$`, 'u')
  return (key) => {
    const { asset, point } = form.exec(key)?.groups ?? {}
    return asset === undefined || point === undefined ? undefined : `${asset}.${point}`
  }
}
