import type { ReactNode } from 'react'
import { showMoney } from '../format/numbers.ts'
import type { Pedigree } from '../pedigree/pedigree.ts'
import { Sourced } from '../pedigree/sourced.tsx'
import { Figure, Value } from '../ui/figure.tsx'
import { useWords } from '../words/words.ts'
import type { FigureName, FigureSources } from './figure-sources.ts'
import type { Rates, Sums } from './figures.ts'

interface FiguresTableProps {
  readonly currency: string
  /** Without one there is no import, and no bill of it to tell. */
  readonly hasGrid: boolean
  readonly moment: Rates | undefined
  readonly lastDay: Sums | undefined
  readonly nextDay: Sums | undefined
  /** The moment is one of the past: the day is that before it. */
  readonly isPast: boolean
  /** Where the figures of the moment come from. */
  readonly sources: FigureSources
  /** Where those of the planned day come from. */
  readonly planned: Pedigree | undefined
}

interface Row {
  readonly name: string
  readonly why?: string
  readonly cells: readonly ReactNode[]
}

const Money = ({ value, unit }: { readonly value: number | undefined; readonly unit: string }) =>
  value === undefined ? <Value value={undefined} unit={unit} /> : <Figure {...showMoney(value, unit)} />

/** Use, renewable share, money and carbon: of this moment, of the last day and of the day that is planned. */
export function FiguresTable(props: FiguresTableProps) {
  const { currency, hasGrid, moment, lastDay, nextDay, isPast, sources, planned } = props
  const { say } = useWords()
  const share = moment && moment.sourcesKw > 0 ? moment.renewableKw / moment.sourcesKw : undefined
  const from = (source: Pedigree | undefined, value: ReactNode): ReactNode =>
    source ? <Sourced from={source}>{value}</Sourced> : value
  const row = (
    figure: FigureName,
    now: ReactNode,
    ofDay: (sums: Sums | undefined) => ReactNode,
    why?: string,
  ): Row => ({
    name: say(`park.${figure}`),
    cells: [from(moment && sources[figure], now), ofDay(lastDay), from(nextDay && planned, ofDay(nextDay))],
    ...(why === undefined ? {} : { why }),
  })
  const rows: readonly Row[] = [
    row('use', <Value value={moment?.useKw} unit="kW" />, (sums) => <Value value={sums?.useKwh} unit="kWh" />),
    row(
      'renewable',
      <Value value={share} unit="1" />,
      (sums) => <Value value={sums?.renewableShare} unit="1" />,
      say('park.renewableWhy'),
    ),
  ]
  const gridRows: readonly Row[] = [
    row('import', <Value value={moment?.importKw} unit="kW" />, (sums) => <Value value={sums?.importKwh} unit="kWh" />),
    row('export', <Value value={moment?.exportKw} unit="kW" />, (sums) => <Value value={sums?.exportKwh} unit="kWh" />),
    row('cost', <Money value={moment?.costPerHour} unit={`${currency}/h`} />, (sums) => (
      <Money value={sums?.cost} unit={currency} />
    )),
    row('carbon', <Value value={moment?.carbonPerHour} unit="kgCO2e/h" />, (sums) => (
      <Value value={sums?.carbonKg} unit="kgCO2e" />
    )),
  ]
  const columns = ['moment', 'last', 'next'] as const
  return (
    <table className="figures">
      <caption className="visually-hidden">{say('park.strip')}</caption>
      <thead>
        <tr>
          <th scope="col">
            <span className="visually-hidden">{say('park.quantity')}</span>
          </th>
          <th scope="col">{say('park.thisMoment')}</th>
          <th scope="col">
            {say(isPast ? 'park.dayBefore' : 'park.lastDay')}
            {lastDay && lastDay.known < 0.98 && (
              <small> {say('park.known', { share: Math.floor(lastDay.known * 100) })}</small>
            )}
          </th>
          <th scope="col">{say('park.nextDay')}</th>
        </tr>
      </thead>
      <tbody>
        {[...rows, ...(hasGrid ? gridRows : [])].map(({ name, why, cells }) => (
          <tr key={name}>
            <th scope="row" title={why}>
              {name}
            </th>
            {columns.map((column, index) => (
              <td key={column}>{cells[index]}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}
