import { useQuery } from '@tanstack/react-query'
import { ask } from '../api/client.ts'
import type { RunPage } from '../api/types.ts'
import { dayAndTime } from '../format/times.ts'
import { Skeleton } from '../ui/states.tsx'
import { useEvidence } from '../verify/run-evidence.ts'
import { useWords } from '../words/words.ts'
import type { CheckedClaim } from './checked-claim.ts'
import { claimTones } from './claim-verdict.tsx'

interface ClaimHistoryProps {
  readonly site: string
  readonly zone: string
  readonly shown: string | undefined
  onChoose(run: string): void
}

/** Claims that people of this site checked, the newest first; each opens again from its run. */
export function ClaimHistory({ site, zone, shown, onChoose }: ClaimHistoryProps) {
  const { say } = useWords()
  const { data } = useQuery({
    queryKey: ['claims-of', site],
    queryFn: ({ signal }) =>
      ask<RunPage>(`/api/v1/runs?${new URLSearchParams({ site, engine: 'carbon.check-claim', limit: '12' })}`, {
        signal,
      }).then(({ runs }) => runs),
  })
  return (
    <section className="claim-history" aria-labelledby="claim-history-title">
      <h2 id="claim-history-title">{say('claims.history')}</h2>
      {!data ? (
        <Skeleton height={120} />
      ) : data.length === 0 ? (
        <p className="quiet">{say('claims.historyNone')}</p>
      ) : (
        <ul>
          {data.map(({ id, clockMs }) => (
            <Past key={id} {...{ id, clockMs, zone }} isShown={id === shown} onChoose={() => onChoose(id)} />
          ))}
        </ul>
      )}
    </section>
  )
}

interface PastProps {
  readonly id: string
  readonly clockMs: number
  readonly zone: string
  readonly isShown: boolean
  onChoose(): void
}

function Past({ id, clockMs, zone, isShown, onChoose }: PastProps) {
  const { say, language } = useWords()
  const { data } = useEvidence<CheckedClaim>(id)
  const tone = data && claimTones[data.output.verdict]
  const text = data ? String(data.input.text ?? data.output.understood.map((one) => one.text).join(', ')) : '…'
  return (
    <li>
      <button type="button" aria-current={isShown} onClick={onChoose}>
        <span className="claim-past" title={text.slice(0, 500)}>
          {text.slice(0, 200)}
        </span>
        <small>
          {tone && <span className={`claim-verdict ${tone}`}>{say(`claims.short.${tone}`)}</span>}{' '}
          {dayAndTime(clockMs, zone, language)}
        </small>
      </button>
    </li>
  )
}
