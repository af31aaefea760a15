import { formatNumber, show, showMoney } from '../format/numbers.ts'
import { useWords } from '../words/words.ts'
import { nextTonneCosts } from './against-today.ts'
import { type Design, letterOf } from './designs.ts'

interface DesignListProps {
  readonly designs: readonly Design[]
  readonly currency: string
  readonly chosen: number
  readonly beside: number | undefined
  onChoose(index: number): void
  onBeside(index: number | undefined): void
}

/** All designs of the front, as a list that keys move in: one is chosen, one may stand beside it. */
export function DesignList({ designs, currency, chosen, beside, onChoose, onBeside }: DesignListProps) {
  const { say } = useWords()
  const tonnes = nextTonneCosts(designs)
  const heads = [
    [say('sizing.figure.annualCost'), currency],
    [say('sizing.figure.emissions'), 't CO₂e'],
    [say('sizing.nextTonne'), `${currency}/t`],
    [say('sizing.figure.renewableShare'), '%'],
    [say('sizing.figure.capex'), currency],
    [say('sizing.figure.netPresentValue'), currency],
  ] as const
  return (
    <div className="wide-table">
      <table className="data-table sizing-list">
        <caption className="visually-hidden">{say('sizing.designs')}</caption>
        <thead>
          <tr>
            <th scope="col">{say('sizing.choose')}</th>
            {heads.map(([head, unit]) => (
              <th key={head} scope="col" data-numeric>
                {head} <span className="unit">{unit}</span>
              </th>
            ))}
            <th scope="col">{say('sizing.beside')}</th>
          </tr>
        </thead>
        <tbody>
          {designs.map(({ index, annualCost, emissionsKgCo2e, renewableShare, economics }, place) => {
            const tonne = tonnes[place]
            const letter = letterOf(index)
            const isChosen = index === chosen
            return (
              <tr key={index} data-chosen={isChosen} data-beside={index === beside}>
                <th scope="row">
                  <label className="sizing-pick">
                    <input type="radio" name="sizing-design" checked={isChosen} onChange={() => onChoose(index)} />
                    <b>{say('sizing.design', { letter })}</b>
                    {index === designs[0]?.index && <small>{say('sizing.cheapest')}</small>}
                  </label>
                </th>
                <td data-numeric>{showMoney(annualCost, currency).text}</td>
                <td data-numeric>{formatNumber(emissionsKgCo2e / 1000, 3)}</td>
                <td data-numeric>{tonne === undefined ? '–' : showMoney(tonne, currency).text}</td>
                <td data-numeric>{show(renewableShare, '1').text}</td>
                <td data-numeric>{showMoney(economics.capex, currency).text}</td>
                <td data-numeric>{showMoney(economics.netPresentValue, currency).text}</td>
                <td>
                  <input
                    type="checkbox"
                    aria-label={say('sizing.besideOne', { letter })}
                    disabled={isChosen}
                    checked={index === beside}
                    onChange={({ target }) => onBeside(target.checked ? index : undefined)}
                  />
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </div>
  )
}
