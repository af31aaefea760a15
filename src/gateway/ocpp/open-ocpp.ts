import { join } from 'node:path'
import { MangroveError } from '../../kernel/index.ts'
import { gatewayErrors } from '../errors.ts'
import type { FieldClient, FieldGateway, FieldPorts, FieldWrite, LinkState } from '../field-protocol.ts'
import { type CentralSystem, createCentralSystem } from './central/create-central-system.ts'
import { openFileJournal } from './central/file-journal.ts'
import { createMemoryJournal } from './central/memory-journal.ts'
import { askCompositeSchedule, setProfile, settleProfiles } from './commands/index.ts'
import { ocppErrors } from './errors.ts'
import { readSecrets } from './read-secrets.ts'
import { fallbackProfile, powerOf, setpointProfile, type Wiring } from './setpoint-profiles.ts'
import { limitPoint, type OcppSettings } from './settings.ts'

export interface OcppPorts extends FieldPorts {
  /** Folder for what must outlive the process. Without one, transactions are forgotten with it, which is told once. */
  readonly folder?: string
}

/** The link to all stations of a gateway. */
export interface OcppClient extends FieldClient {
  /** Undefined until the door is open. */
  readonly system: CentralSystem | undefined
  /** Settles when the door is open, or the client was stopped. */
  readonly ready: Promise<void>
}

const firstWaitMs = 1000
const mostWaitMs = 60_000
const voltageV = 230
/** Steps of a session stay in the journal for so long after its end. */
const usualKeepDays = 30
/** A setpoint begins this much in the past, so that a station whose clock is slow begins it at once. */
const clockSlackS = 60

