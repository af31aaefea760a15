// The thread that reads bodies of observations. Between two of them it keeps the names that they had.
import { parentPort } from 'node:worker_threads'
import { MangroveError } from '../kernel/index.ts'
import { createBodyMemory, type ParsedObservations } from './formats/index.ts'
import { parseBody } from './parse-body.ts'
import { createPacking, type ParseReply, type ParseTask } from './parse-messages.ts'

if (!parentPort) throw new Error('parse-thread.ts runs as a worker thread')
const port = parentPort
const memory = createBodyMemory()
const pack = createPacking()

port.on('message', ({ id, ...request }: ParseTask) => {
  let parsed: ParsedObservations
  try {
    parsed = parseBody(request, memory)
  } catch (error) {
    const reply: ParseReply =
      error instanceof MangroveError
        ? { id, kind: 'refused', problems: error.problems }
        : { id, kind: 'failed', message: error instanceof Error ? error.message : String(error) }
    port.postMessage(reply)
    return
  }
  // Names that are packed have to arrive: should this fail, the thread ends.
  const { packed, transfer } = pack(parsed)
  port.postMessage({ id, kind: 'parsed', parsed: packed } satisfies ParseReply, [...transfer])
})
