import {
  type BrokerCaller,
  type BrokerSettings,
  createMqttBroker,
  gatewayErrors,
  type MqttBroker,
} from '../../gateway/index.ts'
import { MangroveError } from '../../kernel/index.ts'
import type { Accounts } from '../accounts/accounts.ts'
import { localPrincipal, type Principal, writablePoints } from '../accounts/principal.ts'
import { createFailureDelay } from '../accounts/rate-limit.ts'
import { credentialText } from '../accounts/secrets.ts'
import { createCaller } from '../caller.ts'
import { isLoopback } from '../loopback.ts'
import type { ServerParts } from '../server-parts.ts'
import { acceptBatch } from './accept-batch.ts'
import { acceptRules } from './accept-rules.ts'

type Parts = Pick<ServerParts, 'sites' | 'arrivals' | 'clock' | 'report'>

/**
 * Begins to listen for devices that speak MQTT: the user is the id of the device, the password its secret. A server without accounts
 * lets everybody in, on this machine only.
 *
 * @throws `gateway.bad-settings`
 */
export function startMqttBroker(
  settings: BrokerSettings,
  accounts: Accounts | undefined,
  parts: Parts,
): Promise<MqttBroker> {
  if (!isLoopback(settings.host) && !(accounts && settings.tls)) {
    throw gatewayErrors.badSettings({
      detail: 'Others would reach the broker, and read what is sent to it',
      found: settings.host,
      expected: 'this machine alone; or accounts, and a certificate in MANGROVE_MQTT_LISTEN_CERTIFICATE_FILE',
    })
  }
  const { clock, report } = parts
  const failures = createFailureDelay({ free: 5, longestMs: 60_000 }, clock)
  const anybody = (): Promise<BrokerCaller> => callerOf(localPrincipal, 'anonymous', undefined, parts, anybody)
  return createMqttBroker({
    ...{ settings, clock, report },
    async identify(user = '', password = '', from = '') {
      if (!accounts) return anybody()
      // A name that is long is none; it is not remembered.
      const tried = `${from} ${user.slice(0, 40)}`
      if (failures.waitMs(tried) > 0) return undefined
      const secret = password.startsWith(`mgv_d_${user}_`) ? password : credentialText('device', user, password)
      const find = async (): Promise<BrokerCaller | undefined> => {
        const principal = await deviceOf(accounts, secret)
        const owners = principal && (await accounts.organisations.owners())
        return principal && callerOf(principal, from, owners, parts, find)
      }
      const caller = await find()
      if (caller) failures.succeeded(tried)
      else {
        failures.failed(tried)
        await note(accounts, user, from).catch((error: unknown) => report(error, 'the audit log failed'))
      }
      return caller
    },
  })
}

async function deviceOf(accounts: Accounts, secret: string): Promise<Principal | undefined> {
  try {
    const principal = await accounts.identify({ authorization: `Bearer ${secret}` })
    return principal?.kind === 'device' ? principal : undefined
  } catch (error) {
    if (error instanceof MangroveError && error.status === 401) return undefined
    throw error
  }
}

/** A stranger can try a million times; the log keeps a few of an address. */
async function note({ limits, audit }: Accounts, user: string, from: string): Promise<void> {
  if (limits.noted.take(from) > 0) return
  await audit.note({
    ...{ who: { kind: 'nobody', id: '' }, what: 'mqtt sign-in', on: `device ${user.slice(0, 40)}`, from },
    ...({ outcome: 'refused', why: 'accounts.credential-refused' } as const),
  })
}

async function callerOf(
  principal: Principal,
  from: string,
  owners: ReadonlyMap<string, string> | undefined,
  { sites, arrivals }: Parts,
  again: () => Promise<BrokerCaller | undefined>,
): Promise<BrokerCaller> {
  const caller = createCaller({
    ...{ principal, from, served: () => sites.all().map(({ site }) => site.id) },
    ...(owners ? { owners } : {}),
    again: () => Promise.resolve(),
    about: () => undefined,
  })
  const writable = sites.all().filter(({ site }) => caller.may('ingest', site.id))
  return {
    ...{ key: `${principal.kind} ${principal.id}`, source: 'mqtt', again },
    sites: writable.map(({ site: { id } }) => {
      const organisation = caller.ownerOf(id)
      return { site: id, points: writablePoints(principal, { site: id, organisation }) }
    }),
    async take(batch) {
      const { batch: accepted, refused, refusedCount } = acceptBatch(batch, acceptRules(sites, caller))
      await arrivals.keep(accepted)
      return { stored: accepted.count, refused, refusedCount }
    },
  }
}
