import { useLocation, useNavigate } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useSite } from '../api/queries.ts'
import { useSiteId } from '../app/moment.ts'
import { Empty } from '../ui/empty.tsx'
import { Failure, Skeleton } from '../ui/states.tsx'
import { Tabs } from '../ui/tabs.tsx'
import { useWords } from '../words/words.ts'
import { CheckpointPanel } from './checkpoint-panel.tsx'
import { ConsistencyPanel } from './consistency-panel.tsx'
import { CreditsPanel } from './credits-panel.tsx'
import { EntryList } from './entry-list.tsx'
import { type Ledger, useLedger } from './ledger-queries.ts'
import { WritePanel } from './write-panel.tsx'
import '../carbon/verify-mark.css'
import './ledger.css'

const views = ['entries', 'check', 'credits', 'write'] as const
type View = (typeof views)[number]

/** The ledger of a site: what nobody can change unseen, how to check that, and what may be added. */
export function LedgerPage() {
  const { say } = useWords()
  const site = useSiteId()
  const known = useSite(site)
  const { data, error, refetch } = useLedger(site)
  const navigate = useNavigate()
  const hash = useLocation({ select: (location) => location.hash })
  const zone = known.data?.zone
  const failed = known.error ?? error
  if (failed) return <Failure error={failed} retry={() => void refetch()} />
  return (
    <div className="ledger">
      <header className="ledger-head">
        <h1>{say('page.ledger')}</h1>
        <p className="quiet">{say('ledger.why')}</p>
      </header>
      {!data || zone === undefined ? (
        <Skeleton height={480} />
      ) : (
        <>
          {data.size > 0 && <CheckpointPanel ledger={data} zone={zone} />}
          <Tabs
            label={say('page.ledger')}
            value={views.find((view) => view === hash) ?? 'entries'}
            onChange={(id) => void navigate({ to: '.', hash: id, search: true, replace: true })}
            tabs={views.map((id) => ({
              id,
              title: say(`ledger.tab.${id}`),
              content: viewOf(id, site, zone, data),
            }))}
          />
        </>
      )}
    </div>
  )
}

function viewOf(view: View, site: string, zone: string, ledger: Ledger): ReactNode {
  if (view === 'write') return <WritePanel site={site} zone={zone} ledger={ledger} />
  if (ledger.size === 0) return <NoEntries site={site} />
  switch (view) {
    case 'entries':
      return <EntryList site={site} zone={zone} size={ledger.size} />
    case 'check':
      return <ConsistencyPanel key={ledger.origin} site={site} ledger={ledger} />
    case 'credits':
      return <CreditsPanel site={site} />
  }
}

function NoEntries({ site }: { readonly site: string }) {
  const { say } = useWords()
  const navigate = useNavigate()
  const write = (): void => void navigate({ to: '.', hash: 'write', search: true })
  return (
    <Empty
      title={say('ledger.empty')}
      advice={say('ledger.emptyDo')}
      action={
        <>
          <button type="button" className="button primary" onClick={write}>
            {say('ledger.write')}
          </button>
          <pre className="sample">{`mangrove ledger append ${site} entries.ndjson`}</pre>
        </>
      }
    />
  )
}
