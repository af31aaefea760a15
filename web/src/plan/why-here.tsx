import { useQuery } from '@tanstack/react-query'
import { Lightbulb } from 'lucide-react'
import { useState } from 'react'
import { runEngine } from '../api/client.ts'
import { useRun } from '../api/queries.ts'
import type { ExplainOutput, PlanOutput, PublishedPlan, Site } from '../api/types.ts'
import { showMoney } from '../format/numbers.ts'
import { clockTime } from '../format/times.ts'
import { useMay } from '../sign-in/session.ts'
import { Progress } from '../ui/progress.tsx'
import { useWords } from '../words/words.ts'
import { changeThatSaves, explainedAt } from './explained.ts'
import { planStepMs } from './steps.ts'
import { type WhatIf, whatIfInput } from './what-if.ts'

interface WhyHereProps {
  readonly site: Site
  readonly plan: PlanOutput & { readonly evidence: string }
  readonly base: PublishedPlan
  readonly whatIf: WhatIf
  readonly step: number
}

/** What a kWh at the hour under the pointer is made of, which limits bind then, and what it would save to move them. */
export function WhyHere({ site, plan, base, whatIf, step }: WhyHereProps) {
  const { say, knows, language } = useWords()
  const may = useMay('plan', site.id)
  const [asked, setAsked] = useState(false)
  const run = useRun(base.evidence)
  const explained = useQuery({
    queryKey: ['explain', plan.evidence],
    queryFn: ({ signal }) =>
      runEngine<ExplainOutput>(
        'energy.explain',
        whatIfInput(site, run.data ?? { id: base.evidence, input: {} }, base.start, whatIf),
        signal,
      ),
    enabled: asked && run.data !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  })
  const money = (value: number, per = ''): string => {
    const { text, unit } = showMoney(value, plan.currency)
    return `${text}\u00a0${unit}${per}`
  }
  const titleOf = (id: string | null): string => plan.assets.find((asset) => asset.id === id)?.title ?? id ?? ''
  if (!asked) {
    return (
      <section className="plan-why-here">
        <button type="button" className="button" disabled={!may} onClick={() => setAsked(true)}>
          <Lightbulb size={16} aria-hidden /> {say('plan.whyAsk')}
        </button>
      </section>
    )
  }
  if (explained.error) return <p className="problem">{explained.error.message}</p>
  if (!explained.data) {
    return (
      <section className="plan-why-here">
        <Progress label={say('plan.whyAsk')} share={undefined} />
      </section>
    )
  }
  const { worth, limits } = explainedAt(explained.data, plan.startMs + step * planStepMs(plan))
  const changes = limits.flatMap((limit) => {
    const change = changeThatSaves(limit)
    return change ? [{ limit, change }] : []
  })
  return (
    <section className="plan-why-here" aria-labelledby="plan-why-here">
      <h2 id="plan-why-here">{say('plan.whyHere')}</h2>
      {worth && (
        <>
          <p>
            {say('plan.worthSays', {
              from: clockTime(worth.fromMs, plan.zone, language),
              to: clockTime(worth.toMs, plan.zone, language),
              price: money(worth.pricePerKwh),
            })}
          </p>
          <ul>
            {worth.parts
              .filter(({ amountPerKwh }) => Math.abs(amountPerKwh) >= 5e-4)
              .slice(0, 5)
              .map(({ term, asset, atMs, amountPerKwh }) => (
                <li key={`${term} ${asset} ${atMs}`}>
                  <span>
                    {say(`plan.term.${term}`)}
                    {atMs !== null && <small> {clockTime(atMs, plan.zone, language)}</small>}
                    {asset !== '' && <small title={titleOf(asset)}> {titleOf(asset)}</small>}
                  </span>
                  <b>{money(amountPerKwh)}</b>
                </li>
              ))}
          </ul>
        </>
      )}
      <h3>{say('plan.otherwise')}</h3>
      {changes.length === 0 && <p>{say('plan.otherwiseNone')}</p>}
      <ul>
        {changes.map(({ limit, change }) => {
          const field = limit.path.slice(limit.path.lastIndexOf('.') + 1)
          const key = `plan.limit.${field}`
          const name = knows(key) ? say(key) : field
          return (
            <li key={limit.path}>
              <span>
                {say(`plan.limit-${change.way}`, {
                  limit: limit.asset === null ? name : `${titleOf(limit.asset)}, ${name}`,
                  unit: change.unit,
                })}
              </span>
              <b>{say('plan.limitSaves', { money: money(change.saves) })}</b>
            </li>
          )
        })}
      </ul>
    </section>
  )
}
