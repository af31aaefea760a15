import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { runEngine } from '../api/client.ts'
import { useMay } from '../sign-in/session.ts'
import { useWords } from '../words/words.ts'
import { type Inventory, type Verdict, viewNames } from './carbon-queries.ts'

interface StartYearProps {
  readonly site: string
  readonly zone: string
}

/** The last whole year in the zone of a site. */
export const lastYear = (nowMs: number, zone: string): number =>
  Number(new Intl.DateTimeFormat('en', { year: 'numeric', timeZone: zone }).format(nowMs)) - 1

/** One button from an empty page to a full one: accounts and judges the last year with the files beside the site. */
export function StartYear({ site, zone }: StartYearProps) {
  const { say } = useWords()
  const client = useQueryClient()
  const mayPlan = useMay('plan', site)
  const [pending, setPending] = useState(false)
  const [problems, setProblems] = useState<readonly string[]>([])
  const year = lastYear(Date.now(), zone)
  const start = async (): Promise<void> => {
    setPending(true)
    const figures = { site, figuresFile: `verdict-${year}.yaml` }
    const period = { from: `${year}-01-01`, to: `${year + 1}-01-01` }
    const results = await Promise.allSettled([
      runEngine<Inventory>('carbon.account', { site, period, views: [...viewNames] }),
      runEngine<Verdict>('carbon.park-verdict', figures),
      runEngine('carbon.park-path', { ...figures, method: 'none' }),
    ])
    setProblems(
      results.flatMap((result) => (result.status === 'rejected' ? [String((result.reason as Error).message)] : [])),
    )
    setPending(false)
    await client.invalidateQueries({ queryKey: ['runs-of', site] })
  }
  return (
    <div className="carbon-start">
      <button
        type="button"
        className="button primary"
        disabled={!mayPlan || pending}
        title={mayPlan ? undefined : say('carbon.mayNot')}
        onClick={() => void start()}
      >
        {pending ? say('carbon.working') : say('carbon.startYear', { year })}
      </button>
      <p className="quiet">
        {mayPlan
          ? say('carbon.startYearWhat', { inventory: `inventory-${year}.yaml`, verdict: `verdict-${year}.yaml` })
          : say('carbon.mayNot')}
      </p>
      {problems.map((problem) => (
        <p key={problem} className="dialog-problem" role="alert">
          {problem}
        </p>
      ))}
    </div>
  )
}
