import { kernelErrors } from '../kernel-errors.ts'
import type { FileSource } from '../site/series-source.ts'
import { localToMs, stampReader } from '../time/zone.ts'

const dayMs = 86_400_000

interface StampRow {
  readonly text: string
  readonly line: number
}

/**
 * Moments of the stamps of a file, in its order. Local stamps that an autumn clock change repeats are told apart by
 * their order. Where stamps mark the end of their step, a midnight that closes its own day (00:00 written with the
 * date of the day that ends) is the midnight after.
 *
 * @throws `kernel.bad-stamp` with file and line
 */
export function readStamps(
  rows: readonly StampRow[],
  { file, time }: Pick<FileSource, 'file' | 'time'>,
  zone: string,
): Float64Array {
  const pattern = time.format ?? 'ISO'
  const read = stampReader(pattern)
  const stamps = new Float64Array(rows.length)
  let previous = Number.NaN
  rows.forEach(({ text, line }, index) => {
    const stamp = read(text)
    const bad = (detail: string, cause?: unknown) =>
      kernelErrors.badStamp(
        { detail, place: { file, line }, found: text.slice(0, 60), expected: pattern === 'ISO' ? 'ISO 8601' : pattern },
        { cause },
      )
    if (!stamp) throw bad('The time stamp does not fit its format')
    const { fields, second, offsetMs } = stamp
    const endsDay = fields.hour === 24 && fields.minute === 0
    const clock = endsDay ? { ...fields, hour: 0 } : fields
    let timestampMs: number
    try {
      timestampMs =
        (offsetMs === undefined ? localToMs(clock, zone) : localToMs(clock, 'UTC') - offsetMs) +
        second * 1000 +
        (endsDay ? dayMs : 0)
      // Not after the stamp before: the second pass of a repeated hour, if the clock was set back then.
      if (offsetMs === undefined && timestampMs <= previous) {
        const later = localToMs(clock, zone, 'later') + second * 1000
        if (later > previous && later - previous <= 7_200_000) timestampMs = later
      }
    } catch (cause) {
      throw bad('There is no such local time', cause)
    }
    if (time.label === 'end' && closesDay(clock, timestampMs, previous)) timestampMs += dayMs
    stamps[index] = timestampMs
    previous = timestampMs
  })
  return stamps
}

/** 00:00 after the late evening of the same date. */
const closesDay = (
  clock: { readonly hour: number; readonly minute: number },
  timestampMs: number,
  previous: number,
): boolean =>
  clock.hour === 0 && clock.minute === 0 && previous - timestampMs >= dayMs / 2 && previous - timestampMs < dayMs
