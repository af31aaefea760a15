/** Milliseconds since midnight by the clock of a zone. */
function sinceMidnightMs(timestampMs: number, zone: string): number {
  const parts = new Intl.DateTimeFormat('en', {
    ...{ hour: 'numeric', minute: 'numeric', second: 'numeric', hourCycle: 'h23', timeZone: zone },
  }).formatToParts(timestampMs)
  const of = (type: string): number => Number(parts.find((part) => part.type === type)?.value ?? 0)
  return ((of('hour') * 60 + of('minute')) * 60 + of('second')) * 1000 + (timestampMs % 1000)
}

const hourMs = 3_600_000

/** Midnight that a day began at in a zone, ms; on days of 23 and 25 hours too. */
export function startOfDayMs(timestampMs: number, zone: string): number {
  const guessMs = timestampMs - sinceMidnightMs(timestampMs, zone)
  const offMs = sinceMidnightMs(guessMs, zone)
  if (offMs === 0) return guessMs
  return offMs < 12 * hourMs ? guessMs - offMs : guessMs + (24 * hourMs - offMs)
}

/** The midnight after. */
export const endOfDayMs = (timestampMs: number, zone: string): number =>
  startOfDayMs(startOfDayMs(timestampMs, zone) + 30 * hourMs, zone)
