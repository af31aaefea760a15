import type { ChargingMode } from '../charging/charger-view.ts'
import type { StationsFigures } from '../charging/create-charging.ts'
import type { ChargingFigures } from '../charging/site-charging.ts'
import type { Figure } from './figures.ts'

const bySite = (
  charging: readonly StationsFigures[],
  of: (one: StationsFigures) => number | undefined,
): Readonly<Record<string, number>> =>
  Object.fromEntries(
    charging.flatMap((one) => {
      const value = of(one)
      return value === undefined ? [] : [[one.site, value]]
    }),
  )
const modes: Readonly<Record<ChargingMode, number>> = { plan: 0, deadlines: 1, fallback: 2 }
const ofStations = (name: string, help: string, of: (one: StationsFigures) => number): Figure => ({
  ...{ name: `mangrove_charging_${name}`, help, labels: ['site'] },
  read: ({ charging }) => bySite(charging, of),
})
const ofSharing = (name: string, help: string, of: (sharing: ChargingFigures) => number): Figure => ({
  ...{ name: `mangrove_charging_${name}`, help, labels: ['site'] },
  read: ({ charging }) => bySite(charging, ({ sharing }) => sharing && of(sharing)),
})

/** Of charging stations, and of what they share. Sites are those of the site files: their number is bounded. */
export const chargingFigures: readonly Figure[] = [
  ofStations('stations', 'Charging stations of the site file', ({ stations }) => stations),
  ofStations('stations_connected', 'Of these connected', ({ connected }) => connected),
  ofStations('stations_refused_total', 'Connections that were not let in', ({ refused }) => refused),
  ofStations('stations_unheard_total', 'Of these not heard, after too many wrong passwords', ({ unheard }) => unheard),
  ofStations(
    'sessions_started_total',
    'Sessions that began, as far as the journal goes back',
    ({ started }) => started,
  ),
  ofStations('sessions_ended_total', 'Of these ended', ({ ended }) => ended),
  ofStations(
    'energy_joules_total',
    'Energy of all sessions by the registers of their stations',
    ({ energyKwh }) => energyKwh * 3.6e6,
  ),
  ofSharing('mode', 'What shares: 0 the plan, 1 deadlines, 2 the safe limit', ({ mode }) => modes[mode]),
  ofSharing('chargers', 'Chargers that share', ({ chargers }) => chargers),
  ofSharing('vehicles', 'Of these with a vehicle that charges', ({ charging }) => charging),
  ofSharing('limit_watts', 'Limits that are told, together', ({ limitKw }) => limitKw * 1000),
  ofSharing('limits_sent_total', 'Limits sent to chargers', ({ sent }) => sent),
  ofSharing('limits_failed_total', 'Of these not taken', ({ failed }) => failed),
]
