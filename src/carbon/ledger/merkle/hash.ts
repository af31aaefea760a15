import { hash } from 'node:crypto'

/** Bytes of a SHA-256. */
export const hashBytes = 32

// By way of text: Node 24 hands out a Buffer of its own four times slower.
const sha256 = (bytes: Uint8Array): Buffer => Buffer.from(hash('sha256', bytes, 'binary'), 'binary')

/** Root of a tree without leaves: the hash of nothing (RFC 9162, section 2.1.1). */
export const emptyRoot: Buffer = sha256(new Uint8Array(0))

/** Hash of a leaf: SHA-256(0x00 ‖ bytes). */
export function leafHash(bytes: Uint8Array): Buffer {
  const prefixed = Buffer.allocUnsafe(bytes.length + 1)
  prefixed[0] = 0
  prefixed.set(bytes, 1)
  return sha256(prefixed)
}

const pair = Buffer.alloc(1 + 2 * hashBytes)
pair[0] = 1

/** Hash of an inner node: SHA-256(0x01 ‖ left ‖ right). The prefixes keep a node from ever being taken for a leaf. */
export function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  pair.set(left, 1)
  pair.set(right, 1 + hashBytes)
  return sha256(pair)
}
