import { carbonErrors } from '../errors.ts'
import { type Checkpoint, openCheckpoint } from './checkpoint.ts'
import type { ConsistencyProof, InclusionProof } from './create-ledger.ts'
import { leafHash, verifyConsistency, verifyInclusion } from './merkle/index.ts'

const bytesOf = (hex: readonly string[]): readonly Buffer[] => hex.map((hash) => Buffer.from(hash, 'hex'))

/**
 * Verifies that an entry is in the log that a checkpoint was signed for.
 *
 * @throws `carbon.bad-proof`, `carbon.bad-signature`
 */
export function checkInclusion(
  { number, size, entry, path, checkpoint }: InclusionProof,
  verifierKey: string,
): Checkpoint {
  const signed = openCheckpoint(checkpoint, verifierKey)
  const claim = { index: number, size, leaf: leafHash(Buffer.from(entry)), root: signed.root }
  if (size === signed.size && verifyInclusion(claim, bytesOf(path))) return signed
  throw carbonErrors.badProof({
    detail: `Entry ${number} is not in the log of this checkpoint`,
    found: size,
    expected: `${signed.size} entries`,
  })
}

/**
 * Verifies that nothing of the first `first` entries was changed since their root was known.
 *
 * @param knownRoot root of the first `first` entries, from an earlier checkpoint, hex
 * @throws `carbon.bad-proof`, `carbon.bad-signature`
 */
export function checkConsistency(
  { first, second, path, checkpoint }: ConsistencyProof,
  { knownRoot, verifierKey }: { readonly knownRoot: string; readonly verifierKey: string },
): Checkpoint {
  const signed = openCheckpoint(checkpoint, verifierKey)
  const claim = { first, second, firstRoot: Buffer.from(knownRoot, 'hex'), secondRoot: signed.root }
  if (second === signed.size && verifyConsistency(claim, bytesOf(path))) return signed
  throw carbonErrors.badProof({
    detail: `The log does not go on from its first ${first} entries`,
    found: knownRoot,
    expected: 'the root they had',
  })
}
