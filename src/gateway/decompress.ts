import { constants, gunzipSync, zstdDecompressSync } from 'node:zlib'
import { gatewayErrors } from './errors.ts'
import { readSnappy } from './snappy-block.ts'

export const contentEncodings = ['identity', 'gzip', 'zstd', 'snappy'] as const
export type ContentEncoding = (typeof contentEncodings)[number]

/** No deflated byte makes more than this many (zlib, Technical details: 1032 : 1). */
const mostByGzip = 1032

/**
 * Bytes of a body as they were before compression, at most `maxBytes` of them. Work and memory end at the limit,
 * whatever the body claims: the result is written into one piece of memory of at most the limit, of which the system
 * only gives what is written to.
 *
 * @throws `gateway.too-large`, `gateway.bad-encoding`
 */
export function decompress(encoding: ContentEncoding, bytes: Uint8Array, maxBytes: number): Uint8Array {
  switch (encoding) {
    case 'identity':
      if (bytes.length > maxBytes) throw tooLarge(maxBytes, bytes.length)
      return bytes
    case 'snappy':
      return readSnappy(bytes, maxBytes)
    case 'gzip': {
      const room = Math.min(maxBytes, bytes.length * mostByGzip)
      return unpack('gzip', maxBytes, () => gunzipSync(bytes, options(room, maxBytes)))
    }
    case 'zstd':
      return unpack('zstd', maxBytes, () =>
        zstdDecompressSync(bytes, {
          ...options(maxBytes, maxBytes),
          // A frame may ask for a window of gigabytes: 2^27 is what decoders have to allow (RFC 8878, 3.1.1.1.2 asks for 2^23).
          params: { [constants.ZSTD_d_windowLogMax]: 27 },
        }),
      )
  }
}

/** One chunk that holds everything: with more, zlib would hold all chunks and their concatenation. */
const options = (room: number, maxBytes: number) => ({
  chunkSize: Math.max(1024, room + 1),
  maxOutputLength: maxBytes,
})

function unpack(encoding: string, maxBytes: number, read: () => Uint8Array): Uint8Array {
  try {
    return read()
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(maxBytes, undefined, error)
    throw gatewayErrors.badEncoding(
      { detail: `The body is not ${encoding}`, found: message, expected: `a whole ${encoding} stream` },
      { cause: error },
    )
  }
}

const tooLarge = (maxBytes: number, found?: number, cause?: unknown): Error =>
  gatewayErrors.tooLarge(
    {
      detail: found === undefined ? 'The body is too large after decompression' : 'The body is too large',
      ...(found === undefined ? {} : { found }),
      expected: `at most ${maxBytes} bytes`,
    },
    cause === undefined ? {} : { cause },
  )
