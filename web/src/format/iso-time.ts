const formats = new Map<string, Intl.DateTimeFormat>()

/** How far the clock of a zone is ahead of UTC at a moment, ms. */
export function zoneOffsetMs(timestampMs: number, zone: string): number {
  let format = formats.get(zone)
  if (!format) {
    format = new Intl.DateTimeFormat('en', {
      timeZone: zone,
      hourCycle: 'h23',
      ...{ year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' },
    })
    formats.set(zone, format)
  }
  const parts = Object.fromEntries(format.formatToParts(timestampMs).map(({ type, value }) => [type, Number(value)]))
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(timestampMs / 1000) * 1000
}

/** `2026-07-06T08:00:00+08:00`: what spreadsheets and programs read, in the zone of the site. */
export function isoTime(timestampMs: number, zone: string): string {
  const offsetMs = zoneOffsetMs(timestampMs, zone)
  const sizeMin = Math.abs(Math.round(offsetMs / 60_000))
  const two = (value: number): string => String(Math.floor(value)).padStart(2, '0')
  const local = new Date(timestampMs + offsetMs).toISOString().slice(0, 19)
  return `${local}${offsetMs < 0 ? '-' : '+'}${two(sizeMin / 60)}:${two(sizeMin % 60)}`
}