/** Opens the door for the stations of a gateway; a door that does not open is tried again, at growing waits. */
export function openOcpp(gateway: FieldGateway<OcppSettings>, ports: OcppPorts): OcppClient {
  const { settings } = gateway
  const sinceStart = { state: 'connecting' as LinkState, sinceMs: ports.clock.now(), failures: 0 }
  let system: CentralSystem | undefined
  let lastProblem: string | undefined
  let stopped = false
  let wake: (() => void) | undefined
  const evses = new Map(
    settings.stations.flatMap((station) =>
      station.evses.flatMap(({ id, asset }) =>
        asset === undefined ? [] : [[asset, { station, evseId: id }] as const],
      ),
    ),
  )
  const wiringOf = ({ rateUnit, phases }: OcppSettings['stations'][number]): Wiring => ({
    unit: rateUnit ?? 'A',
    phases: phases ?? 3,
    voltageV,
  })

  const move = (state: LinkState): void => {
    sinceStart.state = state
    sinceStart.sinceMs = ports.clock.now()
  }

  async function openDoor(): Promise<CentralSystem> {
    const { passwordFits, tokens, tls } = readSecrets(gateway)
    if (ports.folder === undefined) {
      const error = ocppErrors.badSettings({ detail: `Gateway ${gateway.id} has no folder` })
      ports.report(error, 'Transactions of charging stations will be forgotten with the process')
    }
    const journal =
      ports.folder === undefined
        ? createMemoryJournal()
        : await openFileJournal(join(ports.folder, `ocpp-${gateway.id}.ndjson`), {
            foldBeforeMs: () => ports.clock.now() - (settings.keepStepsDays ?? usualKeepDays) * 86_400_000,
            report: ports.report,
          })
    try {
      return await createCentralSystem({
        listen: {
          host: settings.host ?? '127.0.0.1',
          port: settings.port,
          security: settings.security ?? 1,
          callTimeoutMs: 30_000,
          pingIntervalMs: 60_000,
          ...(tls ? { tls } : {}),
        },
        stations: settings.stations.map(({ id, admit = 'accepted', evses: own }) => ({
          id,
          admit,
          evses: own.map(({ id: evseId, asset }) => ({ id: evseId, ...(asset === undefined ? {} : { asset }) })),
        })),
        passwordFits,
        tokens,
        journal,
        clock: ports.clock,
        heartbeatS: settings.heartbeatSeconds ?? 300,
        take: (readings) => ports.take(readings),
        report: ports.report,
      })
    } catch (error) {
      await journal.close()
      throw error
    }
  }

  async function keepOpen(): Promise<void> {
    for (let waitMs = firstWaitMs; !stopped; waitMs = Math.min(mostWaitMs, waitMs * 2)) {
      try {
        const opened = await openDoor()
        if (stopped) return await opened.close()
        system = opened
        // A station has its limits when it has booted; one that only lost the line has booted before.
        opened.onConnect((stationId) => void settle(opened, stationId))
        opened.onRecord((record) => {
          if (record.kind === 'boot' && record.admitted === 'accepted') void settle(opened, record.stationId)
        })
        return move('connected')
      } catch (error) {
        sinceStart.failures += 1
        lastProblem = error instanceof Error ? error.message : String(error)
        move('waiting')
        ports.report(error, `The door of gateway ${gateway.id} did not open; it is tried again`)
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, waitMs * (0.5 + ports.random.next()))
          wake = () => {
            clearTimeout(timer)
            resolve()
          }
        })
        if (!stopped) move('connecting')
      }
    }
  }

  async function settle(opened: CentralSystem, stationId: string): Promise<void> {
    const station = settings.stations.find(({ id }) => id === stationId)
    // Only a station that has been let in takes calls.
    if (!station || opened.book.station(stationId).boot?.admitted !== 'accepted') return
    try {
      if (settings.fallbackKw !== undefined) {
        for (const { id } of station.evses) {
          await setProfile(opened, stationId, id, fallbackProfile(id, settings.fallbackKw, wiringOf(station)), {
            tries: 1,
          })
        }
      }
      await settleProfiles(opened, stationId)
    } catch (error) {
      ports.report(error, `${stationId} did not take its limits; it gets them when it comes next`)
    }
  }

  async function write(ref: string, value: number): Promise<FieldWrite> {
    const asset = ref.endsWith(`.${limitPoint}`) ? ref.slice(0, -limitPoint.length - 1) : undefined
    const place = asset === undefined ? undefined : evses.get(asset)
    if (!place || !(value >= 0) || !Number.isFinite(value)) {
      throw gatewayErrors.writeRefused({
        detail: `${ref} cannot be set to ${value}`,
        found: ref,
        expected: `0 or more, for ${[...evses.keys()].map((one) => `${one}.${limitPoint}`).join(', ')}`,
      })
    }
    if (!system) throw gatewayErrors.noLink({ detail: 'The door for charging stations is not open', found: ref })
    const { station, evseId } = place
    const wiring = wiringOf(station)
    const span = {
      startMs: ports.clock.now() - clockSlackS * 1000,
      durationS: (settings.setpointSeconds ?? 900) + clockSlackS,
    }
    try {
      const status = await setProfile(system, station.id, evseId, setpointProfile(evseId, value, wiring, span))
      if (status !== 'Accepted') {
        throw gatewayErrors.writeRefused({ detail: `${station.id} answered ${status}`, found: status })
      }
      const acknowledgedMs = ports.clock.now()
      const query = { evseId, durationS: 60, unit: wiring.unit }
      const schedule = await askCompositeSchedule(system, station.id, query).catch(() => undefined)
      const rate = schedule?.periods[0]?.limit
      return { ref, written: value, readBack: rate === undefined ? undefined : powerOf(rate, wiring), acknowledgedMs }
    } catch (error) {
      throw inGatewayWords(error, ref)
    }
  }

  const ready = keepOpen()
  return {
    get system() {
      return system
    },
    ready,
    figures() {
      const central = system?.figures()
      return {
        state: sinceStart.state,
        sinceMs: sinceStart.sinceMs,
        lastHeardMs: central?.lastHeardMs,
        lastProblem: central?.lastProblem ?? lastProblem,
        connects: central?.connects ?? 0,
        failures: sinceStart.failures + (central?.failures ?? 0),
        readings: central?.readings ?? 0,
        malformed: central?.malformed ?? 0,
      }
    },
    write,
    writes: (ref) => ref.endsWith(`.${limitPoint}`) && evses.has(ref.slice(0, -limitPoint.length - 1)),
    async stop() {
      stopped = true
      wake?.()
      await ready
      await system?.close()
      move('stopped')
    },
  }
}

function inGatewayWords(error: unknown, ref: string): unknown {
  if (!(error instanceof MangroveError) || error.code.startsWith('gateway.')) return error
  const detail = `${ref} was not written: ${error.problems[0]?.detail}`
  return error.code === 'ocpp.no-link' || error.code === 'ocpp.no-answer'
    ? gatewayErrors.noLink({ detail, found: ref }, { cause: error })
    : gatewayErrors.writeRefused({ detail, found: ref }, { cause: error })
}
