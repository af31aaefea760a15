import type { ClientSession } from 'node-opcua-client'
import type { FoundPoint, FoundSource } from '../discover/propose-points.ts'
import { within } from '../link/within.ts'
import { pointUnit } from '../modbus/devices/point-unit.ts'
import { askEndpoints, connect } from './connect.ts'
import { opcuaErrors } from './errors.ts'
import { loadOpcua, type OpcuaLibrary } from './load-library.ts'
import { ownIdentity } from './own-identity.ts'
import { readNumber } from './read-value.ts'
import { serverTrust } from './server-trust.ts'
import type { OpcuaSettings } from './settings.ts'

/** A variable of a server that holds a number. */
export interface FoundVariable {
  /** Node id with the address of its namespace. */
  readonly node: string
  /** Names from the folder of objects on. */
  readonly path: readonly string[]
  /** As the server names it; undefined: it does not. */
  readonly unit: string | undefined
  readonly isWritable: boolean
}

export interface FoundServer {
  readonly url: string
  readonly name: string
  readonly security: NonNullable<OpcuaSettings['security']>
  readonly policy: OpcuaSettings['policy']
  readonly fingerprint: string | undefined
  readonly variables: readonly FoundVariable[]
  /** There is more than was looked at. */
  readonly isCut: boolean
}

export interface OpcuaSearch {
  readonly user?: string
  readonly passwordVariable?: string
  readonly timeoutMs?: number
  readonly signal: AbortSignal
  heard(fraction: number, words: string): void
}

const mostVariables = 1000
const mostDepth = 10
/** References that lead from a folder or an object to what belongs to it. */
const hierarchical = 'HierarchicalReferences'
const objectsFolder = 'i=85'
const classes = { object: 1, variable: 2 } as const
/** The best first. */
const policies = ['Aes256_Sha256_RsaPss', 'Basic256Sha256', 'Aes128_Sha256_RsaOaep'] as const
const modes = [
  [3, 'sign-and-encrypt'],
  [2, 'sign'],
] as const

/**
 * Looks through the objects of a server for variables that hold a number, with the best security that it offers. It only reads. What
 * is of the server itself (namespace 0) is left out.
 *
 * @throws `gateway.no-link`, `gateway.no-endpoint`
 */
export async function discoverOpcua(url: string, search: OpcuaSearch): Promise<FoundServer> {
  const { user, passwordVariable, timeoutMs = 5000, heard } = search
  const library = await loadOpcua()
  const identity = await ownIdentity(library, undefined, Date.now())
  const endpoints = await askEndpoints(url, { library, identity, timeoutMs })
  const offered = modes.flatMap(([mode, security]) =>
    policies.flatMap((policy) =>
      endpoints.some((one) => one.securityMode === mode && one.securityPolicyUri?.endsWith(`#${policy}`))
        ? [{ security, policy }]
        : [],
    ),
  )
  const best = offered[0] ?? { security: 'none' as const, policy: undefined }
  if (user !== undefined && best.security === 'none') {
    throw opcuaErrors.noEndpoint({
      ...{ detail: 'The server offers no security, and a password needs one', found: user },
      expected: 'a search without a user',
    })
  }
  const name = endpoints[0]?.server.applicationName.text ?? ''
  heard(0, `${name || url}: ${best.security}${best.policy === undefined ? '' : ` ${best.policy}`}`)
  const settings: OpcuaSettings = {
    ...{ url, security: best.security, points: {} },
    ...(best.policy === undefined ? {} : { policy: best.policy }),
    ...(user === undefined ? {} : { user }),
    ...(passwordVariable === undefined ? {} : { passwordVariable }),
  }
  let fingerprint: string | undefined
  const trust = serverTrust(undefined, undefined, (message) => {
    fingerprint = /[0-9a-f]{64}/.exec(message)?.[0]
  })
  const connection = await connect(settings, { library, identity, trust, timeoutMs })
  try {
    const { variables, isCut } = await lookThrough(connection.session, library, search, timeoutMs)
    return { url, name, ...best, fingerprint, variables, isCut }
  } finally {
    await connection.close()
  }
}

