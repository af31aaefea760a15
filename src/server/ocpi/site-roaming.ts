import { statSync } from 'node:fs'
import {
  type Cdr,
  type CdrToken,
  cdrOf,
  chargingTariff,
  type EvseNow,
  type Location,
  locationOf,
  type OcppClient,
  type Roaming,
  type RoamingEvse,
  type RoamingTransaction,
  roamingEvses,
  roamingOf,
  type Session,
  sessionId,
  sessionOf,
  statusWords,
  type Tariff,
  type Token,
  type Transaction,
  tariffOf,
} from '../../gateway/index.ts'
import { type Clock, MangroveError, type Site } from '../../kernel/index.ts'
import type { Records } from '../../store/index.ts'
import { everyRecord } from '../accounts/cached-records.ts'
import type { Field } from '../field/create-field.ts'
import { invalid, OcpiError } from './ocpi-error.ts'
import type { RoamingToken, RoamingTokens } from './roaming-tokens.ts'

/** What is left of a session after it ended: it never changes again, whatever becomes of tariffs and chargers. */
interface Settled {
  readonly site: string
  readonly party: string
  readonly settledMs: number
  readonly session: Session
  readonly cdr: Cdr | null
}

/** What parties see of a site. */
export interface SiteRoaming {
  location(): Location
  tariffs(): readonly Tariff[]
  /** Sessions of cards of the party, oldest first. */
  sessions(party: string): Promise<readonly Session[]>
  /** Oldest first. */
  cdrs(party: string): Promise<readonly Cdr[]>
}

export interface SiteRoamings {
  /** Undefined for a site that is not open to roaming. */
  of(site: Site): SiteRoaming | undefined
  /** Lets stations whose door has opened know the cards of other parties. */
  attach(site: Site): void
  /** A card of a party changed. @throws OcpiError for the number of a card of the site itself */
  put(site: Site, party: string, token: Token): Promise<RoamingToken>
}

export interface SiteRoamingParts {
  readonly field: Pick<Field, 'links'>
  readonly tokens: RoamingTokens
  readonly records: Records
  readonly clock: Clock
}

/** Late values of a session that ended are waited for so long. */
const graceMs = 60_000
const kind = 'ocpi-settled'

type System = NonNullable<OcppClient['system']>

