import { randomUUID } from 'node:crypto'
import type { Clock } from '../../../kernel/index.ts'
import type { Dialect, StationActs } from './dialect.ts'
import { dialectV16 } from './dialect-v16.ts'
import { dialectV201 } from './dialect-v201.ts'
import { dropTransactionProfiles, limitNow } from './profile-store.ts'
import { CallError, type LineSettings, openLine, type SeenFrame, type StationLine } from './station-line.ts'
import {
  createStationState,
  type RunningTransaction,
  type Socket,
  type StationHabits,
  type StationState,
  socketOf,
} from './station-state.ts'
import { chargeVehicle, type Vehicle } from './vehicle.ts'

export interface SimulatedStationSettings extends LineSettings {
  readonly clock: Clock
  readonly sockets: number
  /** Most that a socket gives where no profile says less, kW. Default 22. */
  readonly mostKw?: number
  readonly seen?: (frame: SeenFrame) => void
}

/** A charging station that is not there. It does nothing by itself: who simulates it plugs in, shows cards and lets time pass. */
export interface SimulatedStation {
  readonly state: StationState
  readonly connected: boolean
  /** Opens the line. @throws where the central system does not let it in */
  connect(): Promise<void>
  /** Cuts the line without a word. */
  disconnect(): Promise<void>
  /** Tells that it has started, and the status of all sockets. @returns what the central system said */
  boot(reason?: string): Promise<string>
  heartbeat(): Promise<void>
  habits(habits: StationHabits): void
  plugIn(evseId: number, vehicle: Vehicle): Promise<void>
  unplug(evseId: number): Promise<void>
  /** Shows a card: starts what it may, stops what it started. @returns whether the card was good */
  showToken(evseId: number, idToken: string): Promise<boolean>
  stop(evseId: number, reason: string): Promise<void>
  setStatus(evseId: number, status: Socket['status'], errorCode?: string): Promise<void>
  sendMeterValues(evseId: number): Promise<void>
  call(method: string, params: unknown): Promise<Readonly<Record<string, unknown>>>
  sendRaw(text: string): void
  /** Lets vehicles charge for a time, at what the profiles allow. */
  step(stepS: number): void
  /** Settles when all that waits for the line has been told. */
  settled(): Promise<void>
}

