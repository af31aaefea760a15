import { useState } from 'react'
import { useSites } from '../api/queries.ts'
import type { SiteSummary } from '../api/types.ts'
import { useMoment, useNowMs, useSiteId } from '../app/moment.ts'
import { Failure, Skeleton } from '../ui/states.tsx'
import { useWords } from '../words/words.ts'
import { OverviewFigures } from './overview-figures.tsx'
import { worstFirst } from './site-line.ts'
import { SiteMap } from './site-map.tsx'
import { SiteTable } from './site-table.tsx'
import { sumLines } from './sums.ts'
import { useSiteLines } from './use-site-lines.ts'
import './overview.css'

/** All sites of this server that one may see: where they lie, how they fare, and what they come to together. */
export function OverviewPage() {
  const { say } = useWords()
  const sites = useSites()
  return (
    <div className="overview">
      <h1>{say('page.overview')}</h1>
      {sites.error && !sites.data ? (
        <Failure error={sites.error} retry={() => void sites.refetch()} />
      ) : sites.data ? (
        <Overview sites={sites.data} />
      ) : (
        <Skeleton height={560} />
      )}
    </div>
  )
}

function Overview({ sites }: { readonly sites: readonly SiteSummary[] }) {
  const { say } = useWords()
  const { kind } = useMoment()
  const nowMs = useNowMs(5000)
  const siteId = useSiteId()
  const [selected, setSelected] = useState(siteId)
  const lines = worstFirst(useSiteLines(sites, nowMs))
  return (
    <>
      {kind !== 'live' && <p className="notice">{say('time.onlyNow')}</p>}
      <OverviewFigures sums={sumLines(lines)} />
      <div className="overview-body" data-sites={lines.length > 3 ? 'many' : 'few'}>
        <SiteMap lines={lines} selected={selected} onSelect={setSelected} />
        <SiteTable lines={lines} selected={selected} onSelect={setSelected} />
      </div>
    </>
  )
}
