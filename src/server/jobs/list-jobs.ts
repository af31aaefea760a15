import { isOf, type JobListing, type JobPage } from '../jobs.ts'
import { hasEnded, type JobBook, type KeptJob } from './job-book.ts'
import { isJobId, keyOfJob } from './job-id.ts'
import { type LiveJob, viewOf } from './live-job.ts'

/** Records that one page looks through at most. */
const mostRead = 5000
const readSize = 200

/** A page of jobs, newest first: those in hand as they are now, the others as they were kept. */
export async function listJobs(live: readonly LiveJob[], book: JobBook, listing: JobListing): Promise<JobPage> {
  const { limit, after: cursor } = listing
  const after = cursor !== undefined && isJobId(cursor) ? keyOfJob(cursor) : ''
  const inHand = new Map(live.map((job) => [keyOfJob(job.id), job.content()]))
  const wanted = (job: KeptJob): boolean => isWanted(job, listing)
  const kept = new Map<string, KeptJob>()
  let at = after
  let exhausted = false
  for (let read = 0; read < mostRead && kept.size <= limit && !exhausted; read += readSize) {
    const page = await book.page(at, readSize)
    for (const { key, job } of page) {
      at = key
      const present = latest(inHand.get(key), job)
      if (wanted(present)) kept.set(key, present)
    }
    exhausted = page.length < readSize
  }
  for (const [key, job] of inHand) {
    if (key > after && (exhausted || key <= at) && wanted(job)) kept.set(key, latest(job, kept.get(key)))
  }
  const found = [...kept].sort(([a], [b]) => (a < b ? -1 : 1)).slice(0, limit)
  const last = found.at(-1)?.[1].id
  const more = kept.size > limit || !exhausted
  // Where a long stretch holds nothing of the caller's, the next page goes on behind it.
  const next = kept.size > limit ? last : at.slice(at.indexOf('-') + 1)
  return { jobs: found.map(([, job]) => viewOf(job, null)), ...(more && next !== undefined ? { next } : {}) }
}

const latest = (inHand: KeptJob | undefined, kept: KeptJob | undefined): KeptJob =>
  inHand && !(kept && hasEnded(kept.state)) ? inHand : (kept ?? inHand)!

const isWanted = (job: KeptJob, { caller, state, engine, site }: JobListing): boolean =>
  (state === undefined || job.state === state) &&
  (engine === undefined || job.engine === engine) &&
  (site === undefined || job.owner.site === site) &&
  isOf(caller, job.owner)
