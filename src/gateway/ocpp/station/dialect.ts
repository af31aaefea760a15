import type { Reaction } from './station-line.ts'
import type { Socket, StationState } from './station-state.ts'

/** What a reaction may make the station do. */
export interface StationActs {
  /** Sends a message and waits for its answer. */
  call(method: string, params: unknown): Promise<Readonly<Record<string, unknown>>>
  setStatus(socket: Socket, status: Socket['status'], errorCode?: string): Promise<void>
  start(socket: Socket, idToken: string, options?: { readonly remoteStartId?: number }): Promise<void>
  stop(socket: Socket, reason: string): Promise<void>
  heartbeat(): Promise<void>
  sendMeterValues(socket: Socket): Promise<void>
  /** Stops what charges, cuts the line where the reset is hard, and boots. */
  reboot(reason: 'HardReset' | 'SoftReset' | 'ImmediateReset', cutsLine: boolean): Promise<void>
  boot(reason?: string): Promise<void>
}

/** How a version says what a station has to say, and what it does when it is called. */
export interface Dialect {
  boot(state: StationState, reason: string): readonly [string, unknown]
  status(
    state: StationState,
    socket: Socket | undefined,
    status: Socket['status'],
    errorCode: string,
  ): readonly [string, unknown]
  authorize(idToken: string): readonly [string, unknown]
  isAccepted(answer: Readonly<Record<string, unknown>>): boolean
  start(state: StationState, socket: Socket, offline: boolean): readonly [string, unknown]
  meter(state: StationState, socket: Socket, offline: boolean): readonly [string, unknown]
  stop(state: StationState, socket: Socket, reason: string, offline: boolean): readonly [string, unknown]
  /** Reads what the central system says of a start. */
  started(socket: Socket, answer: Readonly<Record<string, unknown>>): void
  readonly reactions: Readonly<Record<string, (params: never, state: StationState, acts: StationActs) => Reaction>>
}
