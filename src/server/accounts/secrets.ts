import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

/** 256 bits of chance in base64url: 43 characters. */
export const newSecret = (): string => randomBytes(32).toString('base64url')

/** SHA-256 in hex. Enough at rest for what has 256 bits of chance; passwords take scrypt. */
export const hashSecret = (secret: string): string => createHash('sha256').update(secret).digest('hex')

/** Compares in a time that tells nothing of where two texts differ. */
export const sameText = (one: string, other: string): boolean =>
  timingSafeEqual(createHash('sha256').update(one).digest(), createHash('sha256').update(other).digest())

const kinds = { token: 'mgv_t', device: 'mgv_d' } as const
export type CredentialKind = keyof typeof kinds

/** A credential as it is shown once: `mgv_t_<id>_<secret>`. The id finds it, the prefix lets scanners of leaks know it. */
export const credentialText = (kind: CredentialKind, id: string, secret: string): string =>
  `${kinds[kind]}_${id}_${secret}`

export const newCredentialId = (): string => randomBytes(9).toString('hex')

export interface CredentialParts {
  readonly kind: CredentialKind
  readonly id: string
  readonly secret: string
}

const form = /^(mgv_[td])_([0-9a-f]{18})_([A-Za-z0-9_-]{43})$/

/** Undefined for a text that no credential has. */
export function readCredential(text: string): CredentialParts | undefined {
  const [, prefix, id, secret] = form.exec(text) ?? []
  if (id === undefined || secret === undefined) return undefined
  return { kind: prefix === kinds.token ? 'token' : 'device', id, secret }
}
