import { createHash } from 'node:crypto'

/** Time as OCPI writes it: UTC, whole seconds. */
export const ocpiTime = (timestampMs: number): string => `${new Date(timestampMs).toISOString().slice(0, 19)}Z`

/** Reads a time of OCPI, which is UTC without a Z too; undefined where it is none. */
export function readOcpiTime(text: string): number | undefined {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?Z?$/.test(text)) return undefined
  const ms = Date.parse(text.endsWith('Z') ? text : `${text}Z`)
  return Number.isNaN(ms) ? undefined : ms
}

/** An identifier of printable ASCII of at most so many characters: as it is where it fits, else with a part of its digest. */
export function ocpiId(text: string, most = 36): string {
  if (text.length <= most && /^[!-~]+$/.test(text)) return text
  const digest = createHash('sha256').update(text).digest('hex').slice(0, 12)
  return `${text.replaceAll(/[^!-~]/g, '').slice(0, most - 13)}-${digest}`
}

/** Numbers of OCPI have four decimals at most. */
export const ocpiNumber = (value: number): number => Math.round(value * 10_000) / 10_000 + 0

/** Words where the names of sites may be longer than OCPI has room for. */
export const cut = (text: string, most: number): string => [...text].slice(0, most).join('').slice(0, most)
