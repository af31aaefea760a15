import { printed } from '../carbon/carbon-text.ts'
import { formatNumber } from '../format/numbers.ts'
import { dayYearAndTime } from '../format/times.ts'
import { useWords } from '../words/words.ts'
import type { Ledger } from './ledger-queries.ts'
import { placeText } from './place-text.ts'

/** How long the ledger is, what it was signed for, and what its entries come to, book by book. */
export function CheckpointPanel({ ledger, zone }: { readonly ledger: Ledger; readonly zone: string }) {
  const words = useWords()
  const { say, language } = words
  const { origin, size, verifierKey, checkpoint, totals } = ledger
  const [, , root = '', time = ''] = (checkpoint ?? '').split('\n')
  const signed = time.replace(/^time /, '')
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
          <dd title={signed}>{signed !== '' && dayYearAndTime(Date.parse(signed), zone, language)}</dd>
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
          const name = placeText({ book, scope, category, method }, words)
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
