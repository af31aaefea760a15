import Type from 'typebox'
import type { Accounts } from '../../accounts/accounts.ts'
import type { Device } from '../../accounts/devices.ts'
import { serverErrors } from '../../errors.ts'
import { defineRoute, type Route } from '../../route.ts'
import type { ServerParts } from '../../server-parts.ts'
import { siteParams } from '../sites.ts'
import { RemovedSchema, Title } from './account-schemas.ts'

const DeviceSchema = Type.Object({
  id: Type.String(),
  title: Type.String(),
  site: Type.String(),
  points: Type.Union([Type.Array(Type.String()), Type.Null()], { description: 'null = every point of the site' }),
  createdMs: Type.Number(),
})

const shown = ({ id, title, site, points, createdMs }: Device) => ({
  ...{ id, title, site, createdMs },
  points: points ?? null,
})

export function deviceRoutes({ devices }: Accounts, { sites }: ServerParts): readonly Route[] {
  const tag = 'Devices'
  return [
    defineRoute({
      method: 'GET',
      url: '/api/v1/sites/:id/devices',
      operationId: 'listDevices',
      access: 'administer',
      site: 'path.id',
      tag,
      summary: 'Devices that may write observations of the site',
      params: siteParams,
      responses: { 200: { description: 'Devices', schema: Type.Object({ devices: Type.Array(DeviceSchema) }) } },
      problems: [401, 403, 404],
      handle: async ({ params: { id } }) => ({ devices: (await devices.of(id)).map(shown) }),
    }),
    defineRoute({
      method: 'POST',
      url: '/api/v1/sites/:id/devices',
      operationId: 'createDevice',
      access: 'administer',
      site: 'path.id',
      tag,
      summary: 'Makes the credential of a device: it may write observations of this site and nothing else',
      params: siteParams,
      body: Type.Object(
        {
          title: Title,
          points: Type.Optional(
            Type.Array(Type.String(), { minItems: 1, maxItems: 1000, description: '`<asset>.<point>`; absent: all' }),
          ),
        },
        { additionalProperties: false },
      ),
      responses: {
        200: {
          description: 'The device',
          schema: Type.Object({ device: DeviceSchema, text: Type.String({ description: 'Shown once: `mgv_d_…`' }) }),
        },
      },
      problems: [401, 403, 404, 422],
      async handle({ params: { id }, body: { title, points }, caller }) {
        const known = sites.points(sites.get(id).site)
        const unknown = points?.find((point) => !known.has(point))
        if (unknown !== undefined) {
          throw serverErrors.unknownPoint({
            detail: 'The site has no such point',
            place: { path: 'body.points' },
            found: unknown,
            expected: '`<asset>.<point>` of the site',
          })
        }
        const organisation = caller.ownerOf(id) ?? '*'
        const { device, text } = await devices.create({ title, site: id, organisation, ...(points ? { points } : {}) })
        caller.about(`device ${device.id}`)
        return { device: shown(device), text }
      },
    }),
    defineRoute({
      method: 'DELETE',
      url: '/api/v1/sites/:id/devices/:device',
      operationId: 'removeDevice',
      access: 'administer',
      site: 'path.id',
      tag,
      summary: 'Revokes the credential of a device, at once',
      params: Type.Object({ ...siteParams.properties, device: Type.String() }),
      responses: { 200: { description: 'It is revoked', schema: RemovedSchema } },
      problems: [401, 403, 404],
      async handle({ params: { id, device }, caller }) {
        caller.about(`device ${device}`)
        await devices.remove(id, device)
        return { removed: true }
      },
    }),
  ]
}
