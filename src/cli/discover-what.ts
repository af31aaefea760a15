import {
  bacnetSources,
  birthSources,
  discoverBacnet,
  discoverDevices,
  discoverOpcua,
  type FoundDevice,
  gatewayErrors,
  hearBirths,
  opcuaSource,
  type Proposal,
  proposePoints,
  proposeSite,
} from '../gateway/index.ts'
import { MangroveError } from '../kernel/index.ts'
import { discoverErrors } from './discover-errors.ts'

/** What a search gets. */
export interface Search {
  readonly address: string
  readonly seconds: number | undefined
  readonly units: readonly number[] | undefined
  readonly user: string | undefined
  readonly passwordVariable: string | undefined
  readonly group: string | undefined
  readonly rebirth: boolean
  readonly signal: AbortSignal
  /** One who answers. */
  found(words: string): void
  progress(fraction: number, words: string): void
}

/** What a search found, in the words of its protocol, and a proposal of one shape. */
export interface SearchResult {
  readonly found: readonly unknown[]
  readonly proposal: Proposal
}

export const searches: Readonly<Record<string, (search: Search) => Promise<SearchResult>>> = {
  modbus: (search) => searchModbus(search, false),
  sunspec: (search) => searchModbus(search, true),
  bacnet: searchBacnet,
  opcua: searchOpcua,
  mqtt: searchMqtt,
}

async function searchModbus(search: Search, onlySunspec: boolean): Promise<SearchResult> {
  const { host, port = 502 } = hostAndPort(search.address)
  const { units, found, progress } = search
  let asked = 0
  const count = units?.length ?? 9
  const answered = await discoverDevices(host, port, {
    ...(units === undefined ? {} : { unitIds: units }),
    onUnit(unitId, device) {
      asked += 1
      progress(asked / count, `unit ${unitId}`)
      if (device) found(`unit ${unitId}: ${modbusWords(device)}`)
    },
  }).catch((cause: Error) => {
    if (cause instanceof MangroveError) throw cause
    throw gatewayErrors.noLink({ detail: 'The device cannot be reached', found: cause.message }, { cause })
  })
  const devices = onlySunspec ? answered.filter(({ models }) => models.length > 0) : answered
  const own = onlySunspec
    ? devices.map((one) => ({ ...one, templates: one.templates.filter((id) => id.startsWith('sunspec-')) }))
    : devices
  return { found: own, proposal: proposeSite(own, { host, port }) }
}

const modbusWords = ({ maker, model, serial, templates, models }: FoundDevice): string =>
  [
    [maker, model, serial].filter(Boolean).join(' ') || 'does not say who it is',
    templates.length > 0 ? `template ${templates.join(', ')}` : 'no template is known for it',
    ...(models.length > 0 ? [`SunSpec models ${models.map(({ id }) => id).join(', ')}`] : []),
  ].join('; ')

/** Addresses that reach all devices of a network. */
const isBroadcast = (address: string): boolean => address === 'broadcast' || /^(\d+\.){3}255$/.test(address)

async function searchBacnet({ address, seconds = 3, signal, found, progress }: Search): Promise<SearchResult> {
  const where = isBroadcast(address)
    ? { broadcast: address === 'broadcast' ? '255.255.255.255' : address }
    : hostAndPort(address)
  const devices = await discoverBacnet({ ...where, listenMs: seconds * 1000, signal, heard: progress })
  for (const { instance, name, maker, model, objects } of devices) {
    found(`device ${instance}: ${[maker, model, name].filter(Boolean).join(' ')}; ${objects.length} objects`)
  }
  return { found: devices, proposal: proposePoints(bacnetSources(devices)) }
}

async function searchOpcua({ address, signal, found, progress, ...who }: Search): Promise<SearchResult> {
  const identity = whoOf(who)
  const server = await discoverOpcua(urlOf(address, ['opc.tcp:']), { ...identity, signal, heard: progress })
  found(`${server.name || server.url}: ${server.security}; ${server.variables.length} variables`)
  return { found: [server], proposal: proposePoints([opcuaSource(server, identity)]) }
}

async function searchMqtt({
  address,
  seconds = 30,
  group,
  rebirth,
  signal,
  found,
  ...who
}: Search): Promise<SearchResult> {
  const url = urlOf(address, ['mqtt:', 'mqtts:', 'ws:', 'wss:'])
  const identity = whoOf(who)
  const births = await hearBirths(url, {
    ...{ ...identity, listenMs: seconds * 1000, rebirth, signal, heard: found },
    ...(group === undefined ? {} : { group }),
  })
  return { found: births, proposal: proposePoints(birthSources(url, identity, births)) }
}

const whoOf = ({ user, passwordVariable }: Pick<Search, 'user' | 'passwordVariable'>) => ({
  ...(user === undefined ? {} : { user }),
  ...(passwordVariable === undefined ? {} : { passwordVariable }),
})

function hostAndPort(address: string): { readonly host: string; readonly port?: number } {
  const [, host = '', port] = /^([^\s/@:]{1,253})(?::(\d{1,5}))?$/.exec(address) ?? []
  const number = port === undefined ? undefined : Number(port)
  if (host === '' || (number !== undefined && (number < 1 || number > 65_535))) {
    throw discoverErrors.badAddress({ detail: 'This is no address', found: address, expected: 'HOST or HOST:PORT' })
  }
  return number === undefined ? { host } : { host, port: number }
}

function urlOf(address: string, protocols: readonly string[]): string {
  const url = URL.canParse(address) ? new URL(address) : undefined
  if (url && protocols.includes(url.protocol) && url.username === '' && url.password === '') return address
  throw discoverErrors.badAddress({
    ...{ detail: 'This is no address', found: url?.password ? '…' : address },
    expected: `${protocols.map((one) => `${one}//`).join(', ')} without a user and a password`,
  })
}
