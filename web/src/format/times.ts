const formats = new Map<string, Intl.DateTimeFormat>()

function formatOf(language: string, zone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = JSON.stringify([language, zone, options])
  const known = formats.get(key)
  if (known) return known
  const format = new Intl.DateTimeFormat(language, { ...options, timeZone: zone, hourCycle: 'h23' })
  formats.set(key, format)
  return format
}

/** `14:30` in the zone of the site. */
export const clockTime = (timestampMs: number, zone: string, language: string): string =>
  formatOf(language, zone, { hour: '2-digit', minute: '2-digit' }).format(timestampMs)

/** `14:30:05` in the zone of the site. */
export const preciseTime = (timestampMs: number, zone: string, language: string): string =>
  formatOf(language, zone, { hour: '2-digit', minute: '2-digit', second: '2-digit' }).format(timestampMs)

/** `Wed 25 Nov, 14:30` in the zone and language. */
export const dayAndTime = (timestampMs: number, zone: string, language: string): string =>
  formatOf(language, zone, {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
  }).format(timestampMs)

/** `Wed 25 Nov 2026, 14:30` in the zone and language. */
export const dayYearAndTime = (timestampMs: number, zone: string, language: string): string =>
  formatOf(language, zone, {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
  }).format(timestampMs)

/** `Nov 2026`. */
export const monthOnly = (timestampMs: number, zone: string, language: string): string =>
  formatOf(language, zone, { month: 'short', year: 'numeric' }).format(timestampMs)

/** `Wed 25 Nov`. */
export const dayOnly = (timestampMs: number, zone: string, language: string): string =>
  formatOf(language, zone, { weekday: 'short', day: 'numeric', month: 'short' }).format(timestampMs)

export interface Age {
  readonly count: number
  readonly unit: 'seconds' | 'minutes' | 'hours'
}

/** How old something is, in the unit people would say. */
export function ageOf(ageMs: number): Age {
  if (ageMs < 120_000) return { count: Math.max(0, Math.round(ageMs / 1000)), unit: 'seconds' }
  if (ageMs < 7_200_000) return { count: Math.round(ageMs / 60_000), unit: 'minutes' }
  return { count: Math.round(ageMs / 3_600_000), unit: 'hours' }
}

/** `Nov`. */
export const monthName = (timestampMs: number, zone: string, language: string): string =>
  formatOf(language, zone, { month: 'short' }).format(timestampMs)
