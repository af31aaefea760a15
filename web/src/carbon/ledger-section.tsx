import { Fragment, useState } from 'react'
import { formatNumber } from '../format/numbers.ts'
import { dayAndTime } from '../format/times.ts'
import { Failure, Skeleton } from '../ui/states.tsx'
import { useWords } from '../words/words.ts'
import { type Ledger, type LedgerEntry, useEntries, useLedger } from './carbon-queries.ts'
import { printed } from './carbon-text.ts'
import { ProofPanel } from './proof-panel.tsx'

interface LedgerSectionProps {
  readonly site: string
  readonly zone: string
}

/** The ledger: what it comes to, its signed checkpoint, its entries, and a proof of each that is checked here. */
export function LedgerSection({ site, zone }: LedgerSectionProps) {
  const { say } = useWords()
  const { data, error, refetch } = useLedger(site)
  return (
    <section className="carbon-section" aria-labelledby="ledger-title">
      <header>
        <h2 id="ledger-title">{say('carbon.ledger')}</h2>
      </header>
      {error ? (
        <Failure error={error} retry={() => void refetch()} />
      ) : !data ? (
        <Skeleton height={220} />
      ) : data.size === 0 ? (
        <div className="carbon-empty">
          <p>{say('carbon.ledgerEmpty')}</p>
          <pre className="sample">{`mangrove ledger append ${site} entries.ndjson`}</pre>
          <p className="quiet">{say('carbon.ledgerEmptyDo')}</p>
        </div>
      ) : (
        <>
          <Checkpoint ledger={data} />
          <Entries site={site} zone={zone} size={data.size} />
        </>
      )}
    </section>
  )
}

function Checkpoint({ ledger }: { readonly ledger: Ledger }) {
  const { say, knows } = useWords()
  const { origin, size, verifierKey, checkpoint, totals } = ledger
  const [, , root = '', time = ''] = (checkpoint ?? '').split('\n')
  return (
    <div className="checkpoint">
      <dl>
        <div>
          <dt>{say('carbon.origin')}</dt>
          <dd>
            <code>{origin}</code> · {say('carbon.entriesNumber', { number: formatNumber(size) })}
          </dd>
        </div>
        <div>
          <dt>{say('carbon.root')}</dt>
          <dd>
            <code>{root}</code>
          </dd>
        </div>
        <div>
          <dt>{say('carbon.signedAt')}</dt>
          <dd>{time.replace(/^time /, '')}</dd>
        </div>
        <div>
          <dt>{say('carbon.key')}</dt>
          <dd>
            <code>{verifierKey}</code>
          </dd>
        </div>
      </dl>
      <ul className="ledger-totals">
        {totals.map(({ book, scope, category, method, gas, boundary, amountKg, entries, toVerify }) => {
          const bookKey = `carbon.book.${book}`
          const methodKey = `carbon.method.${method}`
          const categoryKey = `carbon.category.${category}`
          const name = [
            knows(bookKey) ? say(bookKey) : book,
            scope === undefined ? undefined : say('carbon.scope', { scope }),
            category && (knows(categoryKey) ? say(categoryKey) : category),
            method && (knows(methodKey) ? say(methodKey) : method),
          ].filter((part) => part !== undefined)
          return (
            <li key={`${book} ${scope} ${category} ${method} ${gas} ${boundary}`}>
              <span>{name.join(', ')}</span>
              <strong title={`${amountKg} kg`}>{formatNumber(Number(amountKg) / 1000)}</strong>
              <span className="unit">t {printed(gas)}</span>
              <small>
                {say('carbon.entriesNumber', { number: entries })}
                {toVerify > 0 && (
                  <span className="verify-mark">
                    {toVerify} {say('claims.verify')}
                  </span>
                )}
              </small>
            </li>
          )
        })}
      </ul>
    </div>
  )
}

interface EntriesProps extends LedgerSectionProps {
  readonly size: number
}

function Entries({ site, zone, size }: EntriesProps) {
  const { say, language } = useWords()
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useEntries(site, size)
  const [chosen, setChosen] = useState<number>()
  if (error) return <Failure error={error} retry={() => void refetch()} />
  if (!data) return <Skeleton height={160} />
  const entries = data.pages.flatMap((page) => page.entries.map((entry, k) => ({ number: page.first + k, entry })))
  return (
    <>
      <div className="wide-table">
        <table className="carbon-table entries">
          <thead>
            <tr>
              <th scope="col" className="number">
                #
              </th>
              <th scope="col">{say('carbon.written')}</th>
              <th scope="col">{say('carbon.entry')}</th>
              <th scope="col">{say('carbon.what')}</th>
              <th scope="col">{say('carbon.by')}</th>
              <th scope="col">
                <span className="visually-hidden">{say('carbon.proof')}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {entries.map(({ number, entry }) => (
              <Fragment key={number}>
                <tr data-chosen={chosen === number}>
                  <td className="number">{number}</td>
                  <td>{dayAndTime(entry.atMs, zone, language)}</td>
                  <th scope="row">
                    <code>{entry.id}</code>
                  </th>
                  <td>
                    <EntryText entry={entry} />
                  </td>
                  <td>{entry.by}</td>
                  <td>
                    <button
                      type="button"
                      className="button small"
                      aria-expanded={chosen === number}
                      aria-label={`${say('carbon.prove')}: ${entry.id}`}
                      onClick={() => setChosen(chosen === number ? undefined : number)}
                    >
                      {say('carbon.prove')}
                    </button>
                  </td>
                </tr>
                {chosen === number && (
                  <tr>
                    <td colSpan={6} className="proof-cell">
                      <ProofPanel site={site} number={number} />
                    </td>
                  </tr>
                )}
              </Fragment>
            ))}
          </tbody>
        </table>
      </div>
      {hasNextPage && (
        <button type="button" className="button" disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {say('carbon.moreEntries')}
        </button>
      )}
    </>
  )
}

/** One entry in a few words. */
function EntryText({ entry: { kind, body } }: { readonly entry: LedgerEntry }) {
  const { say, knows } = useWords()
  const text = (name: string): string | undefined => (typeof body[name] === 'string' ? String(body[name]) : undefined)
  const kindKey = `carbon.kind.${kind}`
  const kindText = knows(kindKey) ? say(kindKey) : kind
  switch (kind) {
    case 'emission':
      return (
        <>
          {kindText} <strong>{formatNumber(Number(text('amountKg')))}</strong>{' '}
          <span className="unit">kg {printed(text('gas') ?? '')}</span>{' '}
          <small>
            {[text('asset'), say('carbon.scope', { scope: Number(body.scope ?? 0) }), text('method')]
              .filter(Boolean)
              .join(' · ')}
          </small>
        </>
      )
    case 'reversal':
      return (
        <>
          {kindText} <code>{text('reverses')}</code> <small>{text('note')}</small>
        </>
      )
    case 'claim':
      return (
        <>
          {kindText} {text('instrument')} <small>{text('holder')}</small>
        </>
      )
    default:
      return (
        <>
          {kindText} <small>{text('note')}</small>
        </>
      )
  }
}
