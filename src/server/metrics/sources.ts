import type { BrokerFigures, MqttFigures, ParseFigures } from '../../gateway/index.ts'
import type { StoreFigures } from '../../store/index.ts'
import type { PasswordFigures } from '../accounts/passwords.ts'
import type { AdmissionFigures } from '../admission.ts'
import type { AlarmFigures } from '../alarms/create-alarms.ts'
import type { StationsFigures } from '../charging/create-charging.ts'
import type { CommandsFigures } from '../commands/create-commands.ts'
import type { FieldFigures } from '../field/create-field.ts'
import type { ForwardFigures } from '../forward/forward-site.ts'
import type { IngestGateFigures } from '../ingest/ingest-gate.ts'
import type { JobFigures } from '../jobs.ts'
import type { LiveFigures } from '../live-counts.ts'
import type { StreamGate } from '../stream-gate.ts'
import type { UpkeepLoopFigures } from '../upkeep-loop.ts'
import { type DiskRoom, diskRoomOf, type LoopDelay } from './machine.ts'

/** Who is asked at a scrape. */
export interface MetricsSources {
  readonly dataFolder: string
  admission(): AdmissionFigures
  gate(): IngestGateFigures
  parse(): ParseFigures
  store(): Promise<StoreFigures>
  upkeep(): UpkeepLoopFigures
  jobs(): JobFigures
  logDropped(): number
  /** Of the connection to a broker, where there is one. */
  mqtt?(): MqttFigures | undefined
  /** Of the broker inside, where it listens. */
  mqttBroker?(): BrokerFigures | undefined
  /** Of the links to devices. */
  field(): FieldFigures
  /** Of the sites that are forwarded to a centre. */
  forward(): readonly ForwardFigures[]
  commands(): CommandsFigures
  /** Of the sites with charging stations. */
  charging(): readonly StationsFigures[]
  streams: StreamGate['figures']
  live(): LiveFigures
  /** Of the alarms of all sites. */
  alarms?(): AlarmFigures
  /** Words to other nodes that were not told. */
  newsDropped(): number
  /** Of passwords that wait to be checked, where there are accounts. */
  passwords?(): PasswordFigures
}

/** All of it at one moment. */
export interface MetricsReading {
  readonly admission: AdmissionFigures
  readonly gate: IngestGateFigures
  readonly parse: ParseFigures
  /** Undefined while the store does not answer. */
  readonly store: StoreFigures | undefined
  readonly upkeep: UpkeepLoopFigures
  readonly jobs: JobFigures
  readonly logDropped: number
  readonly mqtt: MqttFigures | undefined
  readonly mqttBroker: BrokerFigures | undefined
  readonly field: FieldFigures
  readonly forward: readonly ForwardFigures[]
  readonly commands: CommandsFigures
  readonly charging: readonly StationsFigures[]
  readonly streams: ReturnType<StreamGate['figures']>
  readonly live: LiveFigures
  readonly newsDropped: number
  readonly alarms: AlarmFigures | undefined
  readonly passwords: PasswordFigures | undefined
  readonly loop: LoopDelay
  readonly memory: NodeJS.MemoryUsage
  readonly cpuS: number
  readonly startS: number
  readonly disk: DiskRoom | undefined
}

/** A store that does not answer leaves its figures out; the others are told. */
export async function readSources(sources: MetricsSources, loop: LoopDelay): Promise<MetricsReading> {
  const [store, disk] = await Promise.all([sources.store().catch(() => undefined), diskRoomOf(sources.dataFolder)])
  const { user, system } = process.cpuUsage()
  return {
    ...{ admission: sources.admission(), gate: sources.gate(), parse: sources.parse(), upkeep: sources.upkeep() },
    ...{ jobs: sources.jobs(), logDropped: sources.logDropped(), mqtt: sources.mqtt?.() },
    mqttBroker: sources.mqttBroker?.(),
    field: sources.field(),
    forward: sources.forward(),
    ...{ commands: sources.commands(), charging: sources.charging() },
    ...{ streams: sources.streams(), live: sources.live(), newsDropped: sources.newsDropped() },
    alarms: sources.alarms?.(),
    passwords: sources.passwords?.(),
    ...{ store, disk, loop, memory: process.memoryUsage() },
    cpuS: (user + system) / 1e6,
    startS: Math.round(performance.timeOrigin) / 1000,
  }
}
