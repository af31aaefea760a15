import type { ProblemDetails } from '../../kernel/index.ts'
import type { FieldGateway } from '../field-protocol.ts'
import type { OcppSettings } from './settings.ts'

/** What the schema of the settings cannot say. */
export function checkSettings({ site, settings, unitOf }: FieldGateway<OcppSettings>): readonly ProblemDetails[] {
  const problems: ProblemDetails[] = []
  const { security = 1, stations } = settings
  const need = (field: keyof OcppSettings): void => {
    if (settings[field] === undefined) {
      problems.push({
        detail: `Security profile ${security} needs ${field}`,
        place: { path: field },
        expected: 'a file',
      })
    }
  }
  if (security >= 2) need('certificateFile')
  if (security >= 2) need('keyFile')
  if (security === 3) need('stationCaFile')
  const { host = '127.0.0.1' } = settings
  if (security === 0 && !isLoopback(host)) {
    problems.push({
      detail: 'Without passwords the door is open to this machine only',
      place: { path: 'security' },
      found: 0,
      expected: '1, 2 or 3, or an address of loopback',
    })
  }
  const assets = new Set(site.assets.map(({ id }) => id))
  const ids = new Set<string>()
  const taken = new Set<string>()
  for (const [index, station] of stations.entries()) {
    const path = `stations.${index}`
    if (ids.has(station.id)) problems.push({ detail: 'Two stations have one name', place: { path }, found: station.id })
    ids.add(station.id)
    const { password } = station
    const ways = [password?.file, password?.variable].filter(Boolean).length
    if ((security === 1 || security === 2) && ways !== 1) {
      problems.push({
        detail: `${station.id} needs one place that its password comes from`,
        place: { path: `${path}.password` },
        expected: '{ file: … } or { variable: … }',
      })
    }
    const evses = new Set<number>()
    for (const { id, asset } of station.evses) {
      if (evses.has(id)) problems.push({ detail: 'Two EVSEs have one number', place: { path }, found: id })
      evses.add(id)
      if (asset === undefined) continue
      if (!assets.has(asset) && unitOf(`${asset}.powerKw`) === undefined) {
        problems.push({
          detail: 'The site has no such asset, and `points` declares no power of such a group',
          place: { path: `${path}.evses` },
          found: asset,
          expected: [...assets].join(', '),
        })
      }
      if (taken.has(asset)) problems.push({ detail: 'Two EVSEs are one asset', place: { path }, found: asset })
      taken.add(asset)
    }
  }
  return problems
}

export const isLoopback = (host: string): boolean => host === 'localhost' || host === '::1' || host.startsWith('127.')
