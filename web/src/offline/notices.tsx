import { Clock, CloudOff, RefreshCw } from 'lucide-react'
import { useClockOffsetMs } from '../api/clock.ts'
import { useConnection } from '../api/connection.ts'
import { useLive } from '../api/live.ts'
import { useNowMs } from '../app/moment.ts'
import { ageOf, clockTime, dayAndTime } from '../format/times.ts'
import { useWords } from '../words/words.ts'
import { takeNewVersion, useNewVersion } from './install.ts'
import { shownSinceMs } from './what-is-kept.ts'
import './offline.css'

/** A clock that is off by less is right enough for people. */
const clockOffMs = 30_000
/** Values of an earlier visit that are younger are not spoken of: newer ones are on their way. */
const oldMs = 20_000

interface NoticesProps {
  readonly site: string
  /** Of the site; the zone of this device until it is known. */
  readonly zone: string | undefined
}

/** What a person has to know of the connection, of this device's clock, and of the console itself. They lie over the page, so that nothing jumps. */
export function Notices({ site, zone: known }: NoticesProps) {
  const { say, language } = useWords()
  const { online, sinceMs } = useConnection()
  const live = useLive(site)
  const offsetMs = useClockOffsetMs()
  const nowMs = useNowMs(1000)
  const newVersion = useNewVersion()
  const zone = known ?? Intl.DateTimeFormat().resolvedOptions().timeZone
  const time = (atMs: number): string =>
    nowMs - atMs < 12 * 3_600_000 ? clockTime(atMs, zone, language) : dayAndTime(atMs, zone, language)
  const age = (spanMs: number): string => {
    const { count, unit } = ageOf(spanMs)
    return say(`age.${unit}`, { count })
  }
  // A stream that hangs still calls itself connected: what counts without a connection is what stands on the page.
  const valuesMs = online && live.connected ? undefined : shownSinceMs(live)
  const values =
    valuesMs === undefined
      ? say('offline.noValues')
      : say('offline.values', { time: time(valuesMs), age: age(nowMs - valuesMs) })
  return (
    <div className="offline-notices" role="status">
      {!online && (
        <p className="offline-notice" data-tone="warning">
          <CloudOff size={18} aria-hidden />
          <span>
            <strong>{say('offline.since', { time: time(sinceMs) })}</strong> {values} {say('offline.nothingSent')}
          </span>
        </p>
      )}
      {online && valuesMs !== undefined && nowMs - valuesMs > oldMs && (
        <p className="offline-notice" data-tone="stale">
          <RefreshCw size={18} aria-hidden />
          <span>
            {values} {say('offline.onTheirWay')}
          </span>
        </p>
      )}
      {Math.abs(offsetMs) > clockOffMs && (
        <p className="offline-notice" data-tone="warning">
          <Clock size={18} aria-hidden />
          <span>
            <strong>
              {say(offsetMs > 0 ? 'offline.clockBehind' : 'offline.clockAhead', { age: age(Math.abs(offsetMs)) })}
            </strong>{' '}
            {say('offline.clockSays')}
          </span>
        </p>
      )}
      {newVersion && (
        <p className="offline-notice" data-tone="advisory">
          <RefreshCw size={18} aria-hidden />
          <span>{say('offline.newVersion')}</span>
          <button type="button" className="button" onClick={takeNewVersion}>
            {say('offline.reload')}
          </button>
        </p>
      )}
    </div>
  )
}
