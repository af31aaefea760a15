import { useState } from 'react'
import { useSite } from '../api/queries.ts'
import { useSiteId } from '../app/moment.ts'
import { dayAndTime } from '../format/times.ts'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { Panel } from '../ui/panel.tsx'
import { Segmented } from '../ui/segmented.tsx'
import { Failure, Skeleton } from '../ui/states.tsx'
import { ToneMark } from '../ui/tone.tsx'
import { useWords } from '../words/words.ts'
import { type AuditLine, useAudit } from './access-queries.ts'
import { filterAudit, whoOf } from './audit-filter.ts'
import { Cut } from './token-list.tsx'

const tones = { done: 'good', refused: 'warning', failed: 'alarm' } as const
const outcomes = ['all', 'done', 'refused', 'failed'] as const

/** Who did what, newest first. */
export function AuditLog() {
  const { say, language } = useWords()
  const { data: site } = useSite(useSiteId())
  const zone = site?.zone ?? 'UTC'
  const audit = useAudit(true)
  const [text, setText] = useState('')
  const [outcome, setOutcome] = useState<(typeof outcomes)[number]>('all')
  const all = audit.data?.pages.flatMap(({ entries }) => entries)
  const columns: readonly Column<AuditLine>[] = [
    {
      id: 'time',
      title: say('access.when'),
      cell: ({ timestampMs }) => <span className="access-time">{dayAndTime(timestampMs, zone, language)}</span>,
    },
    { id: 'who', title: say('access.who'), cell: (line) => <Cut text={whoOf(line)} /> },
    { id: 'what', title: say('access.what'), cell: ({ what }) => <code>{what}</code> },
    { id: 'on', title: say('access.on'), cell: ({ on, site: at }) => <Cut text={on ?? at ?? ''} /> },
    { id: 'from', title: say('access.from'), cell: ({ from }) => <code>{from}</code> },
    {
      id: 'outcome',
      title: say('access.outcome'),
      cell: ({ outcome: own, why }) => (
        <>
          <ToneMark tone={tones[own]}>{say(`access.outcome.${own}`)}</ToneMark> {why && <code>{why}</code>}
        </>
      ),
    },
  ]
  return (
    <Panel
      title={say('access.audit')}
      actions={
        <>
          <Segmented<(typeof outcomes)[number]>
            label={say('access.outcome')}
            options={outcomes.map((id) => ({ id, title: say(`access.outcome.${id}`) }))}
            value={outcome}
            onChange={setOutcome}
          />
          <label className="field access-search">
            <span className="visually-hidden">{say('access.search')}</span>
            <input
              type="search"
              placeholder={say('access.search')}
              value={text}
              onChange={({ target }) => setText(target.value)}
            />
          </label>
        </>
      }
    >
      {audit.error && !all ? (
        <Failure error={audit.error} retry={() => void audit.refetch()} />
      ) : all ? (
        <>
          <DataTable
            caption={say('access.audit')}
            columns={columns}
            rows={filterAudit(all, { text, outcome })}
            keyOf={({ number }) => String(number)}
            empty={say('access.noLines')}
          />
          <p className="access-more">
            <span className="quiet">{say('access.searched', { lines: all.length })}</span>
            {audit.hasNextPage && (
              <button
                type="button"
                className="button"
                disabled={audit.isFetchingNextPage}
                onClick={() => void audit.fetchNextPage()}
              >
                {say('access.older')}
              </button>
            )}
          </p>
        </>
      ) : (
        <Skeleton height={320} />
      )}
    </Panel>
  )
}
