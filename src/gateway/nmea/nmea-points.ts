import type { ProblemDetails } from '../../kernel/index.ts'
import type { FieldGateway } from '../field-protocol.ts'
import { isMapped, type MappedPoint, mapPoint, type PointUse } from '../link/point-map.ts'
import { type Quantity, quantities, quantityNames } from './quantities.ts'
import type { NmeaSettings } from './settings.ts'

/** The points of quantities: those that are named, and those of the asset that have the names of quantities. */
export function nmeaPoints({ settings, unitOf }: FieldGateway<NmeaSettings>): {
  readonly points: ReadonlyMap<Quantity, MappedPoint>
  readonly problems: readonly ProblemDetails[]
} {
  const points = new Map<Quantity, MappedPoint>()
  const problems: ProblemDetails[] = []
  const named = (settings.points ?? {}) as Readonly<Partial<Record<Quantity, PointUse>>>
  for (const name of quantityNames) {
    const own = named[name]
    const ofAsset = settings.asset === undefined ? undefined : `${settings.asset}.${name}`
    const use = own ?? (ofAsset !== undefined && unitOf(ofAsset) !== undefined ? ofAsset : undefined)
    if (use === undefined) continue
    const point = mapPoint(use, unitOf, quantities[name])
    if (isMapped(point)) points.set(name, point)
    else problems.push({ ...point, place: { path: own === undefined ? 'asset' : `points.${name}` } })
  }
  if (points.size === 0 && problems.length === 0) {
    problems.push({
      ...{ detail: 'No quantity is a point of the site', place: { path: 'asset' } },
      ...(settings.asset === undefined ? {} : { found: settings.asset }),
      expected: `an asset with points such as ${quantityNames.slice(0, 4).join(', ')}`,
    })
  }
  return { points, problems }
}
