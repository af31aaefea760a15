import { createSocket } from 'node:dgram'
import { gatewayErrors } from '../errors.ts'
import { openSerial } from '../modbus/wire/open-serial.ts'
import { openSocket } from '../modbus/wire/open-stream.ts'
import type { NmeaSettings } from './settings.ts'

/** Where sentences come from. */
export interface OpenSource {
  /** Resolves with why, when nothing more comes. */
  readonly gone: Promise<string>
  close(): void
}

const connectMs = 5000
export const usualPort = 10_110

/**
 * Opens a connection, a serial line or a port of UDP.
 *
 * @param hear gets bytes; a datagram is whole lines, whatever it ends with
 * @throws what the opening fails with
 */
export async function openSource(
  settings: NmeaSettings,
  hear: (bytes: Uint8Array) => void,
  signal: AbortSignal,
): Promise<OpenSource> {
  const { transport = 'tcp', host = '', port = usualPort, path = '', baudRate = 4800 } = settings
  const gone = Promise.withResolvers<string>()
  if (transport === 'udp') return listen(settings, hear)
  const stream =
    transport === 'serial'
      ? await openSerial({ path, baudRate, parity: 'none', stopBits: 1 })
      : await openSocket(host, port, connectMs, signal)
  stream.on('data', hear)
  stream.on('error', (error: Error) => gone.resolve(error.message))
  stream.on('close', () => gone.resolve('the connection was closed'))
  return { gone: gone.promise, close: () => stream.destroy() }
}

const endOfLine = Buffer.from('\n')

async function listen({ host, port = usualPort, from }: NmeaSettings, hear: (bytes: Uint8Array) => void) {
  const gone = Promise.withResolvers<string>()
  const socket = createSocket({ type: 'udp4', reuseAddr: true })
  await new Promise<void>((resolve, reject) => {
    socket.once('error', (cause) => {
      reject(gatewayErrors.noLink({ detail: `The port cannot be had: ${cause.message}`, found: port }, { cause }))
    })
    socket.bind(port, host, resolve)
  })
  socket.on('message', (bytes, { address }) => {
    if (from === undefined || address === from) hear(Buffer.concat([bytes, endOfLine]))
  })
  socket.on('error', (error) => gone.resolve(error.message))
  socket.on('close', () => gone.resolve('the port was closed'))
  let isClosed = false
  return {
    gone: gone.promise,
    close() {
      if (!isClosed) socket.close()
      isClosed = true
    },
  }
}
