import type { SizeOutput } from '../api/types.ts'
import { formatNumber } from '../format/numbers.ts'
import { Figure } from '../ui/figure.tsx'
import { Panel } from '../ui/panel.tsx'
import { useWords, type WordKey } from '../words/words.ts'
import { figuresOf } from './design-figures.ts'
import { type Design, letterOf } from './designs.ts'

interface CompareProps {
  readonly output: SizeOutput
  readonly first: Design
  readonly second: Design
}

/** Two designs side by side, and how the second differs from the first. */
export function Compare({ output, first, second }: CompareProps) {
  const { say } = useWords()
  const [one, other] = [figuresOf(first, output.currency), figuresOf(second, output.currency)]
  const signed = (value: number): string => `${value > 0 ? '+' : ''}${formatNumber(value)}`
  const letters = [letterOf(first.index), letterOf(second.index)] as const
  return (
    <Panel title={say('sizing.compare', { first: letters[0], second: letters[1] })}>
      <div className="wide-table">
        <table className="data-table sizing-compare">
          <caption className="visually-hidden">
            {say('sizing.compare', { first: letters[0], second: letters[1] })}
          </caption>
          <thead>
            <tr>
              <th scope="col">{say('sizing.figures')}</th>
              {letters.map((letter) => (
                <th key={letter} scope="col" data-numeric>
                  {say('sizing.design', { letter })}
                </th>
              ))}
              <th scope="col" data-numeric>
                {say('sizing.difference')}
              </th>
            </tr>
          </thead>
          <tbody>
            {output.sizes.map(({ id, title, unit }) => {
              const [a, b] = [first.sizes[id] ?? 0, second.sizes[id] ?? 0]
              return (
                <tr key={id}>
                  <th scope="row">
                    {title}, {say(`sizing.size.${id.slice(id.lastIndexOf('.') + 1)}` as WordKey)}
                  </th>
                  <td data-numeric>
                    <Figure text={formatNumber(a)} unit={unit} />
                  </td>
                  <td data-numeric>
                    <Figure text={formatNumber(b)} unit={unit} />
                  </td>
                  <td data-numeric>{signed(b - a)}</td>
                </tr>
              )
            })}
            {one.map(({ id, shown, value, lessIsBetter }, index) => {
              const to = other[index]
              const known = value !== null && to?.value !== null && to !== undefined
              const change = known ? (to.value ?? 0) - value : 0
              const scale = id === 'emissions' ? 1e-3 : id === 'renewableShare' || id === 'rateOfReturn' ? 100 : 1
              const same = Math.abs(change) <= 1e-6 * Math.max(1, Math.abs(value ?? 0))
              return (
                <tr key={id}>
                  <th scope="row">{say(`sizing.figure.${id}`)}</th>
                  <td data-numeric>{shown ? <Figure {...shown} /> : '–'}</td>
                  <td data-numeric>{to?.shown ? <Figure {...to.shown} /> : '–'}</td>
                  <td data-numeric data-better={!known || same ? undefined : change < 0 === lessIsBetter}>
                    {known ? (same ? '0' : signed(change * scale)) : '–'}
                  </td>
                </tr>
              )
            })}
          </tbody>
        </table>
      </div>
    </Panel>
  )
}
