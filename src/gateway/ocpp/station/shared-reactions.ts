import type { StationActs } from './dialect.ts'
import type { Reaction } from './station-line.ts'
import type { Socket, SocketStatus, StationState } from './station-state.ts'

/** A free socket starts with the token that is told, without asking whether it may. */
export function remoteStart(
  state: StationState,
  acts: StationActs,
  evseId: number | undefined,
  idToken: string,
  remoteStartId?: number,
): Reaction {
  const socket = state.sockets.find(
    (one) => (evseId === undefined || one.id === evseId) && !one.transaction && mayStart(one, idToken),
  )
  if (!socket) return { answer: { status: 'Rejected' } }
  return {
    answer: { status: 'Accepted' },
    after: async () => {
      if (socket.status !== 'Preparing') await acts.setStatus(socket, 'Preparing')
      await acts.start(socket, idToken, remoteStartId === undefined ? {} : { remoteStartId })
    },
  }
}

const mayStart = ({ status, reservation }: Socket, idToken: string): boolean =>
  status === 'Available' || status === 'Preparing' || (status === 'Reserved' && reservation?.idToken === idToken)

const reservationAnswers: Partial<Record<SocketStatus, string>> = {
  Available: 'Accepted',
  Faulted: 'Faulted',
  Unavailable: 'Unavailable',
}

export function reservationAnswer(
  state: StationState,
  acts: StationActs,
  request: { readonly id: number; readonly evseId: number; readonly idToken: string; readonly expiresMs: number },
): Reaction {
  const socket = state.sockets.find(({ id }) => id === request.evseId)
  if (!socket) return { answer: { status: 'Rejected' } }
  const status = socket.reservation?.id === request.id ? 'Accepted' : (reservationAnswers[socket.status] ?? 'Occupied')
  if (status !== 'Accepted') return { answer: { status } }
  socket.reservation = { id: request.id, idToken: request.idToken, expiresMs: request.expiresMs }
  return { answer: { status }, after: () => acts.setStatus(socket, 'Reserved') }
}
