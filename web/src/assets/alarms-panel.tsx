import { Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import { groupAlarms, isUnacknowledged } from '../alarms/alarm.ts'
import { useAllAlarms } from '../alarms/alarm-queries.ts'
import { useAlarms } from '../alarms/live-alarms.ts'
import { PriorityMark } from '../alarms/priority-mark.tsx'
import type { Site, SiteAsset } from '../api/types.ts'
import { dayAndTime } from '../format/times.ts'
import { Panel } from '../ui/panel.tsx'
import { Skeleton } from '../ui/states.tsx'
import { ToneMark } from '../ui/tone.tsx'
import { useWords } from '../words/words.ts'

interface AlarmsPanelProps {
  readonly site: Site
  readonly asset: SiteAsset
}

/** What stands at the asset now, and how many rules watch it. */
export function AlarmsPanel({ site, asset }: AlarmsPanelProps) {
  const { say, language } = useWords()
  const { alarms } = useAlarms(site.id)
  const rules = useAllAlarms(site.id)
  const isOwn = ({ point }: { readonly point: string }): boolean => point.startsWith(`${asset.id}.`)
  const watching = rules.data?.filter(isOwn).length
  const { waiting, standing, hidden } = useMemo(
    () =>
      groupAlarms([...(alarms?.values() ?? rules.data ?? [])].filter((one) => one.point.startsWith(`${asset.id}.`))),
    [alarms, rules.data, asset.id],
  )
  const shown = [...waiting, ...standing, ...hidden]
  const link = (
    <Link to="/sites/$site/alarms" params={{ site: site.id }} search={(search) => search}>
      {say('page.alarms')}
    </Link>
  )
  return (
    <Panel title={say('assets.alarms')} actions={link}>
      {shown.length === 0 ? (
        <NoAlarms watching={watching} />
      ) : (
        <ul className="assets-alarms">
          {shown.map((alarm) => (
            <li key={alarm.id}>
              <PriorityMark priority={alarm.priority} filled={isUnacknowledged(alarm)} />
              <span className="assets-alarm">
                <strong>{alarm.title}</strong>
                <span className="quiet">{alarm.message}</span>
              </span>
              <span className="quiet">
                {say(`alarms.state.${alarm.state}`)}
                {alarm.raisedMs !== null && ` · ${dayAndTime(alarm.raisedMs, site.zone, language)}`}
              </span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  )
}

/** Only where something watches it is silence a good sign. */
function NoAlarms({ watching }: { readonly watching: number | undefined }) {
  const { say } = useWords()
  if (watching === undefined) return <Skeleton height={24} />
  return watching === 0 ? (
    <p className="quiet">{say('assets.unwatched')}</p>
  ) : (
    <ToneMark tone="good">{say('assets.noAlarms', { count: watching })}</ToneMark>
  )
}
