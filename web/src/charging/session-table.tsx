import { Download } from 'lucide-react'
import { useState } from 'react'
import type { Site } from '../api/types.ts'
import { showMoney } from '../format/numbers.ts'
import { dayAndTime } from '../format/times.ts'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { Figure, Value } from '../ui/figure.tsx'
import { Panel } from '../ui/panel.tsx'
import { saveFile } from '../ui/save-file.ts'
import { Segmented } from '../ui/segmented.tsx'
import { Failure, Skeleton } from '../ui/states.tsx'
import { ToneMark } from '../ui/tone.tsx'
import { useWords } from '../words/words.ts'
import { BillDrawer } from './bill-drawer.tsx'
import { timeLeft } from './charging-figures.ts'
import { type Session, sessionsCsv, useSessions } from './charging-queries.ts'
import { filterSessions, type SessionFilter, sessionTotals } from './session-rows.ts'

const dayMs = 86_400_000
const spans = { day: dayMs, week: 7 * dayMs, month: 31 * dayMs } as const
type Span = keyof typeof spans
const filters: readonly SessionFilter[] = ['all', 'running', 'ended']
/** Rows that are shown before somebody asks for all. */
const shownRows = 50

/** Sessions that run and that have ended, each with its bill. */
export function SessionTable({ site }: { readonly site: Site }) {
  const { say } = useWords()
  const [span, setSpan] = useState<Span>('week')
  const [filter, setFilter] = useState<SessionFilter>('all')
  const [text, setText] = useState('')
  const [all, setAll] = useState(false)
  const [opened, setOpened] = useState<string>()
  const query = useSessions(site.id, spans[span])
  const found = filterSessions(query.data?.sessions ?? [], filter, text)
  const bill = query.data?.sessions.find(({ id }) => id === opened)
  const columns = useColumns(site, setOpened)
  return (
    <Panel
      title={say('charging.sessions')}
      actions={
        <>
          <label className="field charging-search">
            <span className="visually-hidden">{say('charging.search')}</span>
            <input
              type="search"
              placeholder={say('charging.search')}
              value={text}
              onChange={({ target }) => setText(target.value)}
            />
          </label>
          <Segmented<SessionFilter>
            label={say('charging.filter')}
            options={filters.map((id) => ({ id, title: say(`charging.filter.${id}`) }))}
            value={filter}
            onChange={setFilter}
          />
          <Segmented<Span>
            label={say('charging.span')}
            options={(Object.keys(spans) as readonly Span[]).map((id) => ({ id, title: say(`charging.span.${id}`) }))}
            value={span}
            onChange={setSpan}
          />
          <CsvButton site={site.id} spanMs={spans[span]} />
        </>
      }
    >
      {query.error && !query.data ? (
        <Failure error={query.error} retry={() => void query.refetch()} />
      ) : query.data ? (
        <>
          <Totals sessions={found} isPart={query.data.isPart} />
          <div className="charging-sessions">
            <DataTable
              caption={say('charging.sessions')}
              columns={columns}
              rows={all ? found : found.slice(0, shownRows)}
              keyOf={({ gateway, id, startedMs }) => `${gateway} ${id} ${startedMs}`}
              empty={say(query.data.sessions.length === 0 ? 'charging.noSessions' : 'charging.noMatch')}
            />
          </div>
          {!all && found.length > shownRows && (
            <button type="button" className="button charging-more" onClick={() => setAll(true)}>
              {say('charging.showAll', { number: found.length })}
            </button>
          )}
        </>
      ) : (
        <Skeleton height={240} />
      )}
      {bill && <BillDrawer site={site} session={bill} onClose={() => setOpened(undefined)} />}
    </Panel>
  )
}

function Totals({ sessions, isPart }: { readonly sessions: readonly Session[]; readonly isPart: boolean }) {
  const { say } = useWords()
  const { energyKwh, money } = sessionTotals(sessions)
  return (
    <p className="quiet charging-totals">
      {say('charging.total', { number: sessions.length })} · <Value value={energyKwh} unit="kWh" />
      {money.map(({ currency, gross }) => (
        <span key={currency}>
          {' · '}
          <Figure {...showMoney(gross, currency)} />
        </span>
      ))}
      {isPart && ` · ${say('charging.isPart')}`}
    </p>
  )
}

function useColumns(site: Site, onOpen: (id: string) => void): readonly Column<Session>[] {
  const { say, language } = useWords()
  const time = (atMs: number): string => dayAndTime(atMs, site.zone, language)
  const tookOf = (startedMs: number, endedMs: number): string => {
    const { hours, minutes } = timeLeft(endedMs, startedMs)
    return say(hours > 0 ? 'charging.tookHours' : 'charging.tookMinutes', { hours, minutes })
  }
  return [
    {
      id: 'started',
      title: say('charging.started'),
      sortBy: ({ startedMs }) => startedMs,
      cell: ({ startedMs }) => <span className="charging-time">{time(startedMs)}</span>,
    },
    {
      id: 'charger',
      title: say('charging.charger'),
      sortBy: ({ station, evse }) => `${station}/${evse}`,
      cell: ({ station, evse }) => (
        <span className="charging-name" title={`${station}/${evse}`}>
          {station}/{evse}
        </span>
      ),
    },
    {
      id: 'card',
      title: say('charging.card'),
      sortBy: ({ card }) => card ?? undefined,
      cell: ({ card }) => (
        <span className="charging-name" title={card ?? ''}>
          {card ?? '–'}
        </span>
      ),
    },
    {
      id: 'state',
      title: say('charging.state'),
      sortBy: ({ endedMs }) => endedMs ?? Number.MAX_SAFE_INTEGER,
      cell: ({ endedMs, startedMs, inferred }) =>
        endedMs === null ? (
          <ToneMark tone="good">{say('charging.runs')}</ToneMark>
        ) : (
          <span className="charging-time">
            {tookOf(startedMs, endedMs)}
            {inferred && ` · ${say('charging.inferred')}`}
          </span>
        ),
    },
    {
      id: 'energy',
      title: say('charging.energy'),
      numeric: true,
      sortBy: ({ energyKwh }) => energyKwh ?? undefined,
      cell: ({ energyKwh }) => <Value value={energyKwh ?? undefined} unit="kWh" />,
    },
    {
      id: 'bill',
      title: say('charging.bill'),
      numeric: true,
      sortBy: ({ bill }) => bill?.gross,
      cell: ({ id, bill, noBill }) => (
        <button type="button" className="sourced" onClick={() => onOpen(id)}>
          {bill ? (
            <Figure {...showMoney(bill.gross, bill.currency)} />
          ) : (
            say(`charging.noBill.${noBill ?? 'no-tariff'}`)
          )}
        </button>
      ),
    },
  ]
}

function CsvButton({ site, spanMs }: { readonly site: string; readonly spanMs: number }) {
  const { say } = useWords()
  const [failed, setFailed] = useState(false)
  const save = (): void => {
    setFailed(false)
    sessionsCsv(site, spanMs).then(
      (text) => saveFile(`${site}-sessions.csv`, new Blob([text], { type: 'text/csv;charset=utf-8' })),
      () => setFailed(true),
    )
  }
  return (
    <>
      <button type="button" className="button" onClick={save}>
        <Download size={16} aria-hidden /> CSV
      </button>
      {failed && (
        <span role="alert" className="charging-problem">
          {say('state.failed')}
        </span>
      )}
    </>
  )
}
