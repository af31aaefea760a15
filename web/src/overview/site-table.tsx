import { Link } from '@tanstack/react-router'
import { ArrowRight } from 'lucide-react'
import { priorities } from '../alarms/alarm.ts'
import { PriorityMark } from '../alarms/priority-mark.tsx'
import { showMoney } from '../format/numbers.ts'
import { ageOf } from '../format/times.ts'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { Figure, Value } from '../ui/figure.tsx'
import { ToneMark } from '../ui/tone.tsx'
import { useWords } from '../words/words.ts'
import { type DayMoney, dayOf, type SiteLine, shareOf, staleMs, toneRank } from './site-line.ts'

interface SiteTableProps {
  readonly lines: readonly SiteLine[]
  readonly selected: string | undefined
  onSelect(id: string): void
}

/** The same sites in figures. */
export function SiteTable({ lines, selected, onSelect }: SiteTableProps) {
  const { say } = useWords()
  const day = (money: DayMoney, show: (value: number) => React.ReactNode, unknown: React.ReactNode) => (
    <span className="overview-day">
      {dayOf(money) === undefined ? unknown : show(dayOf(money) as number)}
      <small>
        {say('overview.soFar')} {money.soFar === undefined ? '–' : show(money.soFar)}
      </small>
    </span>
  )
  const columns: readonly Column<SiteLine>[] = [
    {
      id: 'site',
      title: say('app.site'),
      sortBy: ({ name }) => name,
      cell: ({ id, name }) => (
        <button
          type="button"
          className="overview-name"
          title={name}
          aria-pressed={id === selected}
          onClick={() => onSelect(id)}
        >
          {name}
        </button>
      ),
    },
    {
      id: 'state',
      title: say('overview.stateTitle'),
      sortBy: ({ tone }) => toneRank(tone),
      cell: ({ tone, word }) => <ToneMark tone={tone}>{say(`overview.state.${word}`)}</ToneMark>,
    },
    {
      id: 'use',
      title: say('overview.useShort'),
      numeric: true,
      sortBy: ({ useKw }) => useKw,
      cell: ({ useKw }) => <Value value={useKw} unit="kW" />,
    },
    {
      id: 'own',
      title: say('overview.ownShort'),
      numeric: true,
      sortBy: ({ ownKw }) => ownKw,
      cell: ({ ownKw }) => <Value value={ownKw} unit="kW" />,
    },
    {
      id: 'share',
      title: say('overview.shareShort'),
      numeric: true,
      sortBy: shareOf,
      cell: (line) => <Value value={shareOf(line)} unit="1" />,
    },
    {
      id: 'alarms',
      title: say('overview.alarms'),
      sortBy: ({ alarms }) => alarms && Object.values(alarms).reduce((sum, count) => sum + count, 0),
      cell: (line) => <AlarmCounts line={line} />,
    },
    {
      id: 'cost',
      title: say('overview.costDay'),
      numeric: true,
      sortBy: ({ cost }) => dayOf(cost),
      cell: ({ cost, currency }) =>
        day(cost, (value) => <Figure {...showMoney(value, currency)} />, <Value value={undefined} unit={currency} />),
    },
    {
      id: 'carbon',
      title: say('overview.carbonDay'),
      numeric: true,
      sortBy: ({ carbonKg }) => dayOf(carbonKg),
      cell: ({ carbonKg }) =>
        day(carbonKg, (value) => <Value value={value} unit="kgCO2e" />, <Value value={undefined} unit="kgCO2e" />),
    },
    {
      id: 'age',
      title: say('overview.age'),
      numeric: true,
      sortBy: ({ ageMs }) => ageMs,
      cell: ({ ageMs }) => <Age ageMs={ageMs} />,
    },
    {
      id: 'open',
      title: <span className="visually-hidden">{say('overview.open')}</span>,
      cell: ({ id, name }) => (
        <Link
          to="/sites/$site/park"
          params={{ site: id }}
          className="button plain icon"
          title={say('overview.openSite', { name })}
          aria-label={say('overview.openSite', { name })}
        >
          <ArrowRight size={16} aria-hidden />
        </Link>
      ),
    },
  ]
  return (
    <section className="overview-sites" aria-label={say('overview.sites')}>
      <DataTable
        caption={say('overview.sites')}
        columns={columns}
        rows={lines}
        keyOf={({ id }) => id}
        empty={say('state.noSites')}
      />
    </section>
  )
}

function AlarmCounts({ line: { id, alarms } }: { readonly line: SiteLine }) {
  const { say } = useWords()
  if (!alarms) return <span className="quiet">–</span>
  const standing = priorities.filter((priority) => alarms[priority] > 0)
  if (standing.length === 0) return <span className="quiet">{say('overview.noAlarm')}</span>
  return (
    <Link to="/sites/$site/alarms" params={{ site: id }} className="overview-alarms">
      {standing.map((priority) => (
        <span key={priority} className="overview-alarm">
          <PriorityMark priority={priority} size={16} /> {alarms[priority]}
        </span>
      ))}
    </Link>
  )
}

function Age({ ageMs }: { readonly ageMs: number | undefined }) {
  const { say } = useWords()
  if (ageMs === undefined) return <span className="figure">–</span>
  const { count, unit } = ageOf(ageMs)
  const text = say(`age.${unit}`, { count })
  return ageMs > staleMs ? <ToneMark tone="stale">{text}</ToneMark> : <span className="figure">{text}</span>
}
