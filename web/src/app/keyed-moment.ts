import { quarterHourMs } from './moment.ts'
import type { TimeView } from './time-view.ts'

const hourMs = 3_600_000

interface Key {
  readonly key: string
  readonly shiftKey: boolean
}

/**
 * Where a key leads on the time bar: quarters of an hour, hours, days with Shift, and the ends of what is known.
 *
 * @returns undefined for a key that leads nowhere
 */
export function keyedMoment(key: Key, timestampMs: number, reach: TimeView): number | undefined {
  const wanted = wantedBy(key, timestampMs, reach)
  return wanted === undefined ? undefined : Math.min(reach.toMs, Math.max(reach.fromMs, wanted))
}

function wantedBy({ key, shiftKey }: Key, timestampMs: number, reach: TimeView): number | undefined {
  const stepMs = shiftKey ? 24 * hourMs : quarterHourMs
  switch (key) {
    case 'ArrowRight':
    case 'ArrowUp':
      return Math.floor(timestampMs / quarterHourMs) * quarterHourMs + stepMs
    case 'ArrowLeft':
    case 'ArrowDown':
      return Math.ceil(timestampMs / quarterHourMs) * quarterHourMs - stepMs
    case 'PageUp':
      return rounded(timestampMs + hourMs)
    case 'PageDown':
      return rounded(timestampMs - hourMs)
    case 'Home':
      return reach.fromMs
    case 'End':
      return reach.toMs
    default:
      return undefined
  }
}

const rounded = (timestampMs: number): number => Math.round(timestampMs / quarterHourMs) * quarterHourMs
