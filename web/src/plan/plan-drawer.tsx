import { CircleAlert, CircleCheck, Info } from 'lucide-react'
import type { ReactNode } from 'react'
import type { PlanOutput } from '../api/types.ts'
import { formatNumber } from '../format/numbers.ts'
import { useWords } from '../words/words.ts'
import { CostTable, SavingSentence } from './cost-table.tsx'
import { ReasonSentence, RelaxedSentence } from './sentences.tsx'

interface PlanDrawerProps {
  readonly plan: PlanOutput & { readonly evidence: string }
  readonly published: PlanOutput | undefined
  /** Stands between the money and the reasons. */
  readonly children: ReactNode
}

/** What a plan costs, what gave way, why it is as it is, and how it can be checked. */
export function PlanDrawer({ plan, published, children }: PlanDrawerProps) {
  const { say } = useWords()
  return (
    <>
      <section>
        <CostTable plan={plan} against={published} />
        <p className="saving">
          <SavingSentence plan={plan} />
        </p>
      </section>
      {children}
      {plan.relaxed.length > 0 && (
        <section className="gave-way">
          <h2>{say('plan.gaveWay')}</h2>
          <ul>
            {plan.relaxed.map((relaxed) => (
              <li key={`${relaxed.asset} ${relaxed.reason}`}>
                <Info size={16} aria-hidden />
                <span>
                  <RelaxedSentence relaxed={relaxed} assets={plan.assets} />
                </span>
              </li>
            ))}
          </ul>
        </section>
      )}
      <section className="why">
        <h2>{say('plan.why')}</h2>
        {plan.reasons.length === 0 && <p>{say('plan.whyNone')}</p>}
        <ul>
          {plan.reasons.map((reason) => (
            <li key={`${reason.asset} ${reason.code} ${reason.step ?? ''}`}>
              <ReasonSentence reason={reason} assets={plan.assets} zone={plan.zone} currency={plan.currency} />
            </li>
          ))}
        </ul>
      </section>
      <section className="check">
        <h2>{say('plan.check')}</h2>
        <p data-ok={plan.certificate.ok}>
          {plan.certificate.ok ? <CircleCheck size={16} aria-hidden /> : <CircleAlert size={16} aria-hidden />}
          <span>
            {plan.certificate.ok
              ? say('plan.checkPassed', {
                  gap: `${formatNumber(Math.max(0.01, plan.certificate.boundGap * 100), 2)}\u00a0%`,
                })
              : say('plan.checkFailed', { residual: formatNumber(plan.certificate.maxResidual) })}
          </span>
        </p>
        <p className="evidence">
          {say('plan.evidence')}{' '}
          <a href={`/api/v1/runs/${encodeURIComponent(plan.evidence)}`}>
            <code>{plan.evidence.slice(0, 16)}</code>
          </a>
        </p>
      </section>
    </>
  )
}
