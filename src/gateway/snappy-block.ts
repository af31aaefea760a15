/// <reference path="./snappyjs.d.ts" />
import { uncompress } from 'snappyjs'
import { gatewayErrors } from './errors.ts'

/** Bytes that a snappy block says it holds, and where that number ends; undefined where it says nothing sensible. */
export function snappyLength(block: Uint8Array): { readonly length: number; readonly start: number } | undefined {
  let length = 0
  for (let index = 0; index < 5; index += 1) {
    const code = block[index]
    if (code === undefined) return undefined
    length += (code & 0x7f) * 2 ** (7 * index)
    if (code < 0x80) return length < 2 ** 32 ? { length, start: index + 1 } : undefined
  }
  return undefined
}

/**
 * Bytes that the elements of a block make, without making them; -1 where one is cut off or copies from before the
 * beginning. (snappy format description, https://github.com/google/snappy/blob/main/format_description.txt)
 */
function elementsLength(block: Uint8Array, start: number): number {
  let at = start
  let made = 0
  while (at < block.length) {
    const tag = block[at]!
    const kind = tag & 3
    at += 1
    if (kind === 0) {
      let length = (tag >>> 2) + 1
      if (length > 60) {
        const extra = length - 60
        if (at + extra > block.length) return -1
        length = 1
        for (let index = 0; index < extra; index += 1) length += block[at + index]! * 2 ** (8 * index)
        at += extra
      }
      at += length
      made += length
    } else {
      const bytes = kind === 1 ? 1 : kind === 2 ? 2 : 4
      if (at + bytes > block.length) return -1
      let offset = kind === 1 ? (tag >>> 5) * 256 : 0
      for (let index = 0; index < bytes; index += 1) offset += block[at + index]! * 2 ** (8 * index)
      if (offset === 0 || offset > made) return -1
      at += bytes
      made += kind === 1 ? ((tag >>> 2) & 7) + 4 : (tag >>> 2) + 1
    }
  }
  return at === block.length ? made : -1
}

/**
 * Bytes of a snappy block. What it claims to hold is checked against the limit and against its elements before any
 * memory is taken for it.
 *
 * @throws `gateway.too-large`, `gateway.bad-encoding`
 */
export function readSnappy(block: Uint8Array, maxBytes: number): Uint8Array<ArrayBuffer> {
  const claimed = snappyLength(block)
  if (claimed && claimed.length > maxBytes) {
    throw gatewayErrors.tooLarge({
      detail: 'The body is too large after decompression',
      found: claimed.length,
      expected: `at most ${maxBytes} bytes`,
    })
  }
  if (!claimed || elementsLength(block, claimed.start) !== claimed.length) {
    throw gatewayErrors.badEncoding({
      detail: 'The body is not a snappy block',
      expected: 'the block format of snappy',
    })
  }
  return uncompress(
    block.constructor === Uint8Array ? block : new Uint8Array(block.buffer, block.byteOffset, block.length),
  )
}
