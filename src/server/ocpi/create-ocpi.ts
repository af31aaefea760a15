import type { Clock, Site } from '../../kernel/index.ts'
import type { Records } from '../../store/index.ts'
import type { Accounts } from '../accounts/accounts.ts'
import type { Field } from '../field/create-field.ts'
import type { SiteBook } from '../site-book.ts'
import { createParties, type Parties, type Party, partyKey } from './parties.ts'
import { loadRoamingTokens, type RoamingTokens } from './roaming-tokens.ts'
import { createSiteRoamings, type SiteRoaming, type SiteRoamings } from './site-roaming.ts'

/** Roaming by OCPI 2.2.1, as charge point operator. */
export interface Ocpi {
  readonly parties: Parties
  /** What a party sees; undefined where the site has another owner now, is not served, or not open to roaming. */
  view(party: Party): Promise<OcpiView | undefined>
  /** Lets stations know the cards of parties, now and when a door opens. */
  start(): void
  stop(): void
}

export interface OcpiView {
  readonly site: Site
  readonly roaming: SiteRoaming
  readonly tokens: RoamingTokens
  readonly put: SiteRoamings['put']
  /** {@link partyKey} of who looks. */
  readonly key: string
}

export interface OcpiParts {
  readonly accounts: Pick<Accounts, 'organisations'>
  readonly sites: Pick<SiteBook, 'all'>
  readonly field: Pick<Field, 'links'>
  readonly records: Records
  readonly clock: Clock
  report(error: unknown, message: string): void
}

/** Doors of stations open late, and again after a failure. */
const lookMs = 2000

export function createOcpi({ accounts, sites, field, records, clock, report }: OcpiParts): Ocpi {
  let made: Promise<{ readonly tokens: RoamingTokens; readonly roamings: SiteRoamings }> | undefined
  const load = async () => {
    const tokens = await loadRoamingTokens(records)
    return { tokens, roamings: createSiteRoamings({ field, tokens, records, clock }) }
  }
  const parts = () => {
    made ??= load().catch((error: unknown) => {
      made = undefined
      throw error
    })
    return made
  }
  const open = () => sites.all().filter(({ site }) => site.sections.roaming !== undefined)
  let looking: NodeJS.Timeout | undefined
  const attach = async (): Promise<void> => {
    const { roamings } = await parts()
    for (const { site } of open()) roamings.attach(site)
  }
  return {
    parties: createParties(records, clock),
    async view(party) {
      const site = open().find((one) => one.site.id === party.site)?.site
      const owner = (await accounts.organisations.owners()).get(party.site) ?? '*'
      if (!site || owner !== party.organisation) return undefined
      const { tokens, roamings } = await parts()
      roamings.attach(site)
      const roaming = roamings.of(site)
      return roaming && { site, roaming, tokens, put: roamings.put, key: partyKey(party) }
    },
    start() {
      if (looking || open().length === 0) return
      const look = (): void =>
        void attach().catch((error: unknown) => report(error, 'stations do not know the cards of other parties yet'))
      look()
      looking = setInterval(look, lookMs).unref()
    },
    stop: () => clearInterval(looking),
  }
}
