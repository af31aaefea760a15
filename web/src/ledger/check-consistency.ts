import { bytesOfHex, hexOf, isSigned, nodePrefix, readCheckpoint } from './check-proof.ts'
import type { ConsistencyProof } from './ledger-queries.ts'
import { sha256 } from './sha-256.ts'

/** What was found of a log against an earlier checkpoint of it. */
export interface CheckedConsistency {
  readonly first: number
  readonly second: number
  /** Root of then by the earlier checkpoint, hex. */
  readonly knownRoot: string
  /** Root of now by the checkpoint that was sent, hex. */
  readonly signedRoot: string
  /** Whether the log of now begins with that of then. */
  readonly goesOn: boolean
  /** Whether both checkpoints are signed by the key; undefined: this browser cannot tell. */
  readonly signed: boolean | undefined
  readonly firstTime: string
  readonly secondTime: string
}

const half = (value: number): number => Math.floor(value / 2)
const isPowerOfTwo = (value: number): boolean => Number.isInteger(Math.log2(value))

/**
 * Whether a path shows that a log of `second` entries begins with one of `first`. RFC 9162, section 2.1.4.2.
 *
 * @param roots of the first and of the second log
 */
export function leadsOn(
  { first, second }: { readonly first: number; readonly second: number },
  [firstRoot, secondRoot]: readonly [Uint8Array, Uint8Array],
  path: readonly Uint8Array[],
): boolean {
  if (!Number.isInteger(first) || first < 0 || first > second) return false
  if (first === second) return path.length === 0 && hexOf(firstRoot) === hexOf(secondRoot)
  // Every log goes on from the empty one.
  if (first === 0) return path.length === 0
  const [start, ...rest] = isPowerOfTwo(first) ? [firstRoot, ...path] : path
  if (!start) return false
  let [node, last] = [first - 1, second - 1]
  while (node % 2 === 1) [node, last] = [half(node), half(last)]
  let [before, after] = [start, start]
  for (const other of rest) {
    if (last === 0) return false
    if (node % 2 === 1 || node === last) {
      before = sha256(nodePrefix, other, before)
      after = sha256(nodePrefix, other, after)
      while (node % 2 === 0 && node !== 0) [node, last] = [half(node), half(last)]
    } else {
      after = sha256(nodePrefix, after, other)
    }
    ;[node, last] = [half(node), half(last)]
  }
  return last === 0 && hexOf(before) === hexOf(firstRoot) && hexOf(after) === hexOf(secondRoot)
}

/**
 * Checks on this machine that a ledger goes on from an earlier checkpoint: nothing that was signed for then is changed or missing.
 *
 * @param earlier checkpoint that the reader kept
 * @param key that the reader trusts; the one of the answer where it is not said
 */
export async function checkConsistency(
  earlier: string,
  proof: ConsistencyProof,
  key: string = proof.verifierKey,
): Promise<CheckedConsistency | undefined> {
  const [then, now] = [readCheckpoint(earlier), readCheckpoint(proof.checkpoint)]
  if (!then || !now || then.origin !== now.origin) return undefined
  const fits = proof.first === then.size && proof.second === now.size
  const signs = await Promise.all([isSigned(then, key), isSigned(now, key)])
  return {
    ...{ first: then.size, second: now.size, knownRoot: hexOf(then.root), signedRoot: hexOf(now.root) },
    goesOn: fits && leadsOn(proof, [then.root, now.root], proof.path.map(bytesOfHex)),
    signed: signs.includes(false) ? false : signs.includes(undefined) ? undefined : true,
    ...{ firstTime: then.time, secondTime: now.time },
  }
}
