import { MangroveError } from '../../kernel/index.ts'
import type { Records } from '../../store/index.ts'
import { everyRecord } from './cached-records.ts'
import { accountErrors } from './errors.ts'

/** Who owns sites. */
export interface Organisation {
  readonly id: string
  readonly name: string
  readonly sites: readonly string[]
}

export interface Organisations {
  all(): Promise<readonly Organisation[]>
  /** @throws `accounts.unknown-organisation` */
  get(id: string): Promise<Organisation>
  /** @throws `accounts.name-taken` */
  create(organisation: Organisation): Promise<Organisation>
  /** Gives it another name or other sites; a site that another one owns is refused. @throws `accounts.bad-grant` */
  change(id: string, change: Partial<Omit<Organisation, 'id'>>): Promise<Organisation>
  /** Organisations by the sites they own. */
  owners(): Promise<ReadonlyMap<string, string>>
  /** Gives sites that nobody owns to the only organisation; where there are several, a person decides. */
  adopt(sites: readonly string[]): Promise<void>
}

const kind = 'organisation'

export function createOrganisations(records: Records): Organisations {
  const all = async () => (await everyRecord<Organisation>(records, kind)).map(({ content }) => content)
  const owners = async () => new Map((await all()).flatMap(({ id, sites }) => sites.map((site) => [site, id] as const)))
  const unowned = async (id: string, sites: readonly string[]): Promise<void> => {
    const known = await owners()
    const foreign = sites.find((site) => (known.get(site) ?? id) !== id)
    if (foreign === undefined) return
    throw accountErrors.badGrant({ detail: 'Another organisation owns this site', found: foreign })
  }
  const get = async (id: string) => {
    const found = await records.get<Organisation>(kind, id)
    if (!found) throw accountErrors.unknownOrganisation({ detail: 'There is no organisation of that id', found: id })
    return found
  }
  const organisations: Organisations = {
    all,
    owners,
    get: async (id) => (await get(id)).content,
    async create(organisation) {
      if (await records.get(kind, organisation.id)) {
        throw accountErrors.nameTaken({ detail: 'There is an organisation of this id', found: organisation.id })
      }
      await unowned(organisation.id, organisation.sites)
      return (await records.put(kind, organisation.id, organisation, 0)).content
    },
    async change(id, change) {
      const { content, version } = await get(id)
      if (change.sites) await unowned(id, change.sites)
      return (await records.put(kind, id, { ...content, ...change }, version)).content
    },
    async adopt(sites) {
      const known = await owners()
      const free = sites.filter((site) => !known.has(site))
      const [only, ...more] = await all()
      if (!only || more.length > 0 || free.length === 0) return
      await organisations.change(only.id, { sites: [...only.sites, ...free] }).catch((error: unknown) => {
        // Another node, which serves the same sites, did it at the same moment.
        if (!(error instanceof MangroveError) || error.code !== 'store.conflict') throw error
      })
    },
  }
  return organisations
}
