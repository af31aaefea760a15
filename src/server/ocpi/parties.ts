import { randomBytes } from 'node:crypto'
import type { Credentials } from '../../gateway/index.ts'
import { type Clock, defineErrors } from '../../kernel/index.ts'
import type { Records } from '../../store/index.ts'
import { everyRecord } from '../accounts/cached-records.ts'
import { hashSecret, newSecret, sameText } from '../accounts/secrets.ts'

export const ocpiErrors = defineErrors('ocpi', {
  partyThere: { status: 409, title: 'The party is there already' },
  unknownParty: { status: 404, title: 'Party is unknown' },
  noRoaming: { status: 422, title: 'The site is not open to roaming' },
})

/** Another company whose customers may charge at a site; at rest. */
export interface Party {
  readonly id: string
  readonly site: string
  /** That owned the site when it was invited; with another owner it is nobody. */
  readonly organisation: string
  readonly title: string
  /** ISO 3166-1 alpha-2 and id of the party, upper case: what it may speak for. */
  readonly country: string
  readonly party: string
  /** `invited`: it has a token for the handshake alone. */
  readonly state: 'invited' | 'registered'
  /** SHA-256 of the secret of its token: of A while it is invited, then of C. */
  readonly hash: string
  readonly createdMs: number
  readonly registeredMs?: number
  /** Where its versions are, and who it says that it is. Its own token is not kept: nothing here calls it. */
  readonly url?: string
  readonly roles?: Credentials['roles']
}

export interface FoundParty {
  readonly party: Party
  readonly version: number
}

export interface Parties {
  /** @returns the party and its token A, which is shown once @throws `ocpi.party-there` */
  invite(
    ask: Pick<Party, 'site' | 'organisation' | 'title' | 'country' | 'party'>,
  ): Promise<{ party: Party; text: string }>
  find(text: string): Promise<FoundParty | undefined>
  of(site: string): Promise<readonly Party[]>
  /** Gives it a new token, which takes the place of the one before. @throws `store.conflict` where it changed since */
  register(found: FoundParty, told: Pick<Party, 'url' | 'roles'>): Promise<{ party: Party; text: string }>
  /** @throws `ocpi.unknown-party` */
  remove(site: string, id: string): Promise<void>
}

const kind = 'ocpi-party'
/** OCPI has room for 64 characters. */
const form = /^mgo_([0-9a-f]{12})_([A-Za-z0-9_-]{43})$/
const textOf = (id: string, secret: string): string => `mgo_${id}_${secret}`

/** Key of what belongs to a party: it keeps it when it signs up anew. */
export const partyKey = ({ site, country, party }: Pick<Party, 'site' | 'country' | 'party'>): string =>
  `${site}/${country}-${party}`

export function createParties(records: Records, clock: Clock): Parties {
  const all = async () => (await everyRecord<Party>(records, kind)).map(({ content }) => content)
  return {
    async invite(ask) {
      if ((await all()).some((party) => partyKey(party) === partyKey(ask))) {
        throw ocpiErrors.partyThere({
          detail: 'The site knows this party; remove it first',
          found: `${ask.country}-${ask.party}`,
        })
      }
      const id = randomBytes(6).toString('hex')
      const secret = newSecret()
      const party: Party = { id, ...ask, state: 'invited', hash: hashSecret(secret), createdMs: clock.now() }
      await records.put(kind, id, party, 0)
      return { party, text: textOf(id, secret) }
    },
    async find(text) {
      const [, id, secret] = form.exec(text) ?? []
      if (id === undefined || secret === undefined) return undefined
      const found = await records.get<Party>(kind, id)
      return found && sameText(found.content.hash, hashSecret(secret))
        ? { party: found.content, version: found.version }
        : undefined
    },
    of: async (site) => (await all()).filter((party) => party.site === site),
    async register({ party, version }, told) {
      const secret = newSecret()
      const registered: Party = {
        ...party,
        ...told,
        ...{ state: 'registered' as const, hash: hashSecret(secret), registeredMs: clock.now() },
      }
      await records.put(kind, party.id, registered, version)
      return { party: registered, text: textOf(party.id, secret) }
    },
    async remove(site, id) {
      const found = /^[0-9a-f]{12}$/.test(id) ? await records.get<Party>(kind, id) : undefined
      if (found?.content.site !== site) {
        throw ocpiErrors.unknownParty({ detail: 'The site has no party of that id', found: id.slice(0, 40) })
      }
      await records.remove(kind, id)
    },
  }
}
