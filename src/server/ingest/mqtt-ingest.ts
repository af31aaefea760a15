import { createMqttIngest, type MqttConnection, type MqttIngest } from '../../gateway/index.ts'
import type { Principal } from '../accounts/principal.ts'
import { createCaller } from '../caller.ts'
import type { ServerParts } from '../server-parts.ts'
import { acceptBatch } from './accept-batch.ts'
import { acceptRules } from './accept-rules.ts'

/** A broker is one device: it may write observations of the sites that its settings name, and do nothing else. */
const brokerPrincipal = (sites: '*' | readonly string[]): Principal => ({
  kind: 'device',
  id: 'mqtt',
  access: [{ organisation: '*', sites, permissions: ['ingest'] }],
})

/** Begins to take observations from a broker, by the rules of those that come over HTTP. */
export function startMqttIngest(
  connection: MqttConnection,
  clientId: string,
  { sites, arrivals, clock, report }: Pick<ServerParts, 'sites' | 'arrivals' | 'clock' | 'report'>,
): Promise<MqttIngest> {
  const caller = createCaller({
    principal: brokerPrincipal(connection.settings.sites ?? '*'),
    from: 'mqtt',
    served: () => sites.all().map(({ site }) => site.id),
    again: () => Promise.resolve(),
    about: () => undefined,
  })
  return createMqttIngest({
    ...{ connection, clientId, clock, report },
    async take(batch) {
      const { batch: accepted, refused, refusedCount } = acceptBatch(batch, acceptRules(sites, caller))
      await arrivals.keep(accepted)
      return { stored: accepted.count, refused, refusedCount }
    },
  })
}
