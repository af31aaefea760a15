import { formatNumber } from '../format/numbers.ts'
import { useWords } from '../words/words.ts'
import type { Verdict, VerdictReading } from './carbon-queries.ts'
import { chanceText, indicatorText, printed } from './carbon-text.ts'
import { dialArc, dialEnd, dialPoint } from './dial.ts'

/** The reading that the dial stands on: of those that count, the one that is furthest on the wrong side. */
export function decidingReading(readings: readonly VerdictReading[]): VerdictReading | undefined {
  const told = readings.filter(({ asked, indicator }) => asked && indicator !== null)
  const over = ({ indicator, limit }: VerdictReading): number =>
    Number(indicator) / (limit === null ? Number.POSITIVE_INFINITY : Number(limit))
  return told.toSorted((a, b) => over(b) - over(a) || Number(b.indicator) - Number(a.indicator))[0]
}

/** The indicator on a dial with its limit, its interval, and the other readings as thin marks. */
export function VerdictDial({ verdict: { readings, indicator } }: { readonly verdict: Verdict }) {
  const { say } = useWords()
  const deciding = decidingReading(readings)
  const unit = printed(`${indicator.emissionsUnit}/${indicator.energyUnit}`)
  if (!deciding) return <p className="dial-none">{say('carbon.noIndicator')}</p>
  const value = Number(deciding.indicator)
  const valueText = indicatorText(deciding.indicator ?? '', deciding.limit)
  const limit = deciding.limit === null ? undefined : Number(deciding.limit)
  const interval = deciding.chance?.interval
  const all = readings.flatMap((reading) => (reading.indicator === null ? [] : [Number(reading.indicator)]))
  const end = dialEnd([...all, limit ?? 0, interval?.high ?? 0])
  const share = (of: number): number => of / end
  const needle = dialPoint(share(value))
  const text = say('carbon.dialSays', {
    value: valueText,
    unit,
    limit: limit === undefined ? say('carbon.noLimit') : formatNumber(limit),
  })
  const mark = (of: number, from: number, to: number): { x1: number; y1: number; x2: number; y2: number } => {
    const { x, y } = dialPoint(share(of))
    return { x1: x * from, y1: y * from, x2: x * to, y2: y * to }
  }
  const limitAt = dialPoint(share(limit ?? 0))
  return (
    <figure className="dial">
      <svg viewBox="-120 -116 240 150" role="img" aria-label={text}>
        <path className="dial-track" d={dialArc(0, 1, 88)} />
        {limit !== undefined && <path className="dial-good" d={dialArc(0, share(limit), 88)} />}
        {limit !== undefined && <path className="dial-over" d={dialArc(share(limit), 1, 88)} />}
        {interval && <path className="dial-interval" d={dialArc(share(interval.low), share(interval.high), 74)} />}
        {readings.map(
          (reading) =>
            reading.indicator !== null && (
              <line
                key={`${reading.greenPower} ${reading.coal}`}
                className="dial-other"
                {...mark(Number(reading.indicator), 80, 96)}
              >
                <title>
                  {`${say(`carbon.green.${reading.greenPower}`)} · ${say(`carbon.coal.${reading.coal}`)}: ${indicatorText(reading.indicator, reading.limit)} ${unit}`}
                </title>
              </line>
            ),
        )}
        {limit !== undefined && (
          <>
            <line className="dial-limit" {...mark(limit, 76, 102)} />
            <text className="dial-label" x={limitAt.x * 112} y={limitAt.y * 108}>
              {formatNumber(limit)}
            </text>
          </>
        )}
        <line className="dial-needle" x1={0} y1={0} x2={needle.x * 84} y2={needle.y * 84} />
        <circle className="dial-hub" r={5} />
        <text className="dial-end" x={-88} y={16}>
          0
        </text>
        <text className="dial-end" x={88} y={16}>
          {formatNumber(end)}
        </text>
        <text className="dial-value" x={0} y={30}>
          {valueText}
        </text>
      </svg>
      <figcaption>
        {unit}
        {deciding.chance && <> · {say('carbon.chance', { share: chanceText(deciding.chance.analytic) })}</>}
        <small>
          {say(`carbon.green.${deciding.greenPower}`)} · {say(`carbon.coal.${deciding.coal}`)}
        </small>
      </figcaption>
    </figure>
  )
}
