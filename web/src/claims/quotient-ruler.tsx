import { useWords } from '../words/words.ts'
import type { CheckedQuotient, Family } from './checked-claim.ts'
import { rulerOf } from './ruler.ts'

/** What two numbers imply, on a ruler of known factors. */
export function QuotientRuler({ quotient }: { readonly quotient: CheckedQuotient }) {
  const { say, knows, language } = useWords()
  const { id, low, high, unit, over, under, standing, matches, nearest, official, bounds } = quotient
  const ruler = rulerOf(quotient)
  const number = new Intl.NumberFormat(language, { maximumSignificantDigits: 3 })
  const name = `claims.quotient.${id}`
  const standingKey = `claims.standing.${standing.replaceAll(' ', '-')}`
  const left = (at: number) => ({ insetInlineStart: `${at}%` })
  const rows: readonly (readonly [string, Family])[] = [
    ...(official ? [[say('claims.official'), official] as const] : []),
    ...matches.slice(0, 3).map((family) => [say('claims.match'), family] as const),
    ...(matches.length === 0 && nearest ? [[say('claims.nearest'), nearest] as const] : []),
  ]
  return (
    <article className={`claim-quotient ${standing.replaceAll(' ', '-')}`}>
      <h2>{knows(name) ? say(name) : id}</h2>
      <p className="claim-implied">
        <strong>
          {number.format(low)} – {number.format(high)}
        </strong>
        <span className="unit">{unit}</span> {knows(standingKey) ? say(standingKey) : standing}
      </p>
      <p className="claim-numbers">
        {over} / {under}
        {bounds &&
          ` · ${say('claims.usual', { low: number.format(bounds.usual[0] ?? 0), high: number.format(bounds.usual[1] ?? 0) })}`}
      </p>
      {ruler && (
        <div className="ruler" aria-hidden>
          {ruler.usual && (
            <span
              className="usual"
              style={{ ...left(ruler.usual.from), width: `${ruler.usual.to - ruler.usual.from}%` }}
            />
          )}
          <span
            className="implied"
            style={{ ...left(ruler.implied.from), width: `max(3px, ${ruler.implied.to - ruler.implied.from}%)` }}
          />
          {ruler.ticks.map(({ at, kind, family }) => (
            <span key={`${kind} ${family.label}`} className={`tick ${kind}`} style={left(at)} title={family.label} />
          ))}
        </div>
      )}
      <dl className="claim-families">
        {rows.map(([label, family]) => (
          <div key={`${label} ${family.label}`}>
            <dt>{label}</dt>
            <dd>
              <strong>{number.format(family.value)}</strong> {family.label}
              <small>
                {family.factors
                  .map(({ document, table }) => [document, table].filter((part) => part).join(', '))
                  .join('; ')}
                {family.factors.some((factor) => factor.verify !== undefined) && ` · ${say('claims.verify')}`}
              </small>
            </dd>
          </div>
        ))}
      </dl>
    </article>
  )
}