export function createStation(settings: SimulatedStationSettings): SimulatedStation {
  const { clock, version } = settings
  const state = createStationState(settings.stationId, clock, settings.sockets, settings.mostKw)
  const dialect: Dialect = version === 'ocpp1.6' ? dialectV16 : dialectV201
  let line: StationLine | undefined
  /** What must not be lost while offline, in its order. */
  const queue: (() => Promise<void>)[] = []
  let pumping: Promise<void> | undefined

  const isOpen = (): boolean => line?.open ?? false
  const call: StationActs['call'] = (method, params) =>
    line ? line.call(method, params) : Promise.reject(new CallError('LineClosed', 'There is no line'))

  async function pumpAll(): Promise<void> {
    while (queue.length > 0 && isOpen()) {
      try {
        await queue[0]!()
        queue.shift()
      } catch (error) {
        // Without an answer it is sent again on the next line; what is refused is over.
        if (error instanceof CallError && error.code === 'LineClosed') return
        queue.shift()
      }
    }
  }

  function pump(): Promise<void> {
    pumping ??= pumpAll().finally(() => {
      pumping = undefined
    })
    return pumping
  }

  async function deliver(
    build: () => readonly [string, unknown],
    read?: (answer: Readonly<Record<string, unknown>>) => void,
  ): Promise<void> {
    let built: readonly [string, unknown] | undefined
    const entry = async (): Promise<void> => {
      built ??= build()
      const answer = await call(...built)
      read?.(answer)
    }
    queue.push(entry)
    while (queue.includes(entry) && isOpen()) await pump()
  }

  async function setStatus(socket: Socket, status: Socket['status'], errorCode = 'NoError'): Promise<void> {
    socket.status = status
    if (isOpen()) await call(...dialect.status(state, socket, status, errorCode)).catch(() => {})
  }

  async function start(
    socket: Socket,
    idToken: string,
    options: { readonly remoteStartId?: number } = {},
  ): Promise<void> {
    const offline = !isOpen()
    const transaction: RunningTransaction = {
      id: version === 'ocpp1.6' ? undefined : randomUUID(),
      idToken,
      startedMs: clock.now(),
      remoteStartId: options.remoteStartId,
      seqNo: 0,
    }
    socket.transaction = transaction
    // Said as it is now, whenever it gets through.
    const message = dialect.start(state, socket, offline)
    socket.reservation = undefined
    let refused = false
    await deliver(
      () => message,
      (answer) => {
        if (socket.transaction === transaction) dialect.started(socket, answer)
        else transaction.id ??= String(answer.transactionId)
        refused = !dialect.isAccepted(answer)
      },
    )
    if (refused) await stop(socket, 'DeAuthorized')
    else await setStatus(socket, 'Charging')
  }

  async function stop(socket: Socket, reason: string): Promise<void> {
    const { transaction } = socket
    if (!transaction) return
    const offline = !isOpen()
    const ended = { ...socket, transaction, currentA: 0, powerKw: 0 }
    const endedMs = clock.now()
    socket.transaction = undefined
    socket.currentA = 0
    socket.powerKw = 0
    dropTransactionProfiles(state, socket.id)
    await deliver(() => dialect.stop({ ...state, clock: { now: () => endedMs } }, ended, reason, offline))
    if (reason !== 'HardReset') await setStatus(socket, socket.vehicle ? 'Finishing' : 'Available')
    if (state.resetWhenIdle && state.sockets.every((one) => !one.transaction)) {
      state.resetWhenIdle = false
      await acts.reboot('ImmediateReset', true)
    }
  }

  async function boot(reason = 'PowerUp'): Promise<string> {
    const answer = await call(...dialect.boot(state, reason))
    if (answer.status === 'Accepted') {
      await pump()
      if (version === 'ocpp1.6') await call(...dialect.status(state, undefined, 'Available', 'NoError'))
      for (const socket of state.sockets) await setStatus(socket, socket.status)
    }
    return String(answer.status)
  }

  async function connect(): Promise<void> {
    line = await openLine(settings, react, settings.seen ? { seen: settings.seen } : {})
  }

  async function react(method: string, params: never) {
    const own = state.habits.answers?.[method]
    if (own) return { answer: own }
    const reaction = dialect.reactions[method]
    if (!reaction) throw new CallError('NotImplemented', `${method} is not known`)
    return reaction(params, state, acts)
  }

  async function sendMeterValues(socket: Socket): Promise<void> {
    const offline = !isOpen()
    if (offline && !socket.transaction) return
    const then = { ...socket }
    const nowMs = clock.now()
    // The number of a transaction of 1.6 may come only when its start gets through.
    await deliver(() => dialect.meter({ ...state, clock: { now: () => nowMs } }, then, offline))
  }

  const acts: StationActs = {
    call,
    setStatus,
    start,
    stop,
    async heartbeat() {
      await call('Heartbeat', {})
    },
    sendMeterValues,
    async reboot(reason, cutsLine) {
      for (const socket of state.sockets) if (socket.transaction) await stop(socket, reason)
      if (cutsLine) {
        await line?.close()
        await connect()
      }
      await boot(reason === 'ImmediateReset' ? 'RemoteReset' : 'PowerUp')
    },
    async boot(reason) {
      await boot(reason)
    },
  }

  const need = (evseId: number): Socket => {
    const socket = socketOf(state, evseId)
    if (!socket) throw new CallError('UnknownSocket', `There is no socket ${evseId}`)
    return socket
  }

  return {
    state,
    get connected() {
      return isOpen()
    },
    connect,
    async disconnect() {
      await line?.close()
      line = undefined
    },
    boot,
    heartbeat: acts.heartbeat,
    habits(habits) {
      state.habits = habits
    },
    async plugIn(evseId, vehicle) {
      const socket = need(evseId)
      socket.vehicle = vehicle
      if (!socket.locks) return setStatus(socket, 'Faulted', 'ConnectorLockFailure')
      if (!socket.transaction) await setStatus(socket, 'Preparing')
    },
    async unplug(evseId) {
      const socket = need(evseId)
      socket.vehicle = undefined
      if (socket.transaction) await stop(socket, 'EVDisconnected')
      else await setStatus(socket, 'Available')
    },
    async showToken(evseId, idToken) {
      const socket = need(evseId)
      if (socket.transaction?.idToken === idToken) {
        await stop(socket, 'Local')
        return true
      }
      if (socket.status === 'Faulted' || socket.status === 'Unavailable') return false
      const listed = state.localList.tokens.get(idToken)
      if (isOpen()) {
        const answer = await call(...dialect.authorize(idToken))
        if (!dialect.isAccepted(answer)) return false
      } else if (listed !== 'Accepted') return false
      await start(socket, idToken)
      return true
    },
    stop: (evseId, reason) => stop(need(evseId), reason),
    setStatus: (evseId, status, errorCode) => setStatus(need(evseId), status, errorCode),
    sendMeterValues: (evseId) => sendMeterValues(need(evseId)),
    call,
    sendRaw: (text) => line?.sendRaw(text),
    step(stepS) {
      for (const socket of state.sockets) {
        if (!socket.transaction || !socket.vehicle) continue
        const { vehicle } = socket
        const { limitA, phases } = limitNow(state, socket.id)
        // A contactor opens two of its phases.
        const connected = { ...vehicle, phases: Math.min(vehicle.phases, phases) as Vehicle['phases'] }
        const step = chargeVehicle(connected, limitA, state.frame.voltageV, stepS)
        socket.vehicle = { ...step.vehicle, phases: vehicle.phases }
        socket.currentA = step.currentA
        socket.powerKw = step.powerKw
        socket.registerWh += step.energyWh
      }
    },
    async settled() {
      await pump()
    },
  }
}
