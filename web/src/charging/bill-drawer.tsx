import type { Site } from '../api/types.ts'
import { formatNumber, showMoney } from '../format/numbers.ts'
import { dayAndTime } from '../format/times.ts'
import { Dialog } from '../ui/dialog.tsx'
import { Figure, Value } from '../ui/figure.tsx'
import { useWords } from '../words/words.ts'
import type { Session } from './charging-queries.ts'
import { paidPerKwh } from './session-rows.ts'

interface BillDrawerProps {
  readonly site: Site
  readonly session: Session
  onClose(): void
}

type Bill = NonNullable<Session['bill']>

const quantityUnits: Readonly<Record<Bill['lines'][number]['kind'], string>> = {
  ...{ flat: '', energy: 'kWh', time: 'h', parking: 'h' },
}

/** A session and what it costs, line by line. */
export function BillDrawer({ site, session, onClose }: BillDrawerProps) {
  const { say, language } = useWords()
  const { id, card, startedMs, endedMs, energyKwh, reason, inferred, bill, noBill } = session
  const time = (atMs: number): string => dayAndTime(atMs, site.zone, language)
  return (
    <Dialog shape="drawer" title={say('charging.billOf', { session: id })} onClose={onClose}>
      <dl className="charging-facts">
        <dt>{say('charging.card')}</dt>
        <dd>{card ?? '–'}</dd>
        <dt>{say('charging.started')}</dt>
        <dd>{time(startedMs)}</dd>
        <dt>{say('charging.ended')}</dt>
        <dd>{endedMs === null ? say('charging.runs') : time(endedMs)}</dd>
        <dt>{say('charging.energy')}</dt>
        <dd>
          <Value value={energyKwh ?? undefined} unit="kWh" />
        </dd>
        {reason !== null && (
          <>
            <dt>{say('charging.endReason')}</dt>
            <dd>
              <code>{reason}</code>
            </dd>
          </>
        )}
      </dl>
      {inferred && <p className="notice">{say('charging.inferredSays')}</p>}
      {bill ? (
        <BillLines bill={bill} session={session} />
      ) : (
        <p>{say(`charging.noBillSays.${noBill ?? 'no-tariff'}`)}</p>
      )}
    </Dialog>
  )
}

function BillLines({ bill, session }: { readonly bill: Bill; readonly session: Session }) {
  const { say } = useWords()
  const { currency, lines, net, tax, gross, tariff } = bill
  const perKwh = paidPerKwh(session)
  const money = (value: number) => <Figure {...showMoney(value, currency)} />
  return (
    <>
      <table className="data-table charging-bill">
        <caption>{say('charging.tariff', { tariff })}</caption>
        <thead>
          <tr>
            <th scope="col">{say('charging.line')}</th>
            <th scope="col" data-numeric>
              {say('charging.quantity')}
            </th>
            <th scope="col" data-numeric>
              {say('charging.price')}
            </th>
            <th scope="col" data-numeric>
              {say('charging.amount')}
            </th>
          </tr>
        </thead>
        <tbody>
          {lines.map(({ kind, price, quantity, amount }) => (
            <tr key={`${kind} ${price}`}>
              <th scope="row">{say(`charging.line.${kind}`)}</th>
              <td data-numeric>
                <Figure text={formatNumber(quantity)} unit={quantityUnits[kind]} />
              </td>
              <td data-numeric>{formatNumber(price)}</td>
              <td data-numeric>{money(amount)}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row" colSpan={3}>
              {say('charging.net')}
            </th>
            <td data-numeric>{money(net)}</td>
          </tr>
          <tr>
            <th scope="row" colSpan={3}>
              {say('charging.tax')}
            </th>
            <td data-numeric>{money(tax)}</td>
          </tr>
          <tr className="charging-gross">
            <th scope="row" colSpan={3}>
              {say('charging.gross')}
            </th>
            <td data-numeric>{money(gross)}</td>
          </tr>
        </tfoot>
      </table>
      {perKwh !== undefined && (
        <p className="quiet">
          {say('charging.perKwh')} <Figure {...showMoney(perKwh, `${currency}/kWh`)} />
        </p>
      )}
    </>
  )
}
