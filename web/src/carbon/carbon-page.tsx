import { useLocation, useNavigate } from '@tanstack/react-router'
import { useSite } from '../api/queries.ts'
import type { Site } from '../api/types.ts'
import { useSiteId } from '../app/moment.ts'
import { Failure, Skeleton } from '../ui/states.tsx'
import { Tabs } from '../ui/tabs.tsx'
import { useWords } from '../words/words.ts'
import { ApartSection } from './apart-section.tsx'
import { CurveSection } from './curve-section.tsx'
import { InventorySection } from './inventory-section.tsx'
import { MatchingSection } from './matching-section.tsx'
import { VerdictSection } from './verdict-section.tsx'
import './carbon.css'
import './hours.css'
import './inventory.css'
import './verify-mark.css'

const views = ['inventory', 'hours', 'verdict', 'cost', 'apart'] as const
type View = (typeof views)[number]

/** What a site emitted, hour by hour and by the year, whether it passes, what less of it costs, and what stands apart. */
export function CarbonPage() {
  const { say } = useWords()
  const siteId = useSiteId()
  const navigate = useNavigate()
  const hash = useLocation({ select: (location) => location.hash })
  const { data, error, refetch } = useSite(siteId)
  if (error) return <Failure error={error} retry={() => void refetch()} />
  if (!data) return <Skeleton height={480} />
  return (
    <div className="carbon">
      <header className="carbon-head">
        <h1>{say('page.carbon')}</h1>
        <p className="quiet">{say('carbon.ownTime')}</p>
      </header>
      <Tabs
        label={say('page.carbon')}
        value={views.find((view) => view === hash) ?? 'inventory'}
        onChange={(id) => void navigate({ to: '.', hash: id, search: true, replace: true })}
        tabs={views.map((id) => ({ id, title: say(`carbon.tab.${id}`), content: sectionOf(id, data) }))}
      />
    </div>
  )
}

function sectionOf(view: View, site: Site) {
  const { id, zone } = site
  switch (view) {
    case 'inventory':
      return <InventorySection site={id} zone={zone} />
    case 'hours':
      return <MatchingSection site={site} />
    case 'verdict':
      return <VerdictSection site={id} zone={zone} />
    case 'cost':
      return <CurveSection site={id} zone={zone} />
    case 'apart':
      return <ApartSection site={id} zone={zone} />
  }
}
