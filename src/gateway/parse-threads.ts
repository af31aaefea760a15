import { Worker } from 'node:worker_threads'
import { MangroveError } from '../kernel/index.ts'
import { gatewayErrors } from './errors.ts'
import { type BodyMemory, createBodyMemory, type ParsedObservations } from './formats/index.ts'
import { parseBody } from './parse-body.ts'
import { createUnpacking, type ParseReply, type ParseRequest, type ParseTask } from './parse-messages.ts'

export interface ParseThreadsOptions {
  /** Threads; each starts with its first body. Default 1. */
  readonly threads?: number
  /** Bytes of bodies that may wait or be read; a body above is refused with `gateway.busy`. Default 128 MiB. */
  readonly maxWaitingBytes?: number
  /** A body of at most so many bytes, decompressed, is read in the caller's thread. Default 32 KiB. */
  readonly inPlaceBytes?: number
  /** How long a thread may read one body before it is ended, ms. Default 30 000. */
  readonly patienceMs?: number
  /** Heap of a thread, MB; numbers in typed arrays do not count. Default 1024. */
  readonly heapMb?: number
  /** Module of the thread. */
  readonly module?: URL
}

/** Counters since the start, and what waits now: for `/metrics`. */
export interface ParseFigures {
  readonly bodiesInPlace: number
  readonly bodiesInThreads: number
  /** Refused with `gateway.busy`. */
  readonly bodiesRefused: number
  readonly threadsLost: number
  readonly waitingBodies: number
  readonly waitingBytes: number
  readonly maxWaitingBytes: number
}

export interface ParseThreads {
  /**
   * Reads a body. A large one is given away to a thread, so that this one is not held up.
   *
   * @throws what `parseObservations` and `decompress` throw; `gateway.busy`, `gateway.thread-lost`
   */
  parse(request: ParseRequest): Promise<ParsedObservations>
  figures(): ParseFigures
  close(): Promise<void>
}

/** Bodies that a thread has at a time: the next one is there when it ends one. */
const bodiesAThread = 2

interface Waiting {
  readonly request: ParseRequest
  readonly size: number
  readonly settled: PromiseWithResolvers<ParsedObservations>
}

interface Lane {
  worker: Worker | undefined
  readonly reading: Map<number, Waiting>
  watchdog: NodeJS.Timeout | undefined
}

/**
 * Threads that read bodies of observations. What waits is bounded in bytes, and what is above is refused: the sender
 * keeps it and sends it again. A thread that crashes or hangs fails what it reads by name; the next body starts another.
 */