export function createSiteRoamings({ field, tokens, records, clock }: SiteRoamingParts): SiteRoamings {
  const startedMs = clock.now()
  /** When something of a transaction came to be known, in this process. */
  const touched = new Map<string, number>()
  const statuses = new Map<string, EvseNow>()
  const followed = new WeakSet<System>()
  const ownCards = new Set<string>()
  const cardKey = (site: string, uid: string): string => `${site}/${uid.toLowerCase()}`
  /** By `site/party/session`. */
  let settled: Promise<Map<string, Settled>> | undefined
  const load = async (): Promise<Map<string, Settled>> =>
    new Map((await everyRecord<Settled>(records, kind)).map(({ key, content }) => [key, content]))
  const allSettled = (): Promise<Map<string, Settled>> => {
    settled ??= load().catch((error: unknown) => {
      settled = undefined
      throw error
    })
    return settled
  }
  const systemsOf = (site: string): ReadonlyMap<string, System> =>
    new Map(
      field.links().flatMap((link) => {
        if (link.site !== site || link.protocol !== 'ocpp') return []
        const { system } = link.client as OcppClient
        return system ? [[link.id, system] as const] : []
      }),
    )

  const attach = (site: Site): void => {
    for (const system of systemsOf(site.id).values()) {
      if (followed.has(system)) continue
      followed.add(system)
      system.onRecord((record) => {
        if (record.kind !== 'transaction') return
        touched.set(`${site.id}/${sessionId(record)}`, clock.now())
      })
      // Before any of a party is put in, these are the cards of the site itself: nobody takes one over.
      for (const { id } of system.tokens) ownCards.add(cardKey(site.id, id))
      for (const { token, party } of tokens.of(site.id)) {
        if (!ownCards.has(cardKey(site.id, token.uid))) applyToken(system, party, token)
      }
    }
  }
  /** The file was read at the start. */
  const changedMsOf = (site: Site): number => {
    try {
      return Math.min(startedMs, Math.floor(statSync(site.source.file).mtimeMs))
    } catch {
      return startedMs
    }
  }

  const nowOf = (site: Site, evse: RoamingEvse): EvseNow => {
    const system = systemsOf(site.id).get(evse.gateway)
    const newest = system?.stationFigures(evse.stationId).connected
      ? [...system.book.station(evse.stationId).statuses.values()]
          .filter(({ evseId }) => evseId === evse.evseId)
          .reduce<{ atMs: number; status: keyof typeof statusWords } | undefined>(
            (last, one) => (last && last.atMs > one.atMs ? last : one),
            undefined,
          )
      : undefined
    const status = newest ? statusWords[newest.status] : 'UNKNOWN'
    const key = `${site.id}/${evse.gateway}/${evse.stationId}/${evse.evseId}`
    const known = statuses.get(key)
    if (known?.status === status) return known
    const now = { status, sinceMs: known ? clock.now() : startedMs }
    statuses.set(key, now)
    return now
  }

  /** Transactions of cards of the party, as far as somebody may see their chargers. */
  const transactionsOf = (site: Site, roaming: Roaming, party: string): readonly RoamingTransaction[] => {
    const evses = new Map(
      roamingEvses(site, roaming).map((evse) => [`${evse.gateway}/${evse.stationId}/${evse.evseId}`, evse]),
    )
    return [...systemsOf(site.id)].flatMap(([gateway, system]) =>
      system.book.transactions().flatMap((transaction) => {
        const { idToken } = transaction
        const isOther = idToken !== undefined && !ownCards.has(cardKey(site.id, idToken))
        const found = isOther ? tokens.atSite(site.id, idToken) : undefined
        const evse = evses.get(`${gateway}/${transaction.stationId}/${transaction.evseId}`)
        const tariff = evse && chargingTariff(site, roaming, evse.charger.tariff)
        if (found?.party !== party || !evse || !tariff) return []
        const { country_code, party_id, uid, type, contract_id } = found.token
        const token: CdrToken = { country_code, party_id, uid, type, contract_id }
        const changedMs =
          touched.get(`${site.id}/${sessionId(transaction)}`) ?? Math.max(startedMs, lastOf(transaction))
        return [{ site, roaming, evse, tariff, transaction, token, changedMs }]
      }),
    )
  }
  /** Settles what ended a while ago, once. */
  const settle = async (key: string, party: string, one: RoamingTransaction): Promise<Settled> => {
    const final = { ...one, changedMs: clock.now() }
    const outcome = cdrOf(final)
    const made: Settled = {
      ...{ site: one.site.id, party, settledMs: final.changedMs, session: sessionOf(final) },
      cdr: outcome.kind === 'cdr' ? outcome.cdr : null,
    }
    const all = await allSettled()
    try {
      await records.put(kind, key, made, 0)
    } catch (error) {
      // Another node did.
      if (!(error instanceof MangroveError) || error.code !== 'store.conflict') throw error
      const there = await records.get<Settled>(kind, key)
      if (there) {
        all.set(key, there.content)
        return there.content
      }
    }
    all.set(key, made)
    return made
  }
  const seenBy = async (site: Site, roaming: Roaming, party: string) => {
    if (systemsOf(site.id).size === 0) throw new OcpiError(503, 3000, 'The charging stations are not known yet')
    const all = await allSettled()
    const open: Session[] = []
    for (const one of transactionsOf(site, roaming, party)) {
      const key = `${party}/${sessionId(one.transaction)}`
      if (all.has(key)) continue
      const { endedMs } = one.transaction
      if (endedMs !== undefined && clock.now() - one.changedMs >= graceMs) await settle(key, party, one)
      else open.push(sessionOf(one))
    }
    const own = [...all.values()].filter((one) => one.party === party)
    return { own: own.sort((a, b) => a.settledMs - b.settledMs), open }
  }

  return {
    attach,
    async put(site, party, token) {
      if (ownCards.has(cardKey(site.id, token.uid))) throw invalid('A card of this number is known here already')
      const one = await tokens.put(site.id, party, token)
      for (const system of systemsOf(site.id).values()) applyToken(system, party, one.token)
      return one
    },
    of(site) {
      const roaming = roamingOf(site)
      if (!roaming) return undefined
      const parts = { country: roaming.country, party: roaming.party }
      return {
        location: () => locationOf({ site, roaming, changedMs: changedMsOf(site), now: (evse) => nowOf(site, evse) }),
        tariffs: () =>
          Object.keys(roaming.tariffs).map((id) =>
            tariffOf(chargingTariff(site, roaming, id)!, { ...parts, changedMs: changedMsOf(site) }),
          ),
        async sessions(party) {
          const { own, open } = await seenBy(site, roaming, party)
          return [...own.map(({ session }) => session), ...open].sort((a, b) =>
            a.start_date_time === b.start_date_time
              ? a.id.localeCompare(b.id)
              : a.start_date_time.localeCompare(b.start_date_time),
          )
        },
        async cdrs(party) {
          const { own } = await seenBy(site, roaming, party)
          return own.flatMap(({ cdr }) => cdr ?? [])
        },
      }
    },
  }
}

/** Newest time that a transaction tells of itself. */
const lastOf = ({ startedMs, endedMs, registerWh }: Transaction): number =>
  Math.max(startedMs, endedMs ?? 0, registerWh.at(-1)?.atMs ?? 0)

/** A card may charge where its party says so without being asked: nothing here asks. */
function applyToken({ tokens }: System, party: string, { uid, valid, whitelist, group_id }: Token): void {
  const may = valid && (whitelist === 'ALWAYS' || whitelist === 'ALLOWED')
  // Groups of two parties are not one.
  tokens.put({ id: uid, blocked: !may, ...(group_id === undefined ? {} : { group: `${party} ${group_id}` }) })
}
