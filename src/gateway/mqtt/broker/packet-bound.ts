/** Follows the packets of a stream of MQTT by their fixed heads alone. */
export interface PacketBound {
  /** @returns false where a packet says that it is larger than allowed, or its length is none (MQTT 3.1.1, 2.2.3) */
  admit(chunk: Buffer): boolean
}

/**
 * A parser of packets keeps what it has of one until all of it is there, and MQTT lets a packet be 256 MB: whoever is
 * connected could fill the memory. This reads the length of each before the parser does.
 *
 * @param firstBytes what the first packet, which comes before anybody has signed in, may hold at most
 */
export function createPacketBound(maxBytes: number, firstBytes: number): PacketBound {
  /** Bytes of the packet that are still to come. */
  let left = 0
  let state: 'kind' | 'length' | 'body' = 'kind'
  let length = 0
  let place = 1
  let most = Math.min(firstBytes, maxBytes)
  return {
    admit(chunk) {
      let at = 0
      while (at < chunk.length) {
        if (state === 'kind') {
          at += 1
          length = 0
          place = 1
          state = 'length'
        } else if (state === 'length') {
          const byte = chunk[at]!
          at += 1
          length += (byte & 0x7f) * place
          place *= 128
          if (byte & 0x80) {
            if (place > 128 ** 3) return false
            continue
          }
          if (length > most) return false
          most = maxBytes
          left = length
          state = left === 0 ? 'kind' : 'body'
        } else {
          const taken = Math.min(left, chunk.length - at)
          at += taken
          left -= taken
          if (left === 0) state = 'kind'
        }
      }
      return true
    },
  }
}