export function createParseThreads({
  threads = 1,
  maxWaitingBytes = 128 * 1024 * 1024,
  inPlaceBytes = 32 * 1024,
  patienceMs = 30_000,
  heapMb = 1024,
  module = new URL(import.meta.url.endsWith('.ts') ? './parse-thread.ts' : './parse-thread.js', import.meta.url),
}: ParseThreadsOptions = {}): ParseThreads {
  const lanes: readonly Lane[] = Array.from({ length: threads }, () => ({
    worker: undefined,
    reading: new Map(),
    watchdog: undefined,
  }))
  const queue: Waiting[] = []
  const memory = createBodyMemory()
  const counted = { bodiesInPlace: 0, bodiesInThreads: 0, bodiesRefused: 0, threadsLost: 0 }
  let waitingBytes = 0
  let nextId = 0
  let closed = false

  const settle = (lane: Lane, id: number): Waiting | undefined => {
    const waiting = lane.reading.get(id)
    if (!waiting) return undefined
    lane.reading.delete(id)
    waitingBytes -= waiting.size
    return waiting
  }
  const lose = (lane: Lane, worker: Worker, why: string, cause?: Error): void => {
    if (lane.worker !== worker) return
    lane.worker = undefined
    clearTimeout(lane.watchdog)
    if (!closed) counted.threadsLost += 1
    const detail = `The thread that read the body ended: ${why}`
    for (const id of [...lane.reading.keys()]) {
      settle(lane, id)?.settled.reject(gatewayErrors.threadLost({ detail }, cause ? { cause } : {}))
    }
    if (!closed) give()
  }
  const watch = (lane: Lane, worker: Worker): void => {
    clearTimeout(lane.watchdog)
    if (lane.reading.size === 0) return
    lane.watchdog = setTimeout(() => {
      lose(lane, worker, `it took longer than ${patienceMs} ms`)
      void worker.terminate()
    }, patienceMs)
    lane.watchdog.unref()
  }
  const start = (lane: Lane): Worker => {
    const worker = new Worker(module, { resourceLimits: { maxOldGenerationSizeMb: heapMb } })
    const unpack = createUnpacking()
    lane.worker = worker
    worker.on('message', (reply: ParseReply) => {
      if (lane.worker !== worker) return
      const waiting = settle(lane, reply.id)
      watch(lane, worker)
      if (lane.reading.size === 0) worker.unref()
      if (waiting) answer(waiting, reply, unpack)
      give()
    })
    worker.on('error', (error) => lose(lane, worker, error.message, error))
    worker.on('exit', (code) => lose(lane, worker, `exit code ${code}`))
    return worker
  }
  /** Gives what waits to threads that have room. */
  const give = (): void => {
    while (queue.length > 0) {
      const lane = lanes.reduce((a, b) => (b.reading.size < a.reading.size ? b : a))
      if (lane.reading.size >= bodiesAThread) return
      const waiting = queue.shift()!
      const worker = lane.worker ?? start(lane)
      const id = nextId++
      lane.reading.set(id, waiting)
      worker.ref()
      try {
        const bytes = own(waiting.request.bytes)
        worker.postMessage({ ...waiting.request, bytes, id } satisfies ParseTask, [bytes.buffer])
      } catch (error) {
        // A buffer that may not be given away.
        settle(lane, id)?.settled.reject(error)
        continue
      }
      if (lane.reading.size === 1) watch(lane, worker)
    }
  }

  return {
    async parse(request) {
      const inPlace = tryInPlace(request, inPlaceBytes, memory)
      if (inPlace) {
        counted.bodiesInPlace += 1
        return inPlace
      }
      if (closed) throw gatewayErrors.threadLost({ detail: 'The threads that read bodies are closed' })
      const size = request.bytes.byteLength
      if (waitingBytes + size > maxWaitingBytes) {
        counted.bodiesRefused += 1
        throw gatewayErrors.busy({
          detail: 'Too many bytes of observations are waiting to be read',
          found: waitingBytes,
          expected: `at most ${maxWaitingBytes} bytes, with this body of ${size}; send it again later`,
        })
      }
      counted.bodiesInThreads += 1
      waitingBytes += size
      const settled = Promise.withResolvers<ParsedObservations>()
      queue.push({ request, size, settled })
      give()
      return settled.promise
    },
    figures: () => ({
      ...counted,
      waitingBodies: queue.length + lanes.reduce((sum, { reading }) => sum + reading.size, 0),
      waitingBytes,
      maxWaitingBytes,
    }),
    async close() {
      closed = true
      for (const { settled, size } of queue.splice(0)) {
        waitingBytes -= size
        settled.reject(gatewayErrors.threadLost({ detail: 'The threads that read bodies are closed' }))
      }
      await Promise.all(
        lanes.map(async (lane) => {
          const { worker } = lane
          if (!worker) return
          // Without this the process may end while it waits for the thread.
          worker.ref()
          lose(lane, worker, 'the threads were closed')
          await worker.terminate()
        }),
      )
    },
  }
}

/** What a small body holds; undefined for one that is, or becomes, too large to be read here. */
function tryInPlace(request: ParseRequest, inPlaceBytes: number, memory: BodyMemory): ParsedObservations | undefined {
  const { limits } = request.context
  if (request.bytes.byteLength > inPlaceBytes) return undefined
  if (request.encoding === 'identity' || limits.maxBytes <= inPlaceBytes) return parseBody(request, memory)
  try {
    return parseBody(
      { ...request, context: { ...request.context, limits: { ...limits, maxBytes: inPlaceBytes } } },
      memory,
    )
  } catch (error) {
    // A bomb, or only a body that packs well: a thread looks with the whole limit.
    if (error instanceof MangroveError && error.code === 'gateway.too-large') return undefined
    throw error
  }
}

function answer({ settled }: Waiting, reply: ParseReply, unpack: ReturnType<typeof createUnpacking>): void {
  if (reply.kind === 'parsed') settled.resolve(unpack(reply.parsed))
  else if (reply.kind === 'refused') settled.reject(new MangroveError(reply.problems))
  else
    settled.reject(gatewayErrors.threadLost({ detail: 'The body broke the thread that read it', found: reply.message }))
}

/** Bytes whose buffer is theirs alone and can be given away. */
function own(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const { buffer } = bytes
  const whole = buffer instanceof ArrayBuffer && buffer.byteLength === bytes.byteLength
  return whole ? new Uint8Array(buffer) : new Uint8Array(bytes)
}
