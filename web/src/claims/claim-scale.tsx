import { useWords } from '../words/words.ts'
import type { CheckedQuotient } from './checked-claim.ts'
import { claimNumber, factorNumber } from './claim-number.ts'
import type { Ruler } from './ruler.ts'

interface ClaimScaleProps {
  readonly ruler: Ruler
  readonly quotient: CheckedQuotient
}

const left = (at: number) => ({ insetInlineStart: `${at}%` })

/** What is implied among known factors, with round numbers along it and a key. Its values stand as text beside it. */
export function ClaimScale({ ruler, quotient: { low, high, unit, bounds } }: ClaimScaleProps) {
  const { say } = useWords()
  const kinds = [...new Set(ruler.ticks.map(({ kind }) => kind))]
  return (
    <div className="claim-scale" aria-hidden>
      <div className="ruler">
        {ruler.usual && (
          <span
            className="usual"
            style={{ ...left(ruler.usual.from), width: `${ruler.usual.to - ruler.usual.from}%` }}
            title={say('claims.usual', {
              low: claimNumber(bounds?.usual[0] ?? 0),
              high: claimNumber(bounds?.usual[1] ?? 0),
            })}
          />
        )}
        <span
          className="implied"
          style={{ ...left(ruler.implied.from), width: `max(3px, ${ruler.implied.to - ruler.implied.from}%)` }}
          title={`${claimNumber(low)} – ${claimNumber(high)} ${unit}`}
        />
        {ruler.ticks.map(({ at, kind, family }) => (
          <span
            key={`${kind} ${family.label}`}
            className={`tick ${kind}`}
            style={left(at)}
            title={`${factorNumber(family.value)} ${unit} · ${family.label}`}
          />
        ))}
      </div>
      <div className="ruler-marks">
        {ruler.marks.map(({ at, value }) => (
          <span key={value} style={left(at)}>
            {claimNumber(value)}
          </span>
        ))}
      </div>
      <ul className="key">
        <li>
          <i className="ruler-implied" /> {say('claims.key.implied')}
        </li>
        {ruler.usual && (
          <li>
            <i className="ruler-usual" /> {say('claims.key.usual')}
          </li>
        )}
        {kinds.map((kind) => (
          <li key={kind}>
            <i className={`ruler-tick ${kind}`} /> {say(`claims.${kind}`)}
          </li>
        ))}
        <li>{say('claims.key.scale', { unit })}</li>
      </ul>
    </div>
  )
}
