import compress from '@fastify/compress'
import type { FastifyInstance } from 'fastify'
import { isLoopback } from './loopback.ts'

/** Texts and columns; what is pictures and archives is small already, and a stream of events must not wait for more. */
const compressible = /^text\/(?!event-stream)|[+/](json|xml|yaml|x-ndjson)\b|ndjson|vnd\.apache\.arrow/
/** Less than this fits into a packet or two. */
const leastBytes = 1024
/** What is compressed in a millisecond, without a thread. */
const atOnceBytes = 16_384

/**
 * Answers to other machines are compressed, as they can read it: what a page asks for comes five to ten times as fast over a poor link.
 * On this machine itself it would only cost time. Bodies that come in are unpacked elsewhere, within limits.
 */
export async function addCompression(app: FastifyInstance): Promise<void> {
  app.addHook('onRequest', async (request) => {
    // The way to say it that the library knows.
    if (isLoopback(request.ip)) request.headers['x-no-compression'] = 'loopback'
  })
  await app.register(compress, {
    encodings: ['zstd', 'br', 'gzip'],
    customTypes: compressible,
    threshold: leastBytes,
    syncThreshold: atOnceBytes,
    globalDecompression: false,
  })
}
