import type { FeatureCollection, Geometry, Position } from 'geojson'
import { feature } from 'topojson-client'
import type { GeometryCollection, Topology } from 'topojson-specification'
import landUrl from 'world-atlas/land-50m.json?url'
import type { Place } from './map-view.ts'

export type Land = FeatureCollection<Geometry>

/**
 * Land of the earth at 1:50 million, out of the package that comes with the console: no server of maps is asked. Coasts alone,
 * for a line between countries would be a statement.
 */
export async function fetchLand(): Promise<Land> {
  const answer = await fetch(landUrl)
  if (!answer.ok) throw new Error(`${landUrl}: ${answer.status}`)
  const topology = (await answer.json()) as Topology<{ land: GeometryCollection }>
  return feature(topology, topology.objects.land)
}

/** The outlines of all land. */
export const coastsOf = (land: Land): readonly (readonly Position[])[] =>
  land.features.flatMap(({ geometry }) => {
    if (geometry.type === 'MultiPolygon') return geometry.coordinates.flat()
    return geometry.type === 'Polygon' ? geometry.coordinates : []
  })

/** The point of any coast that is nearest to a place; distances by the cosine of its latitude, which is enough to look for it. */
export function nearestCoast(land: Land, { latitude, longitude }: Place): Place | undefined {
  const squeeze = Math.cos((latitude * Math.PI) / 180)
  let nearest: Place | undefined
  let least = Number.POSITIVE_INFINITY
  for (const [east = 0, north = 0] of coastsOf(land).flat()) {
    const far = ((east - longitude) * squeeze) ** 2 + (north - latitude) ** 2
    if (far >= least) continue
    least = far
    nearest = { latitude: north, longitude: east }
  }
  return nearest
}
