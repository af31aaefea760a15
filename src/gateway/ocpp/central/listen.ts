import { createServer, type IncomingMessage } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { RPCServer } from 'ocpp-rpc'
import { isOcppVersion, ocppVersions, validatorV21 } from '../versions.ts'

/** Security profiles of OCPP: 0 nothing, 1 password, 2 password over TLS, 3 certificate of the station over TLS. */
export type SecurityProfile = 0 | 1 | 2 | 3

export interface ListenSettings {
  readonly host: string
  /** 0: any free one. */
  readonly port: number
  readonly security: SecurityProfile
  /** Certificate and key of this side, PEM; for profiles 2 and 3. */
  readonly tls?: { readonly certificate: string; readonly key: string; readonly stationCa?: string }
  readonly callTimeoutMs: number
  /** A station that says nothing for so long is pinged, and cut off when it does not answer for as long; 0: never. */
  readonly pingIntervalMs: number
}

/** Why a station did not come in: it may not, or guessed too often and was not heard. */
export type RefusalKind = 'refused' | 'unheard'

export interface Doorkeeper {
  /** Whether this station may come in, and with this password. */
  admits(stationId: string, password: Buffer | undefined, remote: string | undefined): true | RefusalKind
  refused(stationId: string, remote: string | undefined, why: string, kind: RefusalKind): void
}

export type RpcLink = Parameters<Parameters<RPCServer['on']>[1]>[0]

export interface Door {
  readonly server: RPCServer
  readonly port: number
  close(): Promise<void>
}

/** Frames above this are no messages of OCPP. */
const maxFrameBytes = 1 << 20

/** Listens for stations. Who calls proves to be the station whose name its address ends with, or does not come in. */
export async function listen(settings: ListenSettings, doorkeeper: Doorkeeper): Promise<Door> {
  const { security, tls } = settings
  const server = new RPCServer({
    protocols: [...ocppVersions],
    strictMode: true,
    strictModeValidators: [validatorV21],
    callTimeoutMs: settings.callTimeoutMs,
    // A timer, a signal and a promise a socket; `createPings` has one timer for all of them.
    pingIntervalMs: 0,
    callConcurrency: 1,
    maxBadMessages: 50,
    // No compression: it takes more memory a socket than all the rest.
    wssOptions: { maxPayload: maxFrameBytes, perMessageDeflate: false },
  })
  server.auth((accept, reject, handshake) => {
    const { identity, password, protocols, request, remoteAddress } = handshake
    const refuse = (code: number, why: string, kind: RefusalKind = 'refused'): void => {
      doorkeeper.refused(identity, remoteAddress, why, kind)
      reject(code, why)
    }
    const version = ocppVersions.find((one) => protocols.has(one))
    if (!isOcppVersion(version))
      return refuse(400, `No version of OCPP that is spoken here: ${ocppVersions.join(', ')}`)
    if (security === 3) {
      const why = certificateFault(request.socket as TLSSocket, identity)
      if (why) return refuse(401, why)
    }
    const told = security === 1 || security === 2 ? (password ?? Buffer.alloc(0)) : undefined
    const verdict = doorkeeper.admits(identity, told, remoteAddress)
    if (verdict === 'unheard') return refuse(429, 'Too many wrong passwords', verdict)
    if (verdict !== true) return refuse(401, 'Unknown station or wrong password')
    accept({}, version)
  })
  const options = { noDelay: true } as const
  const http =
    tls === undefined
      ? createServer(options)
      : createTlsServer({
          ...options,
          cert: tls.certificate,
          key: tls.key,
          minVersion: 'TLSv1.2',
          ...(security === 3 ? { requestCert: true, rejectUnauthorized: true, ca: tls.stationCa } : {}),
        })
  http.on('request', (_, response) => response.writeHead(426, { Upgrade: 'websocket' }).end())
  const upgrade = server.handleUpgrade
  http.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    // An address that cannot be read breaks the library's own promise, which nobody waits for.
    const readable = isReadable(request.url)
    if (!readable) return void socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n')
    upgrade(request, socket, head).catch(() => socket.destroy())
  })
  http.on('tlsClientError', (error: Error) => doorkeeper.refused('', undefined, error.message, 'refused'))
  http.on('clientError', (_: Error, socket: Socket) => void socket.destroy())
  await new Promise<void>((resolve, reject) => {
    http.once('error', reject)
    http.listen({ host: settings.host, port: settings.port, backlog: 4096 }, () => resolve())
  })
  return {
    server,
    port: (http.address() as AddressInfo).port,
    async close() {
      await server.close({ code: 1001, reason: 'Going away', force: true })
      await new Promise<void>((resolve) => {
        http.close(() => resolve())
        http.closeAllConnections()
      })
    },
  }
}

function isReadable(url: string | undefined): boolean {
  try {
    const { pathname } = new URL(`http://localhost${url ?? '/'}`)
    return decodeURIComponent(pathname.split('/').at(-1) ?? '') !== ''
  } catch {
    return false
  }
}

/** The common name of the certificate is the name of the station (OCPP security whitepaper, A00.FR.406). */
function certificateFault(socket: TLSSocket, identity: string): string | undefined {
  if (!socket.authorized) return 'The certificate of the station is not trusted'
  const name = socket.getPeerCertificate().subject?.CN
  const names = Array.isArray(name) ? name : [name]
  return names.includes(identity) ? undefined : 'The certificate is of another station'
}
