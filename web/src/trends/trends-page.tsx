import { useNavigate, useSearch } from '@tanstack/react-router'
import { ListChecks } from 'lucide-react'
import { useCallback, useMemo, useState } from 'react'
import { useSite } from '../api/queries.ts'
import type { Site } from '../api/types.ts'
import { useSiteId } from '../app/moment.ts'
import { useTheme } from '../app/theme.ts'
import { Dialog } from '../ui/dialog.tsx'
import { Failure, Skeleton } from '../ui/states.tsx'
import { useWords } from '../words/words.ts'
import { firstChoice } from './first-choice.ts'
import { PointChoice } from './point-choice.tsx'
import { mostPoints, readAddress, type TrendAddress, writeAddress } from './trend-address.ts'
import { TrendCharts } from './trend-charts.tsx'
import { type TrendPoint, useTrendPoints } from './trend-points.ts'
import { rowsOf } from './trend-rows.ts'
import './trends.css'

/** Any points of the site over any stretch of time; what is seen stands in the address. */
export function TrendsPage() {
  const siteId = useSiteId()
  const site = useSite(siteId)
  if (site.error) return <Failure error={site.error} retry={() => void site.refetch()} />
  return site.data ? <Trends key={siteId} site={site.data} /> : <TrendsSkeleton />
}

function TrendsSkeleton() {
  const { say } = useWords()
  return (
    <div className="trends">
      <h1 className="visually-hidden">{say('page.trends')}</h1>
      <div className="trends-aside">
        <Skeleton height={420} />
      </div>
      <div className="trends-main">
        <Skeleton height={32} />
        <Skeleton height={360} />
      </div>
    </div>
  )
}

function Trends({ site }: { readonly site: Site }) {
  const { say } = useWords()
  const { shown: theme } = useTheme()
  const { points: chosen, width, until } = useSearch({ from: '/sites/$site/trends' })
  const navigate = useNavigate()
  const all = useTrendPoints(site)
  const [choosing, setChoosing] = useState(false)
  const address = useMemo(
    () =>
      readAddress({
        ...(chosen === undefined ? {} : { points: chosen }),
        ...(width === undefined ? {} : { width }),
        ...(until === undefined ? {} : { until }),
      }),
    [chosen, width, until],
  )
  const byRef = useMemo(() => new Map(all.data?.map((point) => [point.ref, point])), [all.data])
  const points = useMemo(() => address.refs.flatMap((ref) => byRef.get(ref) ?? []), [address.refs, byRef])
  const rows = useMemo(() => rowsOf(points), [points])
  const go = useCallback(
    (next: Partial<TrendAddress>): void =>
      void navigate({
        from: '/sites/$site/trends',
        to: '.',
        replace: true,
        search: ({ at, ...before }) => ({
          ...(at === undefined ? {} : { at }),
          ...writeAddress({ ...readAddress(before), ...next }),
        }),
      }),
    [navigate],
  )
  const toggle = useCallback(
    (ref: string): void =>
      go({
        refs: address.refs.includes(ref)
          ? address.refs.filter((own) => own !== ref)
          : [...address.refs, ref].slice(0, mostPoints),
      }),
    [go, address.refs],
  )
  if (all.error && !all.data) return <Failure error={all.error} retry={() => void all.refetch()} />
  if (!all.data) return <TrendsSkeleton />
  const unknown = address.refs.filter((ref) => !byRef.has(ref))
  const choice = (
    <PointChoice points={all.data} chosen={address.refs} onToggle={toggle} onClear={() => go({ refs: [] })} />
  )
  return (
    <div className="trends">
      <h1 className="visually-hidden">{say('page.trends')}</h1>
      <aside className="trends-aside" aria-label={say('trends.choose')}>
        {choice}
      </aside>
      <div className="trends-main">
        <button type="button" className="button trends-open-choice" onClick={() => setChoosing(true)}>
          <ListChecks size={16} aria-hidden /> {say('trends.choose')}
        </button>
        {unknown.length > 0 && (
          <p className="notice trends-unknown">{say('trends.unknown', { refs: unknown.join(', ') })}</p>
        )}
        {rows.length === 0 ? (
          <NothingChosen all={all.data} site={site} onChoose={(refs) => go({ refs })} />
        ) : (
          <TrendCharts key={theme} site={site} rows={rows} address={address} onGo={go} onRemove={toggle} />
        )}
      </div>
      {choosing && (
        <Dialog title={say('trends.choose')} shape="drawer" onClose={() => setChoosing(false)}>
          {choice}
        </Dialog>
      )}
    </div>
  )
}

interface NothingChosenProps {
  readonly all: readonly TrendPoint[]
  readonly site: Site
  onChoose(refs: readonly string[]): void
}

function NothingChosen({ all, site, onChoose }: NothingChosenProps) {
  const { say } = useWords()
  const first = firstChoice(site, all)
  return (
    <div className="message">
      <h2>{say(all.length === 0 ? 'trends.noPoints' : 'trends.empty')}</h2>
      <p>{say(all.length === 0 ? 'trends.noPointsDo' : 'trends.emptyDo')}</p>
      {first.length > 0 && (
        <button type="button" className="button primary" onClick={() => onChoose(first)}>
          {say('trends.start')}
        </button>
      )}
    </div>
  )
}
