import { connect } from 'node:net'
import type { Duplex } from 'node:stream'

/** Opens a TCP connection; rejects when it cannot be had in time. */
export function openSocket(host: string, port: number, timeoutMs: number, signal?: AbortSignal): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, noDelay: true, keepAlive: true, keepAliveInitialDelay: 10_000 })
    const fail = (error: Error): void => {
      clearTimeout(timer)
      socket.destroy()
      reject(error)
    }
    const stop = (): void => fail(new Error('stopped'))
    const timer = setTimeout(
      () =>
        fail(
          Object.assign(new Error(`no connection to ${host}:${port} within ${timeoutMs} ms`), { code: 'ETIMEDOUT' }),
        ),
      timeoutMs,
    )
    signal?.addEventListener('abort', stop, { once: true })
    socket.once('error', fail)
    socket.once('connect', () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', stop)
      socket.off('error', fail)
      resolve(socket)
    })
  })
}
