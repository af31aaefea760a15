import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as library from 'node-opcua-client'
import { DataType, MessageSecurityMode, SecurityPolicy, StatusCodes, Variant } from 'node-opcua-client'
import { OPCUAServer, type OPCUAServerOptions } from 'node-opcua-server'
import { mendEnvironment } from './load-library.ts'
import { applicationUri, ownIdentity } from './own-identity.ts'

export interface PlayedServer {
  readonly url: string
  readonly port: number
  /** Sets what a node holds. */
  set(name: string, value: unknown, own?: { dataType?: DataType; status?: string; at?: Date }): void
  /** What a client wrote last. */
  written(name: string): unknown
  stop(): Promise<void>
}

type OPCUACertificateManager = NonNullable<OPCUAServerOptions['userCertificateManager']>

export interface PlayOptions {
  readonly port?: number
  /** Folder of its certificate; default: a new one. */
  readonly folder?: string
  readonly users?: Readonly<Record<string, string>>
}

const namespace = 'urn:mangrove:test'
const types = {
  power: DataType.Double,
  soc: DataType.Float,
  counter: DataType.UInt64,
  running: DataType.Boolean,
  setpoint: DataType.Int32,
  text: DataType.String,
  readOnly: DataType.Double,
  any: DataType.Double,
} as const

/** A server of node-opcua on loopback, with a few nodes. */
export async function playServer({ port = 0, folder, users = {} }: PlayOptions = {}): Promise<PlayedServer> {
  const root = folder ?? mkdtempSync(join(tmpdir(), 'mangrove-opcua-'))
  await ownIdentity(library, root, Date.now())
  const server = new OPCUAServer({
    ...{ port, hostname: '127.0.0.1', resourcePath: '/plant', allowAnonymous: true, maxConnectionsPerEndpoint: 20 },
    ...{ securityModes: [MessageSecurityMode.None, MessageSecurityMode.SignAndEncrypt] },
    ...{ securityPolicies: [SecurityPolicy.None, SecurityPolicy.Basic256Sha256] },
    ...{ serverCertificateManager: store(), userCertificateManager: store() },
    ...{ certificateFile: join(root, 'client-certificate.pem'), privateKeyFile: join(root, 'client-key.pem') },
    ...{ serverInfo: { applicationUri } },
    userManager: { isValidUser: (user: string, password: string) => users[user] === password },
  })
  await server.initialize()
  const space = server.engine.addressSpace!
  const own = space.registerNamespace(namespace)
  const nodes: Record<string, ReturnType<typeof own.addVariable>> = {}
  for (const [name, dataType] of Object.entries(types)) {
    nodes[name] = own.addVariable({
      ...{ browseName: name, nodeId: `s=${name}`, organizedBy: space.rootFolder.objects },
      // What a broken device may send as a number.
      dataType: name === 'any' ? 'BaseDataType' : DataType[dataType],
      ...(name === 'any' ? { valueRank: -2 } : {}),
      minimumSamplingInterval: 10,
      ...(name === 'readOnly' ? { accessLevel: 'CurrentRead', userAccessLevel: 'CurrentRead' } : {}),
    })
  }
  await server.start()
  mendEnvironment()
  const at = (server.endpoints[0] as unknown as { readonly port: number }).port
  return {
    ...{ port: at, url: `opc.tcp://127.0.0.1:${at}/plant` },
    set(name, value, told = {}) {
      const { dataType = types[name as keyof typeof types], status = 'Good', at: when } = told
      const node = nodes[name]!
      const arrayType = Array.isArray(value) && dataType !== DataType.UInt64 ? 1 : 0
      const code = StatusCodes[status as keyof typeof StatusCodes] as never
      const variant = new Variant({ dataType, arrayType, value })
      node.setValueFromSource(variant, code, when)
    },
    written: (name) => nodes[name]!.readValue().value.value,
    async stop() {
      await server.shutdown(0)
      mendEnvironment()
      if (folder === undefined) rmSync(root, { recursive: true, force: true })
    },
  }
}

/** A store of certificates that keeps nothing and refuses nobody. */
function store(): OPCUACertificateManager {
  const nothing = async (): Promise<void> => undefined
  const good = async () => StatusCodes.Good
  return {
    ...{
      referenceCounter: 0,
      initialize: nothing,
      dispose: nothing,
      trustCertificate: nothing,
      rejectCertificate: nothing,
    },
    ...{ checkCertificate: good, getTrustStatus: good, verifyCertificate: async () => 'Good' },
    ...{ addIssuer: nothing, addRevocationList: nothing, isPrivateKeyOpaque: () => false },
  } as unknown as OPCUACertificateManager
}
