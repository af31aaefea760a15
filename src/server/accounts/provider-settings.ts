import Type, { type Static } from 'typebox'
import { checkValue, MangroveError } from '../../kernel/index.ts'
import { accountErrors } from './errors.ts'
import { roles } from './roles.ts'

const ClaimGrantSchema = Type.Object(
  {
    claim: Type.String({ minLength: 1, description: 'Name of the claim: `groups`' }),
    value: Type.String({ description: 'The claim is this text, or a list that has it' }),
    grant: Type.Object(
      {
        organisation: Type.String({ minLength: 1 }),
        role: Type.Enum([...roles]),
        sites: Type.Union([Type.Literal('*'), Type.Array(Type.String())], { default: '*' }),
      },
      { additionalProperties: false },
    ),
  },
  { additionalProperties: false },
)

/** An OpenID Connect provider, and what its claims are worth here. */
const ProviderSchema = Type.Object(
  {
    issuer: Type.String({ pattern: '^https?://', description: 'As its discovery document says it, to the letter' }),
    clientId: Type.String({ minLength: 1 }),
    clientSecret: Type.String({ minLength: 1 }),
    title: Type.String({ default: 'Single sign-on', description: 'What the button says' }),
    callbackUrl: Type.Optional(
      Type.String({ pattern: '^https?://', description: 'Address of this server, where it is not the public one' }),
    ),
    scope: Type.String({ default: 'openid profile email' }),
    nameClaim: Type.Optional(
      Type.String({ description: 'Claim that names the user here; else preferred_username, email, sub' }),
    ),
    grants: Type.Array(ClaimGrantSchema, { minItems: 1, description: 'Who has none of these is not let in' }),
  },
  { additionalProperties: false },
)

export type ClaimGrant = Static<typeof ClaimGrantSchema>
export type ProviderSettings = Static<typeof ProviderSchema>

/**
 * Settings of an identity provider out of a file.
 *
 * @throws `accounts.bad-setting` with every problem
 */
export function readProvider(text: string, file: string): ProviderSettings {
  let given: unknown
  try {
    given = JSON.parse(text)
  } catch (cause) {
    throw accountErrors.badSetting(
      { detail: `This is no JSON: ${(cause as Error).message}`, place: { file } },
      { cause },
    )
  }
  const { value, problems } = checkValue(ProviderSchema, given)
  if (problems.length === 0) return value as ProviderSettings
  throw new MangroveError(
    problems.map(({ found: _, ...problem }) =>
      accountErrors.badSetting.problem({ ...problem, place: { ...problem.place, file } }),
    ),
  )
}
