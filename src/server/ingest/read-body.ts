import type { Readable } from 'node:stream'
import { serverErrors } from '../errors.ts'
import type { IngestEntry } from './ingest-gate.ts'

export interface BodyLimits {
  readonly mostBytes: number
  /** Its length, where that is told. */
  readonly toldBytes: number | undefined
  readonly entry: Pick<IngestEntry, 'came' | 'complete'>
}

/** How long what is left of a refused body is read and thrown away, so that its sender hears why before the connection ends. */
const lingerMs = 2000

/**
 * Reads a body as it comes.
 *
 * @throws `server.too-large` (413) at once; `server.overloaded` (429) of the gate; `server.bad-request` when it breaks off
 */
export function readBody(stream: Readable, { mostBytes, toldBytes, entry }: BodyLimits): Promise<Buffer> {
  if (toldBytes !== undefined && toldBytes > mostBytes) return Promise.reject(tooLarge(toldBytes, mostBytes))
  const read = Promise.withResolvers<Buffer>()
  const chunks: Buffer[] = []
  let bytes = 0
  let refusal: { readonly error: unknown; readonly timer: NodeJS.Timeout } | undefined
  const stop = (): void => {
    clearTimeout(refusal?.timer)
    stream.off('data', take).off('end', end).off('error', breakOff).off('close', breakOff)
  }
  const refuse = (error: unknown): void => {
    stop()
    read.reject(error)
  }
  const take = (chunk: Buffer): void => {
    bytes += chunk.length
    if (bytes > mostBytes) refuse(refusal ? refusal.error : tooLarge(bytes, mostBytes))
    else if (!refusal) keep(chunk)
  }
  const keep = (chunk: Buffer): void => {
    try {
      entry.came(bytes)
      chunks.push(chunk)
    } catch (error) {
      chunks.length = 0
      refusal = { error, timer: setTimeout(refuse, lingerMs, error).unref() }
      entry.complete(0)
    }
  }
  const end = (): void => {
    if (refusal) refuse(refusal.error)
    else {
      stop()
      entry.complete(bytes)
      read.resolve(Buffer.concat(chunks, bytes))
    }
  }
  const breakOff = (cause?: Error): void =>
    refuse(serverErrors.badRequest({ detail: 'The body broke off', found: bytes }, cause ? { cause } : {}))
  stream.on('data', take).on('end', end).on('error', breakOff).on('close', breakOff)
  stream.resume()
  return read.promise
}

const tooLarge = (found: number, mostBytes: number) =>
  serverErrors.tooLarge({
    detail: 'The body is larger than this address reads',
    found,
    expected: `at most ${mostBytes} bytes`,
  })
