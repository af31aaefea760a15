import { Link } from '@tanstack/react-router'
import { Link2, Pencil } from 'lucide-react'
import { useState } from 'react'
import { useSiteId } from '../app/moment.ts'
import type { Evidence } from '../verify/run-evidence.ts'
import { useWords } from '../words/words.ts'
import type { CheckedClaim } from './checked-claim.ts'
import type { ClaimDraft } from './claim-form.tsx'
import { claimNumber, factorNumber } from './claim-number.ts'
import { ClaimSentence } from './claim-sentence.tsx'
import { ClaimVerdict } from './claim-verdict.tsx'
import { missingWords } from './missing-words.ts'
import { QuotientRuler } from './quotient-ruler.tsx'
import { wouldHaveToBe } from './would-have-to-be.ts'

interface ClaimResultProps {
  readonly run: Evidence<CheckedClaim>
  /** Brings the sentence back into the form. */
  onAmend(draft: ClaimDraft): void
}

/** A checked claim, from the sentence down to its sources. */
export function ClaimResult({ run, onAmend }: ClaimResultProps) {
  const { say, knows } = useWords()
  const site = useSiteId()
  const [isCopied, setCopied] = useState(false)
  const claim = run.output
  const text = typeof run.input.text === 'string' ? run.input.text : claim.understood.map((one) => one.text).join(' · ')
  const draft = draftOf(run.input)
  const needed = wouldHaveToBe(claim.quotients)
  const copy = (): void =>
    void navigator.clipboard?.writeText(location.href).then(
      () => setCopied(true),
      () => undefined,
    )
  return (
    <div className="claim-result" aria-live="polite">
      <ClaimSentence claim={claim} text={text} />
      <ClaimVerdict claim={claim} />
      {needed.length > 0 && (
        <section className="claim-needed" aria-labelledby="claim-needed-title">
          <h2 id="claim-needed-title">{say('claims.needed')}</h2>
          <ul>
            {needed.map(({ quotient, family, times }) => {
              const name = `claims.quotient.${quotient.id}`
              return (
                <li key={`${quotient.id} ${quotient.over} ${quotient.under}`}>
                  {say(times > 1 ? 'claims.needed.more' : 'claims.needed.less', {
                    name: knows(name) ? say(name) : quotient.id,
                    stated: `${claimNumber(quotient.low)} – ${claimNumber(quotient.high)} ${quotient.unit}`,
                    known: `${factorNumber(family.value)} ${quotient.unit}`,
                    label: family.label,
                    times: claimNumber(times > 1 ? times : 1 / times),
                  })}
                </li>
              )
            })}
          </ul>
        </section>
      )}
      {(claim.missing?.length ?? 0) > 0 && (
        <section className="claim-missing" aria-labelledby="claim-missing-title">
          <h2 id="claim-missing-title">{say('claims.missing')}</h2>
          <ul>
            {claim.missing?.map((one) => {
              const key = missingWords[one]
              return (
                <li key={one} lang={key ? undefined : 'en'}>
                  {key ? say(key) : one}
                </li>
              )
            })}
          </ul>
        </section>
      )}
      {claim.quotients.map((quotient) => (
        <QuotientRuler key={`${quotient.id} ${quotient.over} ${quotient.under}`} quotient={quotient} />
      ))}
      {claim.shift.length > 0 && <ShiftTable claim={claim} />}
      <p className="claim-evidence">
        {say('plan.evidence')}{' '}
        <Link to="/sites/$site/runs" params={{ site }} search={{ run: run.id } as object}>
          <code>{run.id.slice(0, 16)}</code>
        </Link>
        <button type="button" className="button small" onClick={copy}>
          <Link2 size={14} aria-hidden /> {say(isCopied ? 'claims.copied' : 'claims.share')}
        </button>
        {draft && (
          <button type="button" className="button small" onClick={() => onAmend(draft)}>
            <Pencil size={14} aria-hidden /> {say('claims.amend')}
          </button>
        )}
      </p>
    </div>
  )
}

/** What was asked, as the form holds it; claims of numbers alone have no sentence to change. */
const draftOf = ({ text, region, year }: Evidence['input']): ClaimDraft | undefined =>
  typeof text === 'string' ? { text, region: String(region ?? ''), year: String(year ?? '') } : undefined

function ShiftTable({ claim: { shift } }: { readonly claim: CheckedClaim }) {
  const { say } = useWords()
  return (
    <table className="claim-shift">
      <caption>{say('claims.distances')}</caption>
      <tbody>
        {shift.slice(0, 12).map(({ family, distanceKm: { low, high } }) => (
          <tr key={family.label}>
            <td className="number">
              {claimNumber(low)} – {claimNumber(high)} km
            </td>
            <td>{family.label}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
