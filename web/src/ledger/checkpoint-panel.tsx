import { printed } from '../carbon/carbon-text.ts'
import { formatNumber } from '../format/numbers.ts'
import { useWords } from '../words/words.ts'
import type { Ledger } from './ledger-queries.ts'

/** How long the ledger is, what it was signed for, and what its entries come to, book by book. */
export function CheckpointPanel({ ledger }: { readonly ledger: Ledger }) {
  const { say, knows } = useWords()
  const { origin, size, verifierKey, checkpoint, totals } = ledger
  const [, , root = '', time = ''] = (checkpoint ?? '').split('\n')
  return (
    <div className="ledger-checkpoint">
      <dl className="ledger-facts">
        <div>
          <dt>{say('ledger.origin')}</dt>
          <dd>
            <code>{origin}</code> · {say('ledger.entriesNumber', { number: formatNumber(size) })}
          </dd>
        </div>
        <div>
          <dt>{say('ledger.root')}</dt>
          <dd>
            <code>{root}</code>
          </dd>
        </div>
        <div>
          <dt>{say('ledger.signedAt')}</dt>
          <dd>{time.replace(/^time /, '')}</dd>
        </div>
        <div>
          <dt>{say('ledger.key')}</dt>
          <dd>
            <code>{verifierKey}</code>
          </dd>
        </div>
      </dl>
      <ul className="ledger-totals">
        {totals.map(({ book, scope, category, method, gas, boundary, amountKg, entries, toVerify }) => {
          const bookKey = `ledger.book.${book}`
          const methodKey = `ledger.method.${method}`
          const categoryKey = `ledger.category.${category}`
          const name = [
            knows(bookKey) ? say(bookKey) : book,
            scope === undefined ? undefined : say('ledger.scope', { scope }),
            category && (knows(categoryKey) ? say(categoryKey) : category),
            method && (knows(methodKey) ? say(methodKey) : method),
          ].filter((part) => part !== undefined)
          return (
            <li key={`${book} ${scope} ${category} ${method} ${gas} ${boundary}`} data-book={book}>
              <span>{name.join(', ')}</span>
              <strong title={`${amountKg} kg`}>{formatNumber(Number(amountKg) / 1000)}</strong>
              <span className="unit">t {printed(gas)}</span>
              <small>
                {say('ledger.entriesNumber', { number: entries })}
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
