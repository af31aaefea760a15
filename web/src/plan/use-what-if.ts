import { useMutation } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { runEngine } from '../api/client.ts'
import { useRun } from '../api/queries.ts'
import type { PlanOutput, PublishedPlan, Site } from '../api/types.ts'
import { isUnchanged, type WhatIf, whatIfInput } from './what-if.ts'

type Drafted = PlanOutput & { readonly evidence: string }

export interface WhatIfState {
  readonly whatIf: WhatIf
  readonly changed: boolean
  /** The other plan, once it is made; the published one until then. */
  readonly draft: Drafted | undefined
  /** The plan that the draft is compared with. */
  readonly base: PublishedPlan
  readonly busy: boolean
  readonly error: Error | null
  change(next: WhatIf): void
  /** Plans again with what is changed. */
  run(next?: WhatIf): void
  reset(): void
}

/**
 * Another plan of the same hours with changed prices and limits. While one is looked at, the published plan it is
 * compared with stands still, though a newer may be published meanwhile.
 */
export function useWhatIf(site: Site, published: PublishedPlan): WhatIfState {
  const [whatIf, setWhatIf] = useState<WhatIf>({})
  const [base, setBase] = useState(published)
  const changed = !isUnchanged(whatIf)
  useEffect(() => {
    if (!changed) setBase(published)
  }, [changed, published])
  const run = useRun(base.evidence)
  const stop = useRef<AbortController>(undefined)
  const plan = useMutation({
    mutationFn: async (next: WhatIf) => {
      stop.current?.abort()
      const asked = new AbortController()
      stop.current = asked
      // Who asks before the published run is read waits for it.
      const { data, error } = run.data ? run : await run.refetch({ cancelRefetch: false })
      if (!data) throw error ?? new Error('The published run could not be read')
      return runEngine<Drafted>('energy.plan', whatIfInput(site, data, base.start, next), asked.signal)
    },
  })
  const reset = (): void => {
    stop.current?.abort()
    setWhatIf({})
    plan.reset()
  }
  return {
    whatIf,
    changed,
    draft: changed ? plan.data : undefined,
    base,
    busy: plan.isPending,
    error: plan.error instanceof DOMException && plan.error.name === 'AbortError' ? null : plan.error,
    change: (next) => {
      if (isUnchanged(next)) reset()
      else setWhatIf(next)
    },
    run: (next = whatIf) => {
      if (isUnchanged(next)) reset()
      else {
        setWhatIf(next)
        plan.mutate(next)
      }
    },
    reset,
  }
}
