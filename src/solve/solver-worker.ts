// The thread that solves. It knows nothing of earlier solves.
import { parentPort } from 'node:worker_threads'
import { createHighsSolver } from './highs-solver.ts'
import type { SolveReply, SolveRequest } from './worker-messages.ts'

if (!parentPort) throw new Error('solver-worker.ts runs as a worker thread')
const port = parentPort
const solver = await createHighsSolver()

port.on('message', ({ id, model, options, stop }: SolveRequest) => {
  let reply: SolveReply
  try {
    reply = { id, kind: 'solution', ...solver.solve(model, options, () => Atomics.load(stop, 0) === 1) }
  } catch (error) {
    reply = { id, kind: 'failure', message: error instanceof Error ? error.message : String(error) }
  }
  port.postMessage(reply)
})
