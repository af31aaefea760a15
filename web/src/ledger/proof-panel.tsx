import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Failure, Skeleton } from '../ui/states.tsx'
import { useWords } from '../words/words.ts'
import { checkProof } from './check-proof.ts'
import { fetchProof } from './ledger-queries.ts'

/** The proof of one entry, checked by this browser and by nobody else, step by step. */
export function ProofPanel({ site, number }: { readonly site: string; readonly number: number }) {
  const { say } = useWords()
  const [trusted, setTrusted] = useState('')
  const { data, error, refetch } = useQuery({
    queryKey: ['proof', site, number],
    queryFn: () => fetchProof(site, number),
    staleTime: 60_000,
  })
  const key = trusted.trim() === '' ? undefined : trusted.trim()
  const checked = useQuery({
    queryKey: ['proof-checked', data?.checkpoint, number, key],
    queryFn: async () => (data ? ((await checkProof(data, key)) ?? null) : null),
    enabled: data !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
  })
  if (error) return <Failure error={error} retry={() => void refetch()} />
  const found = checked.data
  if (!data || found === undefined) return <Skeleton height={200} />
  if (found === null) return <p className="ledger-warn">■ {say('ledger.noProof')}</p>
  const sound = found.leadsToRoot && found.signed === true
  return (
    <section className="proof" aria-labelledby="proof-title" aria-live="polite">
      <h3 id="proof-title">
        {say('ledger.proofOf', { number })}{' '}
        <span data-result={sound ? 'good' : found.leadsToRoot && found.signed === undefined ? 'unknown' : 'bad'}>
          {sound
            ? `● ${say('ledger.proofSound')}`
            : found.leadsToRoot && found.signed === undefined
              ? `◆ ${say('ledger.proofHalf')}`
              : `■ ${say('ledger.proofBad')}`}
        </span>
      </h3>
      <ol>
        <Step ok text={say('ledger.step.leaf')} value={found.leaf} />
        <Step
          ok={found.computedRoot !== undefined}
          text={say('ledger.step.path', { number: data.path.length, size: found.size })}
          value={found.computedRoot ?? '–'}
        />
        <Step ok={found.leadsToRoot} text={say('ledger.step.root')} value={found.signedRoot} />
        <Step
          ok={found.signed}
          text={say(found.signed === undefined ? 'ledger.step.unsigned' : 'ledger.step.signed')}
          value={key ?? data.verifierKey}
        />
      </ol>
      <label className="field">
        <span>{say('ledger.trustedKey')}</span>
        <input
          value={trusted}
          spellCheck={false}
          placeholder={data.verifierKey}
          onChange={({ target }) => setTrusted(target.value)}
        />
        <small>{say(key === undefined ? 'ledger.trustedKeyWhy' : 'ledger.trustedKeyUsed')}</small>
      </label>
      <details>
        <summary>{say('ledger.bytes')}</summary>
        <pre className="sample">{data.entry}</pre>
        <pre className="sample">{data.path.join('\n')}</pre>
        <pre className="sample">{data.checkpoint}</pre>
      </details>
    </section>
  )
}

export interface StepProps {
  readonly ok: boolean | undefined
  readonly text: string
  readonly value: string
}

/** A step of a check: whether it holds, in words and by a sign, with the hash it ends at. */
export function Step({ ok, text, value }: StepProps) {
  const { say } = useWords()
  const result = ok === undefined ? 'unknown' : ok ? 'good' : 'bad'
  return (
    <li data-result={result}>
      <span aria-hidden>{{ unknown: '◆', good: '✓', bad: '✗' }[result]}</span>
      <span className="visually-hidden">{say(`ledger.step.${result}`)}: </span>
      {text}
      <code>{value}</code>
    </li>
  )
}
