import { formatNumber } from '../format/numbers.ts'
import { Empty } from '../ui/empty.tsx'
import { Panel } from '../ui/panel.tsx'
import { Failure, Skeleton } from '../ui/states.tsx'
import { useWords } from '../words/words.ts'
import { type CreditProject, type CreditRun, useCredits } from './ledger-queries.ts'

/** A whole number of any length, in thousands. */
export const wholeText = (digits: string): string => digits.replace(/\B(?=(\d{3})+$)/g, '\u202f')

/** Projects, what was verified and issued of each vintage, and who holds which serials. */
export function CreditsPanel({ site }: { readonly site: string }) {
  const { say } = useWords()
  const { data, error, refetch } = useCredits(site)
  if (error) return <Failure error={error} retry={() => void refetch()} />
  if (!data) return <Skeleton height={240} />
  if (data.length === 0) {
    return <Empty title={say('ledger.noCredits')} advice={say('ledger.noCreditsDo')} />
  }
  return data.map((project) => <Project key={project.id} project={project} />)
}

const states = ['active', 'offered', 'retired', 'cancelled'] as const
const stateTokens: Readonly<Record<CreditRun['status'], string>> = {
  active: 'var(--good)',
  offered: 'var(--warning)',
  retired: 'var(--advisory)',
  cancelled: 'var(--ink-faint)',
}

function Project({ project }: { readonly project: CreditProject }) {
  const { say } = useWords()
  const { title, id, country, programme, methodology, validated, vintages, authorisedUses } = project
  return (
    <Panel title={`${title} · ${id}`} className="ledger-project">
      <p className="quiet">
        {[country, programme, methodology, say(validated ? 'ledger.validated' : 'ledger.notValidated')].join(' · ')}
        {authorisedUses.length > 0 && ` · ${say('ledger.authorised', { uses: authorisedUses.join(', ') })}`}
      </p>
      {vintages.map((vintage) => (
        <section key={vintage.vintage} className="ledger-vintage" aria-label={`${id} ${vintage.vintage}`}>
          <h3>{vintage.vintage}</h3>
          <p>
            {say('ledger.verified')} <strong>{wholeText(vintage.verified)}</strong> t · {say('ledger.issued')}{' '}
            <strong>{wholeText(vintage.issued)}</strong> t
            {states.map(
              (state) =>
                vintage[state] !== '0' && (
                  <span key={state}>
                    {' '}
                    · {say(`ledger.credit.${state}`)} {wholeText(vintage[state])}
                  </span>
                ),
            )}
          </p>
          <div className="ledger-serials" aria-hidden>
            {vintage.runs.map((run) => (
              <span
                key={run.start}
                className="ledger-run"
                style={{
                  flexGrow: Math.max(0.02, Number(run.quantity) / Number(vintage.issued)),
                  background: stateTokens[run.status],
                }}
                title={`${run.start} – ${run.end}`}
              />
            ))}
          </div>
          <div className="wide-table">
            <table className="data-table">
              <caption className="visually-hidden">{say('ledger.serials')}</caption>
              <thead>
                <tr>
                  <th scope="col">{say('ledger.serials')}</th>
                  <th scope="col" data-numeric>
                    t
                  </th>
                  <th scope="col">{say('ledger.state')}</th>
                  <th scope="col">{say('ledger.holder')}</th>
                  <th scope="col">{say('ledger.adjustment')}</th>
                  <th scope="col">{say('ledger.entry')}</th>
                </tr>
              </thead>
              <tbody>
                {vintage.runs.map(({ start, end, quantity, status, holder, party, adjustment, by }) => (
                  <tr key={start}>
                    <td>
                      {wholeText(start)} – {wholeText(end)}
                    </td>
                    <td data-numeric>{wholeText(quantity)}</td>
                    <td>
                      <i className="ledger-dot" style={{ background: stateTokens[status] }} aria-hidden />{' '}
                      {say(`ledger.credit.${status}`)}
                    </td>
                    <td>
                      {holder} <small className="quiet">{party}</small>
                    </td>
                    <td>{say(`ledger.adjustment.${adjustment}`)}</td>
                    <td>{by && <code>{by}</code>}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </section>
      ))}
      {vintages.length === 0 && <p className="quiet">{say('ledger.nothingIssued', { number: formatNumber(0) })}</p>}
    </Panel>
  )
}
