import { useEffect, useState } from 'react'
import { detailOf } from '../api/client.ts'
import { dayAndTime, preciseTime } from '../format/times.ts'
import type { Link, Watch } from '../telemetry/telemetry.ts'

import { ToneMark } from '../ui/tone.tsx'
import { useWords } from '../words/words.ts'
import type { TrendBoard } from './trend-board.ts'

interface StateLineProps {
  readonly board: TrendBoard | undefined
  readonly watch: Watch | undefined
  readonly zone: string
}

interface Shown {
  readonly readMs: number | undefined
  readonly bucket: string | undefined
  readonly error: string | undefined
}

const textOf = (error: unknown): string | undefined => (error === undefined ? undefined : detailOf(error))

/** Which moment the values of the keys are of, how fine they are, and what is wrong. */
export function StateLine({ board, watch, zone }: StateLineProps) {
  const { say, language } = useWords()
  const link = useLink(watch)
  const [shown, setShown] = useState<Shown>({ readMs: undefined, bucket: undefined, error: undefined })
  useEffect(
    () =>
      board?.subscribe(({ readMs, level, error }) =>
        setShown((before) => {
          const next = { readMs, bucket: level.bucket, error: textOf(error) }
          const same = before.readMs === readMs && before.bucket === level.bucket && before.error === next.error
          return same ? before : next
        }),
      ),
    [board],
  )
  const { readMs, bucket, error } = shown
  return (
    <div className="trends-state">
      <span className="trends-read">
        {readMs === undefined
          ? say('trends.newest')
          : say('trends.at', {
              moment: `${dayAndTime(readMs, zone, language)}${bucket === undefined ? ` (${preciseTime(readMs, zone, language)})` : ''}`,
            })}
      </span>
      <span className="quiet">
        {bucket === undefined ? say('trends.observed') : say('trends.bucketed', { width: widthText(bucket) })}
      </span>
      {link?.state === 'lost' && (
        <ToneMark tone="alarm">{say('trends.lost', { time: preciseTime(link.sinceMs, zone, language) })}</ToneMark>
      )}
      {error !== undefined && (
        <span role="alert" className="trends-error">
          <ToneMark tone="warning">{say('trends.failed', { problem: error })}</ToneMark>{' '}
          <button type="button" className="button plain" onClick={() => board?.retry()}>
            {say('state.again')}
          </button>
        </span>
      )}
    </div>
  )
}

/** `15m` as people write it. */
const widthText = (bucket: string): string =>
  bucket.replace(/^(\d+)(s|m|h)$/, (_, count: string, unit: string) => `${count}\u00a0${unit === 'm' ? 'min' : unit}`)

function useLink(watch: Watch | undefined): Link | undefined {
  const [link, setLink] = useState<Link>()
  useEffect(() => {
    setLink(watch?.link())
    return watch?.onChange(() => setLink(watch.link()))
  }, [watch])
  return link
}
