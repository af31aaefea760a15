import { Readable } from 'node:stream'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { FastifyReply } from 'fastify'

/** Sends pieces of an answer, each in a turn of its own, so that no other request waits for more than one of them. */
export function sendChunks(
  reply: FastifyReply,
  mediaType: string,
  chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
): FastifyReply {
  return reply.type(mediaType).send(Readable.from(inTurns(chunks), { objectMode: false, highWaterMark: 65_536 }))
}

async function* inTurns(chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    yield chunk
    await nextTurn()
  }
}
