import { MangroveError, type ProblemDetails, type SectionPoints, type Site } from '../../../kernel/index.ts'
import type { RateUnit } from '../profiles/charging-profile.ts'
import { mostKwOf, type OcppSettings } from '../settings.ts'
import { type ChargingSection, chargingOf } from './charging-section.ts'
import { type PreparedSite, prepareSite, type SharingCharger } from './sharing-site.ts'
import { type SharingPace, usualPace } from './step-sharing.ts'

/** A charger of a site that shares, in the order of the sharing. */
export interface SharedCharger extends SharingCharger {
  readonly stationId: string
  readonly evseId: number
  /** Unit of its limits. */
  readonly unit: RateUnit
  /** Owner of its points; undefined where the site names none. */
  readonly owner: string | undefined
}

/** What chargers of a site share, ready to be stepped. */
export interface ChargingRules {
  readonly gateway: string
  readonly asset: string | undefined
  /** Point of the power of the connection, kW, + imports. */
  readonly meter: string
  readonly meterStaleMs: number
  readonly voltageV: number
  readonly chargers: readonly SharedCharger[]
  readonly site: PreparedSite
  readonly pace: SharingPace
  /** Of a charger that nobody tells anything, kW; undefined: no limit. */
  readonly fallbackKw: number | undefined
  /** How long a limit holds without a new one, s. */
  readonly setpointS: number
}

export interface ReadCharging {
  /** Undefined where the site has no such section, or it cannot be used. */
  readonly rules: ChargingRules | undefined
  /** Paths in places are relative to the section. */
  readonly problems: readonly ProblemDetails[]
}

const usual = { staleS: 15, voltageV: 230, riseKwPerS: 20, leastA: 6, setpointS: 900 } as const

/** Reads the section `charging`: circuits, and where each charger of its gateway hangs. */
export function readCharging(site: Site, points: SectionPoints): ReadCharging {
  const section = chargingOf(site)
  if (!section || points.isGone(`${section.asset ?? section.gateway}.`)) return { rules: undefined, problems: [] }
  const problems: ProblemDetails[] = []
  const refuse = (path: string, detail: string, found: unknown, expected: string): void => {
    problems.push({ detail, place: { path }, found, expected })
  }
  const gateways = (site.sections.gateways ?? {}) as Readonly<Record<string, { readonly protocol?: unknown }>>
  const gateway = gateways[section.gateway] as (OcppSettings & { readonly protocol?: unknown }) | undefined
  const ofOcpp = Object.keys(gateways).filter((one) => gateways[one]?.protocol === 'ocpp')
  if (gateway?.protocol !== 'ocpp') {
    refuse('gateway', 'There is no such gateway of charging stations', section.gateway, ofOcpp.join(', ') || 'one')
    return { rules: undefined, problems }
  }
  const grid = site.assets.find(({ kind }) => kind === 'grid')
  const meter = section.meter ?? `${grid?.id ?? 'grid'}.powerKw`
  if (points.unitOf(meter) !== 'kW' && !points.isGone(meter)) {
    refuse('meter', 'There is no such point in kW', meter, 'the power of the connection')
  }
  const known = site.assets.filter(({ kind }) => kind === 'ev-charging').map((asset) => asset.id)
  if (section.asset !== undefined && !known.includes(section.asset)) {
    refuse('asset', 'There is no such asset of chargers', section.asset, known.join(', ') || 'an asset ev-charging')
  }
  if (gateway.fallbackKw === undefined) {
    refuse(
      'gateway',
      'Chargers that share need a limit for the time when nobody tells them one',
      section.gateway,
      'fallbackKw',
    )
  }
  const { voltageV = usual.voltageV } = section
  const chargers = chargersOf(gateway, section, voltageV, refuse)
  const circuits = Object.entries(section.circuits).map(([id, { parent, limitA, limitKw }]) => {
    if ((limitA === undefined) === (limitKw === undefined)) {
      refuse(`circuits.${id}`, 'A circuit has one limit', { limitA, limitKw }, 'limitA or limitKw')
    }
    const each = limitKw === undefined ? (limitA ?? 0) : (limitKw * 1000) / (3 * voltageV)
    const [l1 = 0, l2 = 0, l3 = 0] = typeof each === 'number' ? [each, each, each] : each
    return { id, limitA: [l1, l2, l3] as const, ...(parent === undefined ? {} : { parent }) }
  })
  try {
    const prepared = prepareSite({ circuits, chargers })
    const aloneA = new Float64Array(prepared.limitA.length)
    for (const [number, { phases, maxA }] of chargers.entries()) {
      const each = Math.min(maxA, ((gateway.fallbackKw ?? 0) * 1000) / (phases.length * voltageV))
      for (const cell of prepared.cells[number]!) aloneA[cell]! += each
    }
    for (const [index, { id, limitA }] of circuits.entries()) {
      const most = Math.max(...aloneA.subarray(3 * index, 3 * index + 3))
      if (most <= Math.min(...limitA) + 1e-6) continue
      refuse(
        `circuits.${id}`,
        'Chargers that nobody tells anything draw more than it carries',
        most,
        `${limitA[0]} A or less`,
      )
    }
    if (problems.length > 0) return { rules: undefined, problems }
    const { riseKwPerS = usual.riseKwPerS, meterStale = usual.staleS } = section
    return {
      rules: {
        ...{ gateway: section.gateway, asset: section.asset, meter, meterStaleMs: meterStale * 1000, voltageV },
        ...{ chargers, site: prepared, fallbackKw: gateway.fallbackKw },
        setpointS: gateway.setpointSeconds ?? usual.setpointS,
        pace: { ...usualPace, riseAPerS: (riseKwPerS * 1000) / (3 * voltageV) },
      },
      problems,
    }
  } catch (error) {
    if (!(error instanceof MangroveError)) throw error
    return {
      rules: undefined,
      problems: [...problems, ...error.problems.map((one) => ({ ...one, place: { path: '' } }))],
    }
  }
}