async function lookThrough(
  session: ClientSession,
  library: OpcuaLibrary,
  { signal, heard }: OpcuaSearch,
  timeoutMs: number,
): Promise<{ readonly variables: readonly FoundVariable[]; readonly isCut: boolean }> {
  const late = () => new Error('The server does not answer')
  const namespaces = await within(session.readNamespaceArray(), timeoutMs, late)
  const variables: FoundVariable[] = []
  const seen = new Set<string>([objectsFolder])
  let level: { readonly node: string; readonly path: readonly string[] }[] = [{ node: objectsFolder, path: [] }]
  for (let depth = 0; depth < mostDepth && level.length > 0; depth += 1) {
    const next: typeof level = []
    for (const { node, path } of level) {
      if (signal.aborted || variables.length >= mostVariables) return { variables, isCut: true }
      const { references } = await within(
        session.browse({
          ...{ nodeId: node, referenceTypeId: hierarchical, includeSubtypes: true, browseDirection: 0 },
          ...{ nodeClassMask: classes.object | classes.variable, resultMask: 63 },
        }),
        timeoutMs,
        late,
      )
      for (const { nodeId, browseName, nodeClass } of references ?? []) {
        const id = nodeId.toString()
        if (nodeId.namespace === 0 || seen.has(id)) continue
        seen.add(id)
        const own = [...path, browseName.name ?? id]
        if (nodeClass === classes.variable) {
          const found = await readVariable(session, library, { id, path: own, namespaces }, timeoutMs)
          if (found) variables.push(found)
          heard(Math.min(0.95, variables.length / mostVariables), own.join('/'))
        }
        next.push({ node: id, path: own })
      }
    }
    level = next
  }
  return { variables, isCut: level.length > 0 }
}

async function readVariable(
  session: ClientSession,
  library: OpcuaLibrary,
  {
    id,
    path,
    namespaces,
  }: { readonly id: string; readonly path: readonly string[]; readonly namespaces: readonly string[] },
  timeoutMs: number,
): Promise<FoundVariable | undefined> {
  const { AttributeIds } = library
  const late = () => new Error('The server does not answer')
  const [value, access] = await within(
    session.read([
      { nodeId: id, attributeId: AttributeIds.Value },
      { nodeId: id, attributeId: AttributeIds.UserAccessLevel },
    ]),
    timeoutMs,
    late,
  )
  if (!value || readNumber(value).malformed !== undefined) return undefined
  // A value that is not there now has a type all the same.
  if (Number.isNaN(readNumber(value).raw)) {
    const type: number = await within(session.getBuiltInDataType(library.coerceNodeId(id)), timeoutMs, late).catch(
      () => 0,
    )
    if (type < 1 || type > 11) return undefined
  }
  const [, number = '', rest = ''] = /^ns=(\d+);(.*)$/s.exec(id) ?? []
  const uri = namespaces[Number(number)]
  const told: unknown = access?.value?.value
  return {
    ...{ node: uri === undefined ? id : `nsu=${uri};${rest}`, path },
    unit: await readUnit(session, library, id, timeoutMs),
    isWritable: typeof told === 'number' && (told & 2) !== 0,
  }
}

/** The symbol of the property EngineeringUnits (OPC UA part 8, 5.6.3), where the variable has one. */
async function readUnit(
  session: ClientSession,
  library: OpcuaLibrary,
  id: string,
  timeoutMs: number,
): Promise<string | undefined> {
  const late = () => new Error('The server does not answer')
  const path = library.makeBrowsePath(id, '.EngineeringUnits')
  const { targets } = await within(session.translateBrowsePath(path), timeoutMs, late)
  const [target] = targets ?? []
  if (!target) return undefined
  const nodeId = target.targetId.toString()
  const { value } = await within(session.read({ nodeId, attributeId: library.AttributeIds.Value }), timeoutMs, late)
  const text = (value?.value as { displayName?: { text?: string | null } } | null)?.displayName?.text
  return text || undefined
}

/** One gateway for the server. */
export function opcuaSource(
  { url, name, security, policy, fingerprint, variables, isCut }: FoundServer,
  { user, passwordVariable }: Pick<OpcuaSearch, 'user' | 'passwordVariable'>,
): FoundSource {
  return {
    ...{ group: name || 'server', gateway: 'opcua' },
    settings: {
      ...{ protocol: 'opcua', url, security },
      ...(policy === undefined ? {} : { policy }),
      ...(fingerprint === undefined ? {} : { serverFingerprint: fingerprint }),
      ...(user === undefined ? {} : { user }),
      ...(passwordVariable === undefined ? {} : { passwordVariable }),
    },
    points: variables.map(({ node, path, unit }): FoundPoint => {
      const guessed = pointUnit(path.at(-1) ?? '')
      const told = unit ?? (guessed === '1' ? undefined : guessed)
      return { name: path.join(' '), title: path.join(', '), unit: told, use: node }
    }),
    remarks: [
      ...(security === 'none' ? ['the server offers no security: what is read may be forged'] : []),
      ...(fingerprint === undefined ? [] : ['serverFingerprint: hold it against the certificate of the server']),
      ...(isCut
        ? [`the server has more than ${mostVariables} variables, or deeper folders: only these were looked at`]
        : []),
      ...variables
        .filter(({ isWritable }) => isWritable)
        .slice(0, 50)
        .map(({ path }) => `${path.join('/')} takes setpoints, with \`write: true\` and bounds`),
    ],
  }
}
