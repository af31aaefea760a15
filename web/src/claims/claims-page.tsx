import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { runEngine } from '../api/client.ts'
import { useSite } from '../api/queries.ts'
import { useSiteId } from '../app/moment.ts'
import { Failure, Skeleton } from '../ui/states.tsx'
import { useEvidence } from '../verify/run-evidence.ts'
import { useRunInAddress } from '../verify/use-run-in-address.ts'
import { useWords } from '../words/words.ts'
import type { CheckedClaim } from './checked-claim.ts'
import { type ClaimDraft, ClaimForm } from './claim-form.tsx'
import { ClaimHistory } from './claim-history.tsx'
import { ClaimResult } from './claim-result.tsx'
import '../carbon/verify-mark.css'
import './claims.css'

/** A published number in, and out of it what it implies, what explains it and whether it can be. The run is kept. */
export function ClaimsPage() {
  const { say } = useWords()
  const siteId = useSiteId()
  const site = useSite(siteId)
  const client = useQueryClient()
  const [shown, show] = useRunInAddress()
  const past = useEvidence<CheckedClaim>(shown)
  const check = useMutation({
    mutationFn: (input: object) =>
      runEngine<CheckedClaim & { readonly evidence: string }>('carbon.check-claim', { ...input, site: siteId }),
    onSuccess: async ({ evidence }) => {
      show(evidence)
      await client.invalidateQueries({ queryKey: ['claims-of', siteId] })
    },
  })
  const [draft, setDraft] = useState<ClaimDraft>()
  const [amended, setAmended] = useState(0)
  const amend = (one: ClaimDraft): void => {
    setDraft(one)
    setAmended(amended + 1)
  }
  const error = check.error ?? past.error
  return (
    <div className="claims">
      <header className="claims-head">
        <h1>{say('claims.title')}</h1>
        <p className="quiet">{say('claims.why')}</p>
      </header>
      <div className="claims-desk">
        <ClaimForm
          key={amended}
          site={siteId}
          checking={check.isPending}
          draft={draft}
          onCheck={(input) => check.mutate(input)}
        />
        <ClaimHistory
          site={siteId}
          zone={site.data?.zone ?? 'UTC'}
          shown={shown}
          onChoose={(run) => {
            check.reset()
            show(run)
          }}
        />
      </div>
      {error ? (
        <Failure error={error} />
      ) : past.data ? (
        <ClaimResult key={past.data.id} run={past.data} onAmend={amend} />
      ) : (
        (shown !== undefined || check.isPending) && <Skeleton height={320} />
      )}
    </div>
  )
}
