import { Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import { usePlan } from '../api/queries.ts'
import type { Site, SiteAsset } from '../api/types.ts'
import { Chart } from '../charts/chart.tsx'
import { Value } from '../ui/figure.tsx'
import { Panel } from '../ui/panel.tsx'
import { Stat } from '../ui/stat.tsx'
import { Failure, Skeleton } from '../ui/states.tsx'
import { useWords } from '../words/words.ts'
import { assetPlan, assetPlanSpec } from './asset-plan.ts'

interface PlanPanelProps {
  readonly site: Site
  readonly asset: SiteAsset
}

/** What the published plan asks of the asset, and its part of the whole. */
export function PlanPanel({ site, asset }: PlanPanelProps) {
  const { say } = useWords()
  const plan = usePlan(site.id)
  const own = useMemo(() => plan.data && assetPlan(plan.data, site.assets, asset.id), [plan.data, site, asset])
  const spec = useMemo(
    () =>
      plan.data ? assetPlanSpec(plan.data, asset, { power: say('plan.power'), level: say('assets.level') }) : undefined,
    [plan.data, asset, say],
  )
  const link = (
    <Link to="/sites/$site/plan" params={{ site: site.id }} search={(search) => search}>
      {say('page.plan')}
    </Link>
  )
  const share = (of: number | undefined): string | undefined =>
    of === undefined ? undefined : say('assets.shareOfPlan', { share: (of * 100).toFixed(of < 0.1 ? 1 : 0) })
  return (
    <Panel title={say('assets.plan')} actions={link}>
      {plan.error && !plan.data ? (
        <Failure error={plan.error} retry={() => void plan.refetch()} />
      ) : plan.data === undefined ? (
        <Skeleton height={240} />
      ) : plan.data === null ? (
        <p className="quiet">{say('park.noPlan')}</p>
      ) : !own && !spec ? (
        <p className="quiet">{say('assets.notPlanned')}</p>
      ) : (
        <>
          {own && (
            <dl className="stats">
              {own.givenKwh > 0 && (
                <Stat label={say('assets.gives')} note={share(own.givenShare)}>
                  <Value value={own.givenKwh} unit="kWh" />
                </Stat>
              )}
              {own.takenKwh > 0 && (
                <Stat label={say('assets.takes')} note={share(own.takenShare)}>
                  <Value value={own.takenKwh} unit="kWh" />
                </Stat>
              )}
              <Stat label={say('assets.peak')}>
                <Value value={own.peakKw} unit="kW" />
              </Stat>
            </dl>
          )}
          {spec && (
            <Chart title={say('assets.planned')} summary={say('assets.plannedSays')} spec={spec} zone={site.zone} />
          )}
        </>
      )}
    </Panel>
  )
}
