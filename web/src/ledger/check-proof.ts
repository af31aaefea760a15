import type { LedgerProof } from './ledger-queries.ts'
import { sha256 } from './sha-256.ts'

/** What was found of a proof, step by step; a step that could not be made is undefined. */
export interface CheckedProof {
  /** Hash of the entry, hex. */
  readonly leaf: string
  /** Root that the path leads to, hex; undefined where it leads nowhere. */
  readonly computedRoot: string | undefined
  /** Root of the checkpoint, hex. */
  readonly signedRoot: string
  readonly leadsToRoot: boolean
  /** Whether the checkpoint is signed by the key. Undefined: this browser, or a page without TLS, cannot tell. */
  readonly signed: boolean | undefined
  /** When it was signed. */
  readonly time: string
  readonly size: number
}

const leafPrefix = Uint8Array.of(0)
export const nodePrefix = Uint8Array.of(1)
/** Ed25519, by the signed-note format. */
const algorithm = 1
const half = (value: number): number => Math.floor(value / 2)

/**
 * The root that a path leads to from a leaf; undefined where the path is of no log of that size. RFC 9162, section 2.1.3.2.
 */
export function rootOf(
  leaf: Uint8Array,
  { number, size }: { readonly number: number; readonly size: number },
  path: readonly Uint8Array[],
): Uint8Array | undefined {
  if (!Number.isInteger(number) || number < 0 || number >= size) return undefined
  let [node, last, hash] = [number, size - 1, leaf]
  for (const other of path) {
    if (last === 0) return undefined
    if (node % 2 === 1 || node === last) {
      hash = sha256(nodePrefix, other, hash)
      while (node % 2 === 0 && node !== 0) [node, last] = [half(node), half(last)]
    } else {
      hash = sha256(nodePrefix, hash, other)
    }
    ;[node, last] = [half(node), half(last)]
  }
  return last === 0 ? hash : undefined
}

export const bytesOfHex = (text: string): Uint8Array =>
  Uint8Array.from(text.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16))
const bytesOfBase64 = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0))
export const hexOf = (bytes: Uint8Array): string =>
  [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
const utf8 = new TextEncoder()

export interface ReadCheckpoint {
  /** What was signed. */
  readonly text: string
  readonly origin: string
  readonly size: number
  readonly root: Uint8Array
  readonly time: string
  readonly signatures: readonly { readonly name: string; readonly bytes: Uint8Array<ArrayBuffer> }[]
}

/** A checkpoint of C2SP tlog-checkpoint with an extension line for its time; undefined for what is none. */
export function readCheckpoint(note: string): ReadCheckpoint | undefined {
  const form =
    /^([^\n]+)\n(0|[1-9]\d{0,15})\n([A-Za-z0-9+/]{43}=)\ntime ([^\n]+)\n\n((?:\u2014 [^\s+]+ [A-Za-z0-9+/]+=*\n)+)$/
  const [, origin, size, root, time, lines] = form.exec(note) ?? []
  if (origin === undefined || root === undefined || time === undefined || lines === undefined) return undefined
  return {
    text: note.slice(0, note.length - lines.length - 1),
    ...{ origin, size: Number(size), root: bytesOfBase64(root), time },
    signatures: lines
      .split('\n')
      .slice(0, -1)
      .map((line) => {
        const [, name = '', base64 = ''] = line.split(' ')
        return { name, bytes: bytesOfBase64(base64) }
      }),
  }
}

/** Whether a checkpoint is signed by a verifier key; undefined where this browser cannot tell. */
export async function isSigned(checkpoint: ReadCheckpoint, verifierKey: string): Promise<boolean | undefined> {
  const [, name, id, base64] = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]{44})$/.exec(verifierKey) ?? []
  if (name === undefined || base64 === undefined) return false
  const typed = bytesOfBase64(base64)
  const ownId = hexOf(sha256(utf8.encode(`${name}\n`), typed)).slice(0, 8)
  if (typed.length !== 33 || typed[0] !== algorithm || ownId !== id) return false
  const own = checkpoint.signatures.find((one) => one.name === name && hexOf(one.bytes.subarray(0, 4)) === id)
  if (!own) return false
  // Not there on a page without TLS, and of Ed25519 not in a browser of before 2025.
  const subtle = globalThis.crypto?.subtle as SubtleCrypto | undefined
  if (!subtle) return undefined
  try {
    const key = await subtle.importKey('raw', typed.slice(1), 'Ed25519', false, ['verify'])
    return await subtle.verify('Ed25519', key, own.bytes.slice(4), utf8.encode(checkpoint.text))
  } catch {
    return undefined
  }
}

/**
 * Checks on this machine that an entry is in the log that a checkpoint was signed for: hashes the entry, follows the path, holds
 * the root against the checkpoint, and its signature against the key.
 *
 * @param key that the reader trusts; the one of the answer where it is not said, which proves no more than that it is of one piece
 */
export async function checkProof(
  proof: LedgerProof,
  key: string = proof.verifierKey,
): Promise<CheckedProof | undefined> {
  const checkpoint = readCheckpoint(proof.checkpoint)
  if (!checkpoint) return undefined
  const leaf = sha256(leafPrefix, utf8.encode(proof.entry))
  const root = proof.size === checkpoint.size ? rootOf(leaf, proof, proof.path.map(bytesOfHex)) : undefined
  const computedRoot = root && hexOf(root)
  const signedRoot = hexOf(checkpoint.root)
  return {
    ...{ leaf: hexOf(leaf), computedRoot, signedRoot, leadsToRoot: computedRoot === signedRoot },
    ...{ signed: await isSigned(checkpoint, key), time: checkpoint.time, size: checkpoint.size },
  }
}
