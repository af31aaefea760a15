import type { FastifyReply, FastifyRequest } from 'fastify'
import { serverErrors } from '../errors.ts'
import type { Job } from '../jobs.ts'

/** Documents {@link answerJob} for OpenAPI. */
export const jobHeaders = {
  prefer:
    '`wait` or `wait=<seconds>`: answer with the result instead of a job, `respond-async` the other way (RFC 7240)',
  'idempotency-key':
    'A key of the caller’s own: the same request with the same key is the same job, however often it is sent',
}

export interface Asked {
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  /** Long work answers 202 with the job unless the caller asks to wait. */
  readonly long: boolean
}

/**
 * Answers with the result of a job, or with 202 and the job where the caller does not wait, or no longer. A caller
 * that goes away while it waits does not want the result any more, unless it sent a key to ask again: the job is cancelled.
 */
export async function answerJob(job: Job, { request, reply, long }: Asked): Promise<unknown> {
  const waitMs = patienceMs(request.headers.prefer, long)
  if (waitMs === 0) return accepted(job, reply)
  const gone = (): void => {
    if (!reply.raw.writableFinished && !job.kept()) void job.cancel()
  }
  reply.raw.once('close', gone)
  if (waitMs !== Number.POSITIVE_INFINITY) {
    const late = Promise.withResolvers<'late'>()
    const timer = setTimeout(() => late.resolve('late'), waitMs)
    const first = await Promise.race([job.finished, late.promise]).finally(() => clearTimeout(timer))
    if (first === 'late') {
      reply.raw.off('close', gone)
      return accepted(job, reply)
    }
  }
  return job.finished
}

/** The job is on the disk before the caller is told of it. */
async function accepted(job: Job, reply: FastifyReply): Promise<unknown> {
  try {
    await job.keep()
  } catch (error) {
    await job.cancel()
    throw error
  }
  reply.code(202).header('location', `/api/v1/jobs/${job.id}`)
  return job.view()
}

/**
 * The key that a caller gave its request.
 *
 * @throws `server.bad-request`
 */
export function idempotencyKeyOf({ headers }: FastifyRequest): { readonly idempotencyKey?: string } {
  const key = headers['idempotency-key']
  if (key === undefined) return {}
  if (typeof key === 'string' && /^[\x21-\x7e]{1,200}$/.test(key)) return { idempotencyKey: key }
  throw serverErrors.badRequest({
    detail: 'The header Idempotency-Key cannot be read',
    expected: '1 to 200 visible ASCII characters, such as a UUID',
  })
}

/** Milliseconds a caller is ready to wait; infinite for `wait` without a number. */
function patienceMs(prefer: string | string[] | undefined, long: boolean): number {
  const text = Array.isArray(prefer) ? prefer.join(',') : (prefer ?? '')
  const wait = /(?:^|[,;\s])wait(?:\s*=\s*(\d{1,6}))?(?=$|[,;\s])/i.exec(text)
  if (wait) return wait[1] === undefined ? Number.POSITIVE_INFINITY : Number(wait[1]) * 1000
  return long || /(?:^|[,;\s])respond-async(?=$|[,;\s])/i.test(text) ? 0 : Number.POSITIVE_INFINITY
}
