import type { Token } from '../../gateway/index.ts'
import { readOcpiTime } from '../../gateway/index.ts'
import type { Records } from '../../store/index.ts'
import { everyRecord } from '../accounts/cached-records.ts'
import { OcpiError } from './ocpi-error.ts'

/** A card of a party, as it told it. */
export interface RoamingToken {
  readonly site: string
  /** {@link partyKey}. */
  readonly party: string
  readonly token: Token
}

export interface RoamingTokens {
  find(party: string, type: Token['type'], uid: string): RoamingToken | undefined
  /** The card of that number at a site, of whatever party; the number alone is what a station tells. */
  atSite(site: string, uid: string): RoamingToken | undefined
  of(site: string): readonly RoamingToken[]
  /**
   * Keeps it, unless what is there is newer.
   *
   * @throws OcpiError where another party has a card of that number, or there are too many
   */
  put(site: string, party: string, token: Token): Promise<RoamingToken>
}

const kind = 'ocpi-token'
const mostOfParty = 100_000

/** Cards of other parties, in memory and in the records. */
export async function loadRoamingTokens(records: Records): Promise<RoamingTokens> {
  const byUid = new Map<string, RoamingToken>()
  const counts = new Map<string, number>()
  const keyOf = (site: string, uid: string): string => `${site}/${uid.toLowerCase()}`
  const remember = (one: RoamingToken): void => {
    const key = keyOf(one.site, one.token.uid)
    if (!byUid.has(key)) counts.set(one.party, (counts.get(one.party) ?? 0) + 1)
    byUid.set(key, one)
  }
  for (const { content } of await everyRecord<RoamingToken>(records, kind)) remember(content)
  const atSite: RoamingTokens['atSite'] = (site, uid) => byUid.get(keyOf(site, uid))
  return {
    atSite,
    of: (site) => [...byUid.values()].filter((one) => one.site === site),
    find(party, type, uid) {
      const found = byUid.get(keyOf(party.slice(0, party.lastIndexOf('/')), uid))
      return found?.party === party && found.token.type === type ? found : undefined
    },
    async put(site, party, token) {
      const known = atSite(site, token.uid)
      if (known && (known.party !== party || known.token.type !== token.type)) {
        throw new OcpiError(400, 2001, 'A card of this number is known here already')
      }
      if (!known && (counts.get(party) ?? 0) >= mostOfParty) {
        throw new OcpiError(400, 2000, `There are ${mostOfParty} tokens of this party, which is the most`)
      }
      if (known && (readOcpiTime(known.token.last_updated) ?? 0) > (readOcpiTime(token.last_updated) ?? 0)) return known
      const one: RoamingToken = { site, party, token }
      await records.put(kind, keyOf(site, token.uid), one)
      remember(one)
      return one
    },
  }
}
