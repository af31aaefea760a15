import Type from 'typebox'
import { permissions, roles } from '../../accounts/roles.ts'
import { userNamePattern } from '../../accounts/users.ts'

export const organisationPattern = '^[a-z0-9][a-z0-9-]{0,63}$'
const siteId = Type.String({ minLength: 1, maxLength: 200 })

export const SitesSchema = Type.Union([Type.Literal('*'), Type.Array(siteId, { maxItems: 1000 })], {
  description: '`*` = all of them',
})

export const GrantSchema = Type.Object(
  {
    organisation: Type.String({ maxLength: 64, description: 'Id of the organisation; `*` = the platform' }),
    role: Type.Enum([...roles]),
    sites: SitesSchema,
  },
  { additionalProperties: false },
)

export const GrantsSchema = Type.Array(GrantSchema, { maxItems: 100 })
export const PermissionsSchema = Type.Array(Type.Enum([...permissions]), { minItems: 1, maxItems: permissions.length })
export const UserName = Type.String({ pattern: userNamePattern, description: 'Small letters, figures and . _ @ + -' })
export const Title = Type.String({ minLength: 1, maxLength: 100 })
/** Longer than any that is accepted, and short enough to hash. */
export const GivenPassword = Type.String({ minLength: 1, maxLength: 1024 })
export const RemovedSchema = Type.Object({ removed: Type.Boolean() })

export const UserSchema = Type.Object({
  name: Type.String(),
  grants: GrantsSchema,
  disabled: Type.Boolean(),
  createdMs: Type.Number(),
  secondFactor: Type.Boolean({ description: 'Codes of an authenticator are asked for' }),
  initialPassword: Type.Boolean({ description: 'The password is still the one that the server made' }),
  provider: Type.Boolean({ description: 'Known from the identity provider' }),
})

export const MeSchema = Type.Object({
  kind: Type.Enum(['local', 'user', 'token', 'device']),
  id: Type.String(),
  user: Type.Union([Type.String(), Type.Null()]),
  mustChangePassword: Type.Boolean(),
  secondFactor: Type.Boolean(),
  access: Type.Array(
    Type.Object({
      organisation: Type.String(),
      sites: SitesSchema,
      permissions: Type.Array(Type.String()),
    }),
  ),
})
