import { useWords } from '../words/words.ts'
import type { CheckedQuotient, Family } from './checked-claim.ts'
import { claimNumber, factorNumber } from './claim-number.ts'
import { ClaimScale } from './claim-scale.tsx'
import { rulerOf } from './ruler.ts'

/** What two numbers imply, on a ruler of known factors. */
export function QuotientRuler({ quotient }: { readonly quotient: CheckedQuotient }) {
  const { say, knows } = useWords()
  const { id, low, high, unit, over, under, standing, matches, nearest, official, bounds } = quotient
  const ruler = rulerOf(quotient)
  const name = `claims.quotient.${id}`
  const standingKey = `claims.standing.${standing.replaceAll(' ', '-')}`
  const [usualLow = 0, usualHigh = 0] = bounds?.usual ?? []
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
          {claimNumber(low)} – {claimNumber(high)}
        </strong>
        <span className="unit">{unit}</span> {knows(standingKey) ? say(standingKey) : standing}
      </p>
      <p className="claim-numbers">
        {over} / {under}
        {bounds && ` · ${say('claims.usual', { low: claimNumber(usualLow), high: claimNumber(usualHigh) })}`}
      </p>
      {ruler && <ClaimScale ruler={ruler} quotient={quotient} />}
      <dl className="claim-families">
        {rows.map(([label, family]) => (
          <div key={`${label} ${family.label}`}>
            <dt>{label}</dt>
            <dd>
              <strong>{factorNumber(family.value)}</strong> {family.label}
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
