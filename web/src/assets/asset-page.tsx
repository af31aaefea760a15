import { Link, useParams } from '@tanstack/react-router'
import { ChartLine } from 'lucide-react'
import { useSite } from '../api/queries.ts'
import type { Site, SiteAsset } from '../api/types.ts'
import { useMoment, useSiteId } from '../app/moment.ts'
import { lastDayOf, mostPoints } from '../trends/trend-address.ts'
import { familyOf, quietFamilies } from '../ui/families.ts'
import { colour, glyphs } from '../ui/sources.ts'
import { Failure, Skeleton } from '../ui/states.tsx'
import { useWords } from '../words/words.ts'
import { AlarmsPanel } from './alarms-panel.tsx'
import { AssetFields } from './asset-fields.tsx'
import { AssetPoints } from './asset-points.tsx'
import { DocumentsPanel } from './documents-panel.tsx'
import { PlanPanel } from './plan-panel.tsx'
import { SetpointsPanel } from './setpoints-panel.tsx'
import '../field/field.css'
import '../alarms/alarms.css'
import './assets.css'

/** One asset: what it is, what it does, what it is told, what is the matter with it. */
export function AssetPage() {
  const { say } = useWords()
  const siteId = useSiteId()
  const { asset: id } = useParams({ from: '/sites/$site/assets/$asset' })
  const site = useSite(siteId)
  if (site.error) return <Failure error={site.error} retry={() => void site.refetch()} />
  if (!site.data) return <AssetSkeleton />
  const asset = site.data.assets.find((own) => own.id === id)
  if (asset) return <Asset key={id} site={site.data} asset={asset} />
  return (
    <div className="message">
      <h1>{say('assets.none')}</h1>
      <p>{say('assets.noneDo')}</p>
      <Link to="/sites/$site/park" params={{ site: siteId }} search={(search) => search}>
        {say('page.park')}
      </Link>
    </div>
  )
}

const AssetSkeleton = () => (
  <div className="assets">
    <Skeleton height={40} />
    <div className="assets-columns">
      <div className="assets-column">
        <Skeleton height={240} />
        <Skeleton height={260} />
      </div>
      <div className="assets-column">
        <Skeleton height={120} />
        <Skeleton height={240} />
      </div>
    </div>
  </div>
)

function Asset({ site, asset }: { readonly site: Site; readonly asset: SiteAsset }) {
  const { say } = useWords()
  const { kind } = useMoment()
  const family = familyOf(asset.kind)
  const Glyph = family && glyphs[family]
  const quiet = (quietFamilies as readonly (string | undefined)[]).includes(family)
  const refs = asset.points.map(({ ref }) => ref).slice(0, mostPoints)
  return (
    <div className="assets">
      <header className="assets-head">
        {Glyph && <Glyph size={28} aria-hidden style={{ color: family && colour(family) }} />}
        <div className="assets-name">
          <h1 title={asset.title}>{asset.title}</h1>
          <p className="quiet">
            {family && !quiet ? say(`kind.${family as 'solar'}`) : asset.kind} · <code>{asset.id}</code>
          </p>
        </div>
        {refs.length > 0 && (
          <Link
            to="/sites/$site/trends"
            params={{ site: site.id }}
            search={({ at }) => ({
              ...(at === undefined ? {} : { at }),
              ...lastDayOf(refs),
            })}
            className="button"
          >
            <ChartLine size={16} aria-hidden /> {say('page.trends')}
          </Link>
        )}
      </header>
      {kind !== 'live' && <p className="notice">{say('time.onlyNow')}</p>}
      <div className="assets-columns">
        <div className="assets-column">
          <AssetPoints site={site} asset={asset} />
          <PlanPanel site={site} asset={asset} />
        </div>
        <div className="assets-column">
          <AlarmsPanel site={site} asset={asset} />
          <SetpointsPanel site={site} asset={asset} />
          <AssetFields site={site} asset={asset} />
          <DocumentsPanel site={site} asset={asset} />
        </div>
      </div>
    </div>
  )
}
