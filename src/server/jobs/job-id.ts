import { randomUUID } from 'node:crypto'

/** A UUID of version 7 (RFC 9562, 5.7): its first 48 bits are the time in ms, the others are drawn. */
export function newJobId(nowMs: number): string {
  const time = Math.max(0, Math.floor(nowMs)).toString(16).padStart(12, '0').slice(-12)
  const drawn = randomUUID()
  return `${time.slice(0, 8)}-${time.slice(8)}-7${drawn.slice(15)}`
}

const latestMs = 2 ** 48 - 1

/** Where the record of a job is kept: keys in order are jobs from the newest to the oldest. */
export function keyOfJob(id: string): string {
  const timeMs = Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16)
  return `${(latestMs - timeMs).toString(16).padStart(12, '0')}-${id}`
}

export const isJobId = (id: string): boolean => /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/.test(id)
