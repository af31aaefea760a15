import type { Static, TSchema } from 'typebox'
import type { Clock, ProblemDetails, Quality, Random, Site } from '../kernel/index.ts'

/** One value of a point of the site, as a device told it. */
export interface FieldReading {
  /** `<asset>.<point>` */
  readonly ref: string
  /** Event time, UTC milliseconds: the device's own where it has a clock that can be believed, else that of the reading. */
  readonly timestampMs: number
  /** NaN = missing: a gap begins. One such reading is enough until the point speaks again. */
  readonly value: number
  readonly quality: Quality
  /** Of the value; the house converts it into the unit of the point. */
  readonly unit: string
}

/** What a client of a protocol gets from the house: everything that is not the protocol. */
export interface FieldPorts {
  readonly clock: Clock
  /** For the waits between tries. */
  readonly random: Random
  /** Takes readings and settles when they are on the disk, in the store or waiting for it: only then a device is told so. */
  take(readings: readonly FieldReading[]): Promise<void>
  /** For what the protocol has to know after a restart: a folder of this gateway alone, made where it is needed. Absent: it knows nothing then. */
  readonly folder?: string
  /** For the log: what went wrong and what follows from it. Repetitions of one message are held back by who logs. */
  report(error: unknown, message: string): void
}

export const linkStates = ['connecting', 'connected', 'waiting', 'stopped'] as const
/** Of the link to a device; `waiting`: until the next try. */
export type LinkState = (typeof linkStates)[number]

/** How a link is, for the console, `/metrics` and alarms. */
export interface LinkFigures {
  readonly state: LinkState
  readonly sinceMs: number
  /** When something came from the device last; undefined: never. */
  readonly lastHeardMs: number | undefined
  /** Code and words of the last failure; undefined: none since the start. */
  readonly lastProblem: string | undefined
  readonly connects: number
  readonly failures: number
  readonly readings: number
  /** Answers and frames that could not be understood. */
  readonly malformed: number
}

/** A setpoint that was written, and what the device says of it. */
export interface FieldWrite {
  readonly ref: string
  readonly written: number
  /** What was read back, in the unit of the point; undefined where the protocol only acknowledges. */
  readonly readBack: number | undefined
  readonly acknowledgedMs: number
}

/** A link to one device or broker, from its opening until it is stopped. It connects again by itself, at growing waits. */
export interface FieldClient {
  figures(): LinkFigures
  /**
   * Writes a setpoint in the unit of its point. Absent: the protocol, or this gateway, only reads.
   *
   * @throws `gateway.no-link`, `gateway.write-refused` with the device's own words
   */
  write?(ref: string, value: number): Promise<FieldWrite>
  /** Whether the setpoint is among those that it writes. Absent: all. */
  writes?(ref: string): boolean
  /** Settles when nothing is under way any more. */
  stop(): Promise<void>
}

/** What the simulated twin of a device gets: the physics of the site behind it. */
export interface TwinPorts {
  readonly clock: Clock
  readonly random: Random
  /** Newest true value of a point, in the unit of the point; undefined where the site has none. */
  read(ref: string): number | undefined
  /** A client wrote a setpoint; the value is in the unit of the point. */
  write(ref: string, value: number): void
  /** Faults that are on now; a twin looks at each answer. */
  faults(): readonly TwinFault[]
  /** Vehicles at the chargers of the site, where its physics knows any. */
  readonly vehicles?: TwinVehicles
  /**
   * For clients in another process: the twin listens at this port of loopback, or calls where the site file says. Absent: its client
   * is in this process, and any free port will do.
   */
  readonly listenPort?: number
}

/** A vehicle that is at a charger of the site now. */
export interface TwinVehicle {
  /** Name of its card. */
  readonly id: string
  /** Asset of the chargers that it comes to. */
  readonly asset: string
  /** Most that it takes, kW. */
  readonly maxKw: number
  /** What it still needs, at the charger, kWh. */
  readonly needKwh: number
  /** What it draws now, kW. */
  readonly powerKw: number
}

/** The vehicles of a site as its physics has them: chargers say what each may draw. */
export interface TwinVehicles {
  there(): readonly TwinVehicle[]
  /** The most that a vehicle may draw from now on, kW. One that no charger has spoken of draws nothing. */
  limit(id: string, powerKw: number): void
}

export const twinFaults = ['silent', 'stuck', 'clock-jump', 'duplicate', 'burst', 'counter-reset', 'garbage'] as const
/** What a device may do wrong on demand. */
export type TwinFault = (typeof twinFaults)[number]

/** A device that is not there: it speaks the protocol on loopback. */
export interface FieldTwin {
  /** Where its clients connect: settings of the gateway that they take instead of those of the site file. */
  readonly settings: Readonly<Record<string, unknown>>
  stop(): Promise<void>
}

/** An entry of the section `gateways` of a site file. */
export interface FieldGateway<Settings> {
  readonly id: string
  readonly site: Site
  readonly settings: Settings
  /** Unit of a point of the site; undefined where it has none of that name. */
  unitOf(ref: string): string | undefined
}

/** What a site file says of a protocol. */
export interface FieldEntry<Schema extends TSchema = TSchema> {
  /** As `protocol` in the site file: `modbus`. */
  readonly name: string
  readonly title: string
  /** Fields of an entry of `gateways`, besides `protocol` and `title`. */
  readonly schema: Schema
  /** What the schema cannot say; paths in places are relative to the entry. */
  check?(gateway: FieldGateway<Static<Schema>>): readonly ProblemDetails[]
}

/**
 * A protocol of the field, declared once: what the site file says, the client that reads and writes, and the simulated
 * twin on the other side. A new protocol is a folder with one of these, a line in `field-protocols.ts`, and one in
 * `field-entries.ts`: who reads a site file loads no client.
 */
export interface FieldProtocol<Schema extends TSchema = TSchema> extends FieldEntry<Schema> {
  /** Its devices come to one node of several, which tells them what they may; another takes over when that one is gone. */
  readonly oneNode?: boolean
  open(gateway: FieldGateway<Static<Schema>>, ports: FieldPorts): FieldClient
  /** Starts the twin on a free port of loopback. */
  twin?(gateway: FieldGateway<Static<Schema>>, ports: TwinPorts): Promise<FieldTwin>
}

/** Protocols of unlike settings in one list: each reads its own by its schema. */
// biome-ignore lint/suspicious/noExplicitAny: a client of one schema takes no settings of another
export type AnyFieldProtocol = FieldProtocol<any>
// biome-ignore lint/suspicious/noExplicitAny: as above
export type AnyFieldEntry = FieldEntry<any>
