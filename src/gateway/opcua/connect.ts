import type { ClientSession, OPCUAClient } from 'node-opcua-client'
import { gatewayErrors } from '../errors.ts'
import { within } from '../link/within.ts'
import { opcuaErrors } from './errors.ts'
import { mendEnvironment, type OpcuaLibrary } from './load-library.ts'
import { applicationUri, type OwnIdentity } from './own-identity.ts'
import type { ServerTrust } from './server-trust.ts'
import type { OpcuaSettings } from './settings.ts'

export interface ConnectParts {
  readonly library: OpcuaLibrary
  readonly identity: OwnIdentity
  readonly trust: ServerTrust
  readonly timeoutMs: number
  readonly signal?: AbortSignal
}

/** A session with a server. */
export interface OpenConnection {
  readonly session: ClientSession
  /** Resolves with why, when the connection is gone. */
  readonly lost: Promise<string>
  close(): Promise<void>
}

const modes = { none: 1, sign: 2, 'sign-and-encrypt': 3 } as const
const tokenUser = 1
const closeMs = 2000

/**
 * Connects to the address of the settings as it stands there: many servers name one in their endpoints that leads nowhere. With
 * security, the certificate of the server is asked for first and held against what is believed; a password goes nowhere before.
 *
 * @throws `gateway.untrusted-server`, `gateway.no-endpoint`, `gateway.no-link`
 */
export async function connect(settings: OpcuaSettings, parts: ConnectParts): Promise<OpenConnection> {
  const { timeoutMs, signal } = parts
  const { url, security = 'sign-and-encrypt', policy = 'Basic256Sha256', user, passwordVariable } = settings
  const password = passwordVariable === undefined ? undefined : process.env[passwordVariable]
  if (user !== undefined && !password) {
    throw gatewayErrors.badSettings({
      ...{ detail: 'The password of the server is missing', found: passwordVariable },
      expected: 'a variable of the environment that holds it',
    })
  }
  const secured =
    security === 'none'
      ? {}
      : {
          ...{ securityMode: modes[security], securityPolicy: `http://opcfoundation.org/UA/SecurityPolicy#${policy}` },
          serverCertificate: await askCertificate(settings, parts),
        }
  const client = newClient(parts, secured)
  const lost = Promise.withResolvers<string>()
  client.on('connection_lost', () => lost.resolve('the connection broke'))
  client.on('close', (error) => lost.resolve(error?.message ?? 'the server closed the connection'))
  client.on('abort', () => lost.resolve('the connection was aborted'))
  const close = async (): Promise<void> => {
    await within(client.disconnect(), closeMs, () => new Error('late')).catch(() => undefined)
  }
  try {
    await within(client.connect(url), 2 * timeoutMs, () => noAnswer(timeoutMs), signal)
    const who = user === undefined ? undefined : { type: tokenUser, userName: user, password: password ?? '' }
    const session = await within(client.createSession(who), 2 * timeoutMs, () => noAnswer(timeoutMs), signal)
    session.on('session_closed', () => lost.resolve('the server closed the session'))
    return { session, lost: lost.promise, close }
  } catch (error) {
    await close()
    throw error instanceof Error && 'problems' in error ? error : noLink(error)
  } finally {
    mendEnvironment()
  }
}

function newClient({ library, identity, timeoutMs }: ConnectParts, own: object): OPCUAClient {
  return library.OPCUAClient.create({
    ...{ applicationName: 'Mangrove', applicationUri, clientName: 'Mangrove', endpointMustExist: false },
    // Our own back-off opens it again.
    connectionStrategy: { maxRetry: 0, initialDelay: 100, maxDelay: 1000 },
    ...{ transportTimeout: timeoutMs, defaultTransactionTimeout: timeoutMs, requestedSessionTimeout: 60_000 },
    ...{ certificateKeyPairProvider: identity.provider, keepSessionAlive: false },
    ...own,
  })
}

/** The certificate of the endpoint that the settings want, which is believed. */
async function askCertificate(settings: OpcuaSettings, parts: ConnectParts): Promise<Buffer> {
  const { security = 'sign-and-encrypt', policy = 'Basic256Sha256' } = settings
  const endpoints = await askEndpoints(settings.url, parts)
  const wanted = endpoints.find(
    ({ securityMode, securityPolicyUri }) =>
      securityMode === modes[security] && securityPolicyUri?.endsWith(`#${policy}`),
  )
  if (!wanted) {
    const offered = endpoints.map(
      ({ securityMode, securityPolicyUri }) =>
        `${Object.entries(modes).find(([, mode]) => mode === securityMode)?.[0]} ${securityPolicyUri?.split('#')[1]}`,
    )
    throw opcuaErrors.noEndpoint({
      ...{ detail: 'The server does not offer this security', found: `${security} ${policy}` },
      expected: [...new Set(offered)].join(', ') || 'at least one endpoint',
    })
  }
  const certificate = wanted.serverCertificate ?? Buffer.alloc(0)
  await parts.trust.check(certificate)
  return certificate
}

/** The ways that a server can be reached. @throws `gateway.no-link` */
export async function askEndpoints(url: string, parts: Omit<ConnectParts, 'trust'>) {
  const { timeoutMs, signal } = parts
  const client = newClient(parts as ConnectParts, {})
  const late = () => noAnswer(timeoutMs)
  try {
    await within(client.connect(url), 2 * timeoutMs, late, signal)
    return await within(client.getEndpoints({ endpointUrl: url }), 2 * timeoutMs, late, signal)
  } catch (error) {
    throw error instanceof Error && 'problems' in error ? error : noLink(error)
  } finally {
    await within(client.disconnect(), closeMs, () => new Error('late')).catch(() => undefined)
  }
}

const noAnswer = (timeoutMs: number) =>
  gatewayErrors.noLink({ detail: 'The server does not answer', expected: `an answer in ${timeoutMs} ms` })

function noLink(cause: unknown) {
  const found = (cause instanceof Error ? cause.message : String(cause)).replaceAll(/\s+/g, ' ').slice(0, 300)
  return gatewayErrors.noLink({ detail: 'The server cannot be reached', found }, { cause })
}
