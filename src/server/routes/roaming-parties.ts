import Type from 'typebox'
import { roamingOf } from '../../gateway/index.ts'
import type { Ocpi } from '../ocpi/create-ocpi.ts'
import { ocpiErrors, type Party } from '../ocpi/parties.ts'
import { defineRoute, type Route } from '../route.ts'
import type { ServerParts } from '../server-parts.ts'
import { RemovedSchema, Title } from './accounts/account-schemas.ts'
import { siteParams } from './sites.ts'

const PartySchema = Type.Object({
  id: Type.String(),
  title: Type.String(),
  country: Type.String(),
  party: Type.String(),
  state: Type.Enum(['invited', 'registered']),
  createdMs: Type.Number(),
  registeredMs: Type.Union([Type.Number(), Type.Null()]),
})
const shown = ({ id, title, country, party, state, createdMs, registeredMs }: Party) => ({
  ...{ id, title, country, party, state, createdMs, registeredMs: registeredMs ?? null },
})

/** Other companies whose customers may charge at a site. */
export function roamingPartyRoutes({ parties }: Ocpi, { sites }: ServerParts): readonly Route[] {
  const tag = 'Roaming'
  return [
    defineRoute({
      method: 'GET',
      url: '/api/v1/sites/:id/roaming-parties',
      operationId: 'listRoamingParties',
      access: 'administer',
      site: 'path.id',
      tag,
      summary: 'Parties of OCPI whose customers may charge at the site',
      params: siteParams,
      responses: { 200: { description: 'Parties', schema: Type.Object({ parties: Type.Array(PartySchema) }) } },
      problems: [401, 403, 404],
      handle: async ({ params: { id } }) => ({ parties: (await parties.of(id)).map(shown) }),
    }),
    defineRoute({
      method: 'POST',
      url: '/api/v1/sites/:id/roaming-parties',
      operationId: 'inviteRoamingParty',
      access: 'administer',
      site: 'path.id',
      tag,
      summary: 'Makes the token with which a party signs up by OCPI 2.2.1',
      description: 'The token, A of the standard, is good for the handshake alone; the party gets another one there.',
      params: siteParams,
      body: Type.Object(
        {
          title: Title,
          country: Type.String({ pattern: '^[A-Z]{2}$', description: 'ISO 3166-1 alpha-2' }),
          party: Type.String({ pattern: '^[A-Z0-9]{3}$', description: 'Id of the party: it can speak for no other' }),
        },
        { additionalProperties: false },
      ),
      responses: {
        200: {
          description: 'The party',
          schema: Type.Object({ party: PartySchema, text: Type.String({ description: 'Shown once: `mgo_…`' }) }),
        },
      },
      problems: [401, 403, 404, 409, 422],
      async handle({ params: { id }, body, caller }) {
        if (!roamingOf(sites.get(id).site)) {
          throw ocpiErrors.noRoaming({
            detail: 'The site file has no section `roaming`',
            expected: 'docs/guides/ocpi.md',
          })
        }
        const organisation = caller.ownerOf(id) ?? '*'
        const { party, text } = await parties.invite({ ...body, site: id, organisation })
        caller.about(`roaming party ${party.country}-${party.party}`)
        return { party: shown(party), text }
      },
    }),
    defineRoute({
      method: 'DELETE',
      url: '/api/v1/sites/:id/roaming-parties/:party',
      operationId: 'removeRoamingParty',
      access: 'administer',
      site: 'path.id',
      tag,
      summary: 'Ends the token of a party, at once',
      params: Type.Object({ ...siteParams.properties, party: Type.String() }),
      responses: { 200: { description: 'It is ended', schema: RemovedSchema } },
      problems: [401, 403, 404],
      async handle({ params: { id, party }, caller }) {
        caller.about(`roaming party ${party.slice(0, 40)}`)
        await parties.remove(id, party)
        return { removed: true }
      },
    }),
  ]
}
