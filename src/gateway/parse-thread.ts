// The thread that reads bodies of observations. It keeps nothing between two of them.
import { parentPort } from 'node:worker_threads'
import { MangroveError } from '../kernel/index.ts'
import { parseBody } from './parse-body.ts'
import { type ParseReply, type ParseTask, packObservations } from './parse-messages.ts'

if (!parentPort) throw new Error('parse-thread.ts runs as a worker thread')
const port = parentPort

port.on('message', ({ id, ...request }: ParseTask) => {
  try {
    const { packed, transfer } = packObservations(parseBody(request))
    port.postMessage({ id, kind: 'parsed', parsed: packed } satisfies ParseReply, [...transfer])
  } catch (error) {
    const reply: ParseReply =
      error instanceof MangroveError
        ? { id, kind: 'refused', problems: error.problems }
        : { id, kind: 'failed', message: error instanceof Error ? error.message : String(error) }
    port.postMessage(reply)
  }
})
