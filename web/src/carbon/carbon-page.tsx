import { useSite } from '../api/queries.ts'
import { useSiteId } from '../app/moment.ts'
import { Failure, Skeleton } from '../ui/states.tsx'
import { useWords } from '../words/words.ts'
import { InventorySection } from './inventory-section.tsx'
import { LedgerSection } from './ledger-section.tsx'
import { VerdictSection } from './verdict-section.tsx'
import './carbon.css'

/** What a site emitted, whether it passes, and the ledger that keeps it. */
export function CarbonPage() {
  const { say } = useWords()
  const siteId = useSiteId()
  const { data, error, refetch } = useSite(siteId)
  if (error) return <Failure error={error} retry={() => void refetch()} />
  if (!data) return <Skeleton height={480} />
  return (
    <div className="carbon">
      <h1>{say('page.carbon')}</h1>
      <InventorySection site={data.id} zone={data.zone} />
      <VerdictSection site={data.id} zone={data.zone} />
      <LedgerSection site={data.id} zone={data.zone} />
    </div>
  )
}
