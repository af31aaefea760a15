import Type from 'typebox'
import type { Accounts } from '../../accounts/accounts.ts'
import { accountErrors } from '../../accounts/errors.ts'
import { forbidden } from '../../caller.ts'
import { defineRoute, type Route } from '../../route.ts'
import { organisationPattern, Title } from './account-schemas.ts'

const OrganisationSchema = Type.Object({
  id: Type.String(),
  name: Type.String(),
  sites: Type.Array(Type.String()),
})
const sites = Type.Array(Type.String({ minLength: 1, maxLength: 200 }), { maxItems: 10_000, uniqueItems: true })

export function organisationRoutes({ organisations }: Accounts): readonly Route[] {
  const tag = 'Organisations'
  return [
    defineRoute({
      method: 'GET',
      url: '/api/v1/organisations',
      operationId: 'listOrganisations',
      access: 'identified',
      tag,
      summary: 'Organisations that the caller belongs to, with the sites that the caller may know',
      responses: {
        200: { description: 'Organisations', schema: Type.Object({ organisations: Type.Array(OrganisationSchema) }) },
      },
      problems: [401],
      async handle({ caller }) {
        const { access } = caller.principal
        const own = (await organisations.all()).filter(({ id }) =>
          access.some(({ organisation }) => organisation === '*' || organisation === id),
        )
        return {
          organisations: own.map((found) => ({
            ...found,
            sites: found.sites.filter((site) => caller.administers(found.id) || caller.sees(site)),
          })),
        }
      },
    }),
    defineRoute({
      method: 'POST',
      url: '/api/v1/organisations',
      operationId: 'createOrganisation',
      access: 'administer',
      site: 'handler',
      tag,
      summary: 'Makes an organisation; for who administers the platform',
      body: Type.Object(
        { id: Type.String({ pattern: organisationPattern }), name: Title, sites: Type.Optional(sites) },
        { additionalProperties: false },
      ),
      responses: { 200: { description: 'The organisation', schema: OrganisationSchema } },
      problems: [401, 403, 409, 422],
      async handle({ body, caller }) {
        caller.about(`organisation ${body.id}`)
        if (!caller.administers('*')) throw forbidden('administer')
        return organisations.create({ id: body.id, name: body.name, sites: body.sites ?? [] })
      },
    }),
    defineRoute({
      method: 'POST',
      url: '/api/v1/organisations/:organisation',
      operationId: 'changeOrganisation',
      access: 'administer',
      site: 'handler',
      tag,
      summary: 'Gives an organisation another name; its sites only for who administers the platform',
      params: Type.Object({ organisation: Type.String() }),
      body: Type.Object({ name: Type.Optional(Title), sites: Type.Optional(sites) }, { additionalProperties: false }),
      responses: { 200: { description: 'The organisation', schema: OrganisationSchema } },
      problems: [401, 403, 404, 409, 422],
      async handle({ params: { organisation: id }, body: { name, sites: owned }, caller }) {
        caller.about(`organisation ${id}`)
        if (!caller.administers(id)) {
          throw accountErrors.unknownOrganisation({ detail: 'There is no organisation of that id', found: id })
        }
        if (owned !== undefined && !caller.administers('*')) throw forbidden('administer')
        caller.about(`organisation ${id}`, id)
        return organisations.change(id, {
          ...(name === undefined ? {} : { name }),
          ...(owned === undefined ? {} : { sites: owned }),
        })
      },
    }),
  ]
}
