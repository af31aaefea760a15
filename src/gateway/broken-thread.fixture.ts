// A thread that breaks on what a body says: `die`, `hang`; it refuses all else.
import { parentPort } from 'node:worker_threads'
import type { ParseReply, ParseTask } from './parse-messages.ts'

parentPort?.on('message', ({ id, bytes }: ParseTask) => {
  const text = new TextDecoder().decode(bytes)
  if (text.startsWith('die')) process.exit(7)
  if (text.startsWith('throw')) throw new Error('broken on purpose')
  if (text.startsWith('hang')) for (;;);
  parentPort?.postMessage({ id, kind: 'failed', message: 'read' } satisfies ParseReply)
})
