import { createHash, createPublicKey, type KeyObject, sign, verify } from 'node:crypto'
import Type, { type Static } from 'typebox'
import { canonicalJson, checkValue, MangroveError } from '../../kernel/index.ts'
import { carbonErrors } from '../errors.ts'
import { type FactorSet, readFactorSet } from './read-set.ts'
import type { FactorSetFile } from './schema.ts'

/** A set of factors that somebody answers for. The signature is Ed25519 over the canonical JSON (RFC 8785) of `set` and `signer`. */
export const SignedFactorSetSchema = Type.Object(
  {
    set: Type.Unsafe<FactorSetFile>(Type.Unknown()),
    signer: Type.String({ minLength: 1, maxLength: 200, description: 'Who answers for it' }),
    publicKey: Type.String({ pattern: '^[A-Za-z0-9+/]{59}=$', description: 'Ed25519, SPKI DER in base64' }),
    signature: Type.String({ pattern: '^[A-Za-z0-9+/]{86}==$', description: 'Base64' }),
  },
  { additionalProperties: false },
)
export type SignedFactorSet = Static<typeof SignedFactorSetSchema>

const context = 'mangrove factor set v1\n'
const bytesOf = (set: unknown, signer: string): Buffer => Buffer.from(context + canonicalJson({ set, signer }))

/** Signs a set. @throws `carbon.bad-factor-set` for one that could not be used */
export function signFactorSet(set: FactorSetFile, signer: string, privateKey: KeyObject): SignedFactorSet {
  readFactorSet(set)
  const publicKey = createPublicKey(privateKey).export({ type: 'spki', format: 'der' }).toString('base64')
  return { set, signer, publicKey, signature: sign(null, bytesOf(set, signer), privateKey).toString('base64') }
}

/** `ed25519:` and the SHA-256 of the key: what people compare. */
export const keyFingerprint = (publicKey: string): string =>
  `ed25519:${createHash('sha256').update(Buffer.from(publicKey, 'base64')).digest('hex')}`

/**
 * Opens a signed set.
 *
 * @param trusted fingerprints of the keys whose sets may be used
 * @throws `carbon.bad-signature` for another content, or a key that nobody trusts; `carbon.bad-factor-set`
 */
export function openSignedSet(document: unknown, trusted: ReadonlySet<string>): FactorSet {
  const { problems } = checkValue(SignedFactorSetSchema, document)
  if (problems.length > 0) throw new MangroveError(problems.map((one) => carbonErrors.badSignature.problem(one)))
  const { set, signer, publicKey, signature } = document as SignedFactorSet
  const fingerprint = keyFingerprint(publicKey)
  if (!trusted.has(fingerprint)) {
    throw carbonErrors.badSignature({
      detail: `Nobody here trusts the key of ${signer}`,
      found: fingerprint,
      expected: [...trusted].join(', ') || 'a key that an administrator trusts',
    })
  }
  const key = createPublicKey({ key: Buffer.from(publicKey, 'base64'), type: 'spki', format: 'der' })
  if (!verify(null, bytesOf(set, signer), key, Buffer.from(signature, 'base64'))) {
    throw carbonErrors.badSignature({
      detail: 'The set is not what was signed',
      found: signature,
      expected: 'the set as it left its signer',
    })
  }
  return readFactorSet(set)
}
