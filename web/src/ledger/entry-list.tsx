import { useDeferredValue, useState } from 'react'
import { dayAndTime } from '../format/times.ts'
import { DataTable } from '../ui/data-table.tsx'
import { Failure, Skeleton } from '../ui/states.tsx'
import { useWords } from '../words/words.ts'
import { EntryDrawer } from './entry-drawer.tsx'
import { EntryText } from './entry-text.tsx'
import { entryTime } from './entry-time.ts'
import { type EntryFilter, noFilter, type PlacedEntry, placedEntries, useEntries } from './ledger-queries.ts'

const kinds = ['emission', 'claim', 'reversal', 'close', 'credit'] as const

interface EntryListProps {
  readonly site: string
  readonly zone: string
  readonly size: number
}

/** The entries, the newest first, found by what they are; each opens. */
export function EntryList({ site, zone, size }: EntryListProps) {
  const { say, language } = useWords()
  const [filter, setFilter] = useState<EntryFilter>(noFilter)
  const asked = useDeferredValue(filter)
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useEntries(site, size, asked)
  const [chosen, setChosen] = useState<{ readonly placed: PlacedEntry; readonly proving: boolean }>()
  if (error) return <Failure error={error} retry={() => void refetch()} />
  return (
    <>
      <Filters filter={filter} onChange={setFilter} />
      {!data ? (
        <Skeleton height={320} />
      ) : (
        <div className="ledger-entries">
          <DataTable
            caption={say('ledger.entries')}
            rows={placedEntries(data.pages)}
            keyOf={({ number }) => String(number)}
            empty={say(hasNextPage ? 'ledger.noneHere' : 'ledger.noneFound')}
            columns={[
              { id: 'number', title: '#', numeric: true, cell: ({ number }) => number, sortBy: ({ number }) => number },
              {
                id: 'entry',
                title: say('ledger.entry'),
                cell: (placed) => (
                  <button
                    type="button"
                    className="ledger-open"
                    title={placed.entry.id}
                    onClick={() => setChosen({ placed, proving: false })}
                  >
                    <code>{placed.entry.id}</code>
                  </button>
                ),
              },
              {
                id: 'what',
                title: say('ledger.what'),
                cell: ({ entry, reversedBy }) => (
                  <span className="ledger-what" data-reversed={reversedBy !== undefined}>
                    <EntryText entry={entry} />
                    {reversedBy !== undefined && <span className="ledger-taken">{say('ledger.takenBack')}</span>}
                  </span>
                ),
              },
              {
                id: 'time',
                title: say('ledger.time'),
                cell: ({ entry }) => entryTime(entry, zone, language),
                sortBy: ({ entry }) => (typeof entry.body.fromMs === 'number' ? entry.body.fromMs : undefined),
              },
              { id: 'kind', title: say('ledger.kind'), cell: ({ entry }) => say(`ledger.kind.${entry.kind}`) },
              {
                id: 'written',
                title: say('ledger.written'),
                cell: ({ entry }) => dayAndTime(entry.atMs, zone, language),
                sortBy: ({ entry }) => entry.atMs,
              },
              { id: 'by', title: say('ledger.by'), cell: ({ entry }) => entry.by },
              {
                id: 'prove',
                title: <span className="visually-hidden">{say('ledger.proof')}</span>,
                cell: (placed) => (
                  <button
                    type="button"
                    className="button small"
                    aria-label={`${say('ledger.prove')}: ${placed.entry.id}`}
                    onClick={() => setChosen({ placed, proving: true })}
                  >
                    {say('ledger.prove')}
                  </button>
                ),
              },
            ]}
          />
        </div>
      )}
      {hasNextPage && (
        <button type="button" className="button" disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {say('ledger.moreEntries')}
        </button>
      )}
      {chosen && (
        <EntryDrawer
          key={`${chosen.placed.number} ${chosen.proving}`}
          {...{ site, zone, ...chosen }}
          onClose={() => setChosen(undefined)}
          onChoose={(placed) => setChosen({ placed, proving: false })}
        />
      )}
    </>
  )
}

interface FiltersProps {
  readonly filter: EntryFilter
  onChange(filter: EntryFilter): void
}

function Filters({ filter, onChange }: FiltersProps) {
  const { say } = useWords()
  const set = (part: Partial<EntryFilter>): void => onChange({ ...filter, ...part })
  return (
    <search className="ledger-filters" aria-label={say('ledger.find')}>
      <label className="field">
        <span>{say('ledger.kind')}</span>
        <select className="select" value={filter.kind} onChange={({ target }) => set({ kind: target.value })}>
          <option value="">{say('ledger.all')}</option>
          {kinds.map((kind) => (
            <option key={kind} value={kind}>
              {say(`ledger.kind.${kind}`)}
            </option>
          ))}
        </select>
      </label>
      <label className="field">
        <span>{say('ledger.scopeName')}</span>
        <select className="select" value={filter.scope} onChange={({ target }) => set({ scope: target.value })}>
          <option value="">{say('ledger.all')}</option>
          {['1', '2', '3'].map((scope) => (
            <option key={scope} value={scope}>
              {say('ledger.scope', { scope })}
            </option>
          ))}
        </select>
      </label>
      <label className="field">
        <span>{say('ledger.asset')}</span>
        <input value={filter.asset} maxLength={300} onChange={({ target }) => set({ asset: target.value })} />
      </label>
      <label className="field">
        <span>{say('ledger.from')}</span>
        <input type="date" value={filter.from} onChange={({ target }) => set({ from: target.value })} />
      </label>
      <label className="field">
        <span>{say('ledger.to')}</span>
        <input type="date" value={filter.to} onChange={({ target }) => set({ to: target.value })} />
      </label>
      <label className="field">
        <span>{say('ledger.text')}</span>
        <input
          type="search"
          value={filter.text}
          maxLength={200}
          onChange={({ target }) => set({ text: target.value })}
        />
      </label>
    </search>
  )
}
