import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { runEngine } from '../api/client.ts'
import { Failure } from '../ui/states.tsx'
import { useWords } from '../words/words.ts'
import type { CheckedClaim } from './checked-claim.ts'
import { ClaimVerdict } from './claim-verdict.tsx'
import { QuotientRuler } from './quotient-ruler.tsx'
import './claims.css'

/** A published number in, and out of it what it implies, what explains it and whether it can be. */
export function ClaimsPage() {
  const { say } = useWords()
  const [text, setText] = useState('')
  const [region, setRegion] = useState('')
  const [year, setYear] = useState('')
  const check = useMutation({
    mutationFn: (claim: string) =>
      runEngine<CheckedClaim>('carbon.check-claim', {
        text: claim,
        ...(region === '' ? {} : { region: region.toUpperCase() }),
        ...(year === '' ? {} : { year: Number(year) }),
      }),
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (text.trim() !== '') check.mutate(text)
  }
  const { data, variables = '' } = check
  return (
    <section className="claims">
      <h1>{say('claims.title')}</h1>
      <form className="claim-form" onSubmit={submit}>
        <label className="field">
          <span>{say('claims.text')}</span>
          <textarea
            rows={3}
            value={text}
            maxLength={20_000}
            required
            placeholder={say('claims.example')}
            onChange={({ target }) => setText(target.value)}
          />
        </label>
        <div className="claim-where">
          <label className="field">
            <span>{say('claims.region')}</span>
            <input
              value={region}
              placeholder="CN-JS"
              pattern="[A-Za-z]{2}([\-+][A-Za-z0-9]{1,20})?"
              onChange={({ target }) => setRegion(target.value)}
            />
          </label>
          <label className="field">
            <span>{say('claims.year')}</span>
            <input
              type="number"
              min={1990}
              max={2199}
              value={year}
              placeholder="2025"
              onChange={({ target }) => setYear(target.value)}
            />
          </label>
          <button type="submit" className="button primary" disabled={check.isPending || text.trim() === ''}>
            {say(check.isPending ? 'claims.checking' : 'claims.check')}
          </button>
        </div>
      </form>
      {check.error && <Failure error={check.error} />}
      {data && !check.error && (
        <div className="claim-result" aria-live="polite">
          <ClaimVerdict claim={data} text={variables} />
          {data.quotients.map((quotient) => (
            <QuotientRuler key={`${quotient.id} ${quotient.over} ${quotient.under}`} quotient={quotient} />
          ))}
          {data.shift.length > 0 && <ShiftTable claim={data} />}
          <p className="claim-evidence">
            {say('plan.evidence')}{' '}
            <a href={`/api/v1/runs/${encodeURIComponent(data.evidence)}`}>
              <code>{data.evidence.slice(0, 16)}</code>
            </a>
          </p>
        </div>
      )}
    </section>
  )
}

function ShiftTable({ claim: { shift } }: { readonly claim: CheckedClaim }) {
  const { say, language } = useWords()
  const whole = new Intl.NumberFormat(language, { maximumSignificantDigits: 3 })
  return (
    <table className="claim-shift">
      <caption>{say('claims.distances')}</caption>
      <tbody>
        {shift.slice(0, 12).map(({ family, distanceKm: { low, high } }) => (
          <tr key={family.label}>
            <td className="number">
              {whole.format(low)} – {whole.format(high)} km
            </td>
            <td>{family.label}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
