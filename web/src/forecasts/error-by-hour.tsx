import { useMemo } from 'react'
import { show } from '../format/numbers.ts'
import { Panel } from '../ui/panel.tsx'
import { useWords } from '../words/words.ts'
import type { Quantity } from './forecast-queries.ts'
import { type HeatCell, heatMapOf } from './heat-rows.ts'

const tokens = { low: 'advisory', high: 'warning' } as const

/** Blue where it is too low, amber where it is too high; without an answer the hatching of the style sheet shows. */
const shade = (side: HeatCell['side'], share: number) =>
  side === 'unknown'
    ? {}
    : { background: `color-mix(in oklab, var(--${tokens[side]}) ${Math.round(share * 100)}%, var(--sunken))` }

/** Where in the day forecasts are too low or too high, by lead; an hour with too few pairs stays empty. */
export function ErrorByHour({ quantity }: { readonly quantity: Quantity }) {
  const { say } = useWords()
  const { rows, most } = useMemo(() => heatMapOf(quantity), [quantity])
  const told = (value: number): string => {
    const { text, unit } = show(value, quantity.unit)
    return `${value > 0 ? '+' : ''}${text} ${unit}`
  }
  return (
    <Panel title={say('forecasts.byHour')}>
      <table className="forecasts-heat">
        <caption className="visually-hidden">{say('forecasts.byHour')}</caption>
        <thead>
          <tr>
            <td />
            {Array.from({ length: 24 }, (_, hour) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: an hour is its number
              <th key={hour} scope="col">
                {String(hour).padStart(2, '0')}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ leadHours, cells }) => (
            <tr key={leadHours}>
              <th scope="row">{say('forecasts.hours', { hours: leadHours })}</th>
              {cells.map(({ hour, bias, share, side }) => (
                <td
                  key={hour}
                  data-side={side}
                  style={shade(side, share)}
                  title={`${String(hour).padStart(2, '0')}:00 · ${bias === null ? say('forecasts.worstUnknown') : told(bias)}`}
                >
                  <span className="visually-hidden">{bias === null ? '–' : told(bias)}</span>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <p className="forecasts-heat-key" aria-hidden>
        <span>
          {say('forecasts.tooLow')} {told(-most)}
        </span>
        {[1, 0.66, 0.33, 0].map((share) => (
          <i key={`low ${share}`} style={shade('low', share)} />
        ))}
        {[0.33, 0.66, 1].map((share) => (
          <i key={`high ${share}`} style={shade('high', share)} />
        ))}
        <span>
          {told(most)} {say('forecasts.tooHigh')}
        </span>
      </p>
    </Panel>
  )
}
