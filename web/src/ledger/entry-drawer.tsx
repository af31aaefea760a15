import { type ReactNode, useState } from 'react'
import { printed } from '../carbon/carbon-text.ts'
import { formatNumber } from '../format/numbers.ts'
import { periodText } from '../format/periods.ts'
import { dayAndTime } from '../format/times.ts'
import { Dialog } from '../ui/dialog.tsx'
import { Skeleton } from '../ui/states.tsx'
import { useWords } from '../words/words.ts'
import { EntryText } from './entry-text.tsx'
import { entryTime } from './entry-time.ts'
import { type PlacedEntry, useEntriesAbout } from './ledger-queries.ts'
import { ProofPanel } from './proof-panel.tsx'

interface EntryDrawerProps {
  readonly site: string
  readonly zone: string
  readonly placed: PlacedEntry
  /** Whether the proof stands open at once. */
  readonly proving: boolean
  onClose(): void
  onChoose(placed: PlacedEntry): void
}

interface Pedigree {
  readonly factor: string
  readonly value: string
  readonly unit: string
  readonly gas?: string
  readonly document: string
  readonly table?: string
  readonly licence?: string
  readonly verify?: string
}

interface Claim {
  readonly key: string
  readonly fromMs: number
  readonly toMs: number
  readonly share: string
}

/** Fields that have a place of their own in the drawer. */
const placedApart = ['factors', 'claims', 'activity', 'amountKg', 'fromMs', 'toMs']

/** All of one entry: its fields, the pedigree of each factor, what it claims, what corrected it, and its proof. */
export function EntryDrawer({ site, zone, placed, proving, onClose, onChoose }: EntryDrawerProps) {
  const { say, language } = useWords()
  const { number, entry } = placed
  const [isProving, setProving] = useState(proving)
  const body = entry.body as Readonly<Record<string, unknown>> & {
    readonly factors?: readonly Pedigree[]
    readonly claims?: readonly Claim[]
    readonly activity?: { readonly amount: string; readonly unit: string; readonly subject: string }
    readonly fromMs?: number
    readonly toMs?: number
  }
  const moment = (timestampMs: number): string => dayAndTime(timestampMs, zone, language)
  return (
    <Dialog shape="drawer" title={`#${number} ${entry.id}`} onClose={onClose}>
      <p>
        <EntryText entry={entry} />
      </p>
      {body.activity && (
        <p className="ledger-product">
          {body.activity.amount} {body.activity.unit} {body.activity.subject}
          {body.factors?.map(({ factor, value, unit }) => (
            <span key={factor}>
              {' '}
              × {value} {unit === '1' ? '' : unit}
            </span>
          ))}{' '}
          = <strong>{String(body.amountKg)} kg</strong>
        </p>
      )}
      <dl className="ledger-facts">
        <Fact term={say('ledger.written')}>
          {moment(entry.atMs)} · {entry.by}
        </Fact>
        {body.fromMs !== undefined && <Fact term={say('ledger.time')}>{entryTime(entry, zone, language)}</Fact>}
        {Object.entries(body)
          .filter(([name]) => !placedApart.includes(name))
          .map(([name, value]) => (
            <Fact key={name} term={<code>{name}</code>}>
              {typeof value === 'object' ? <code>{JSON.stringify(value)}</code> : String(value)}
            </Fact>
          ))}
      </dl>
      {body.factors && (
        <section aria-label={say('ledger.factors')}>
          <h3>{say('ledger.factors')}</h3>
          <ul className="ledger-factors">
            {body.factors.map((factor) => (
              <li key={factor.factor}>
                <span>
                  <strong>{factor.value}</strong>{' '}
                  <span className="unit">
                    {factor.unit} {factor.gas && printed(factor.gas)}
                  </span>{' '}
                  <code>{factor.factor}</code>
                </span>
                <small>
                  {[factor.document, factor.table, factor.licence].filter(Boolean).join(', ')}
                  {factor.verify && (
                    <>
                      {' '}
                      <span className="verify-mark">{say('claims.verify')}</span> {factor.verify}
                    </>
                  )}
                </small>
              </li>
            ))}
          </ul>
        </section>
      )}
      {body.claims && body.claims.length > 0 && (
        <section aria-label={say('ledger.claims')}>
          <h3>{say('ledger.claims')}</h3>
          <ul className="ledger-factors">
            {body.claims.map(({ key, fromMs, toMs, share }) => (
              <li key={`${key} ${fromMs}`}>
                <code>{key}</code>
                <small>
                  {periodText(fromMs, toMs, zone, language)} · {formatNumber(100 * Number(share), 3)} %
                </small>
              </li>
            ))}
          </ul>
        </section>
      )}
      <Chain site={site} placed={placed} onChoose={onChoose} />
      {isProving ? (
        <ProofPanel site={site} number={number} />
      ) : (
        <button type="button" className="button" onClick={() => setProving(true)}>
          {say('ledger.prove')}
        </button>
      )}
    </Dialog>
  )
}

/** What this entry takes back, what took it back, and in what order. */
function Chain({ site, placed, onChoose }: Pick<EntryDrawerProps, 'site' | 'placed' | 'onChoose'>) {
  const { say } = useWords()
  const { entry, reversedBy } = placed
  const reverses = typeof entry.body.reverses === 'string' ? entry.body.reverses : undefined
  const about = useEntriesAbout(site, reverses ?? entry.id)
  if (reverses === undefined && reversedBy === undefined) return null
  if (!about.data) return <Skeleton height={64} />
  const ids = new Set([reverses ?? entry.id, reversedBy ?? entry.id])
  const chain = about.data.filter((one) => ids.has(one.entry.id)).toSorted((a, b) => a.number - b.number)
  return (
    <section aria-label={say('ledger.chain')}>
      <h3>{say('ledger.chain')}</h3>
      <ol className="ledger-chain">
        {chain.map((one) => (
          <li key={one.number} data-reversed={one.reversedBy !== undefined} aria-current={one.number === placed.number}>
            <button type="button" className="ledger-open" onClick={() => onChoose(one)}>
              #{one.number} <code>{one.entry.id}</code>
            </button>{' '}
            <EntryText entry={one.entry} />
          </li>
        ))}
      </ol>
    </section>
  )
}

const Fact = ({ term, children }: { readonly term: ReactNode; readonly children: ReactNode }) => (
  <div>
    <dt>{term}</dt>
    <dd>{children}</dd>
  </div>
)
