import type { FeatureCollection, Geometry } from 'geojson'
import { feature } from 'topojson-client'
import type { GeometryCollection, Topology } from 'topojson-specification'
import landUrl from 'world-atlas/land-50m.json?url'

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

/** Lines of equal latitude and longitude, every so many degrees. */
export function graticule(everyDegrees: number): Land {
  const lines: [number, number][][] = []
  for (let longitude = -180; longitude <= 180; longitude += everyDegrees) {
    lines.push(Array.from({ length: 33 }, (_, k) => [longitude, -80 + k * 5] as [number, number]))
  }
  for (let latitude = -80; latitude <= 80; latitude += everyDegrees) {
    lines.push(Array.from({ length: 73 }, (_, k) => [-180 + k * 5, latitude] as [number, number]))
  }
  return {
    type: 'FeatureCollection',
    features: [{ type: 'Feature', properties: {}, geometry: { type: 'MultiLineString', coordinates: lines } }],
  }
}
