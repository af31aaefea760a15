import { formatNumber } from '../format/numbers.ts'
import { useWords } from '../words/words.ts'
import type { Verdict, VerdictReading } from './carbon-queries.ts'
import { chanceText, indicatorText, printed } from './carbon-text.ts'

const number = (text: string | null, digits = 4): string => (text === null ? '–' : formatNumber(Number(text), digits))

/** The readings that the rules leave open, side by side, each with its gap in t CO2 and in tce. */
export function VerdictReadings({ verdict: { readings, indicator } }: { readonly verdict: Verdict }) {
  const { say } = useWords()
  return (
    <ul className="readings">
      {readings.map((reading) => (
        <Reading key={`${reading.greenPower} ${reading.coal}`} reading={reading} indicator={indicator} />
      ))}
      <li className="readings-note">{say('carbon.readingsSay')}</li>
    </ul>
  )
}

interface ReadingProps {
  readonly reading: VerdictReading
  readonly indicator: Verdict['indicator']
}

function Reading({ reading, indicator }: ReadingProps) {
  const { say } = useWords()
  const { greenPower, coal, asked, emissions, energy, limit, passes, gap, chance } = reading
  const result = passes === null ? 'unknown' : passes ? 'passes' : 'fails'
  const shape = { unknown: '◆', passes: '●', fails: '■' }[result]
  const over = Number(gap?.emissions ?? 0) > 0
  return (
    <li className="reading" data-result={result} data-asked={asked}>
      <h3>
        {say(`carbon.green.${greenPower}`)} · {say(`carbon.coal.${coal}`)}
      </h3>
      <p className="reading-result">
        <span aria-hidden>{shape}</span> {say(`carbon.reading.${result}`)}
        {!asked && ` (${say('carbon.notAsked')})`}
      </p>
      <dl>
        <div>
          <dt>{say('carbon.indicator')}</dt>
          <dd>
            <strong>{reading.indicator === null ? '–' : indicatorText(reading.indicator, limit)}</strong>
            <span className="unit">{limit === null ? say('carbon.noLimit') : `≤ ${number(limit)}`}</span>
          </dd>
        </div>
        <div>
          <dt>{say('carbon.emissions')}</dt>
          <dd>
            {number(emissions)} <span className="unit">{printed(indicator.emissionsUnit)}</span>
          </dd>
        </div>
        <div>
          <dt>{say('carbon.energy')}</dt>
          <dd>
            {number(energy)} <span className="unit">{indicator.energyUnit}</span>
          </dd>
        </div>
        {gap && (
          <div data-over={over}>
            <dt>{say(over ? 'carbon.above' : 'carbon.spare')}</dt>
            <dd>
              <strong>{formatNumber(Math.abs(Number(gap.emissions)))}</strong>{' '}
              <span className="unit">{printed(indicator.emissionsUnit)}</span>
            </dd>
          </div>
        )}
        {gap && gap.energy !== null && (
          <div>
            <dt>{say(over ? 'carbon.energyLacking' : 'carbon.energySpare')}</dt>
            <dd>
              {formatNumber(Math.abs(Number(gap.energy)))} <span className="unit">{indicator.energyUnit}</span>
            </dd>
          </div>
        )}
        {chance && (
          <div>
            <dt>{say('carbon.chanceShort')}</dt>
            <dd>
              {chanceText(chance.analytic)} <span className="unit">%</span>
            </dd>
          </div>
        )}
      </dl>
    </li>
  )
}
