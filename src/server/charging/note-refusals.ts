import type { OcppClient } from '../../gateway/index.ts'
import type { Accounts } from '../accounts/accounts.ts'
import type { FieldLink } from '../field/create-field.ts'

export interface RefusalParts {
  readonly field: { links(): readonly FieldLink[] }
  readonly accounts: Pick<Accounts, 'audit' | 'organisations' | 'limits'>
  report(error: unknown, message: string): void
}

/** Doors of stations open late, and again after a failure. */
const lookMs = 2000

/** Notes in the audit log who called as a charging station and was not let in; of one address a few, as of other strangers. */
export function noteRefusals({ field, accounts, report }: RefusalParts): { stop(): void } {
  const followed = new WeakSet<object>()
  const note = async (site: string, gateway: string, stationId: string, from: string, why: string): Promise<void> => {
    if (accounts.limits.noted.take(from) > 0) return
    const organisation = (await accounts.organisations.owners()).get(site)
    await accounts.audit.note({
      ...{ who: { kind: 'nobody', id: '' }, what: 'station-sign-in', on: `station ${stationId} at ${gateway}` },
      ...{ site, from, outcome: 'refused', why: `ocpp.${why}` },
      ...(organisation === undefined ? {} : { organisation }),
    })
  }
  const look = (): void => {
    for (const { site, id, protocol, client } of field.links()) {
      const system = protocol === 'ocpp' ? (client as OcppClient).system : undefined
      if (!system || followed.has(system)) continue
      followed.add(system)
      system.onRefusal(({ stationId, from, why }) => {
        note(site, id, stationId, from ?? '', why).catch((error: unknown) =>
          report(error, `a charging station that was refused at ${site} is not in the audit log`),
        )
      })
    }
  }
  look()
  const looking = setInterval(look, lookMs).unref()
  return { stop: () => clearInterval(looking) }
}