/** Phases of the site, in the order of L1 to L3 of the charger. */
function phasesOf({ phases = [1, 2, 3], firstPhase = 1, choosesPhase = false }: ChargingSection['places'][string]): {
  readonly phases: readonly number[]
  readonly onePhase?: readonly number[]
} {
  if (phases !== 'switchable') return { phases: phases.map((phase) => phase - 1) }
  const turned = [0, 1, 2].map((step) => (firstPhase - 1 + step) % 3)
  return { phases: turned, onePhase: choosesPhase ? turned : turned.slice(0, 1) }
}

function chargersOf(
  gateway: OcppSettings,
  { places, circuits }: ChargingSection,
  voltageV: number,
  refuse: (path: string, detail: string, found: unknown, expected: string) => void,
): readonly SharedCharger[] {
  const used = new Set<string>()
  const chargers = gateway.stations.flatMap((station) =>
    station.evses.flatMap(({ id: evseId, asset: owner }): readonly SharedCharger[] => {
      const name = `${station.id}/${evseId}`
      const key = places[name] ? name : station.id
      const place = places[key]
      if (!place) {
        refuse('places', 'A charger hangs nowhere', name, 'its station, or it, among the places')
        return []
      }
      used.add(key)
      if (!circuits[place.circuit]) {
        refuse(`places.${key}.circuit`, 'There is no such circuit', place.circuit, Object.keys(circuits).join(', '))
        return []
      }
      const { phases, onePhase } = phasesOf(place)
      if (!onePhase && (place.firstPhase !== undefined || place.choosesPhase !== undefined)) {
        refuse(`places.${key}`, 'What is of switchable chargers stands at one that is none', place.phases, 'switchable')
      }
      const maxA = (mostKwOf(station, evseId) * 1000) / (phases.length * voltageV)
      const minA = place.leastA ?? usual.leastA
      if (maxA < minA) refuse(`places.${key}`, 'It gives less than the least current', maxA, `${minA} A or more`)
      const unit = station.rateUnit ?? 'A'
      const wired = { circuit: place.circuit, phases, ...(onePhase ? { onePhase } : {}), minA, maxA }
      return [{ id: name, stationId: station.id, evseId, unit, owner, ...wired }]
    }),
  )
  for (const key of Object.keys(places)) {
    if (!used.has(key))
      refuse(`places.${key}`, 'The gateway has no such station', key, 'a station, or <station>/<evse>')
  }
  return chargers
}
