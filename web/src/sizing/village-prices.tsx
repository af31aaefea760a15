import { RotateCcw } from 'lucide-react'
import { formatNumber } from '../format/numbers.ts'
import { useWords } from '../words/words.ts'
import { NumberField } from './number-field.tsx'
import type { Wrong } from './sizing-form.ts'
import { machinePrices, type PriceName, priceUsd, proposedPrice } from './usual-prices.ts'
import { priceText, type Village } from './village.ts'

interface VillagePricesProps {
  readonly village: Village
  readonly wrong: Readonly<Record<string, Wrong>>
  onChange(next: Village): void
}

const perUnit: Readonly<Record<PriceName, string>> = {
  ...{ pvPrice: 'kW', batteryPrice: 'kWh', powerPrice: 'kW', gridPrice: 'kWh', dieselPrice: 'L' },
}

/** Every price that the answer stands on, with where it comes from and from which year; each may be put in from an offer. */
export function VillagePrices({ village, wrong, onChange }: VillagePricesProps) {
  const { say } = useWords()
  const { currency, prices, dollar, factor } = village
  const names = [...machinePrices, village.grid === 'none' ? 'dieselPrice' : 'gridPrice'] as const
  const put = (name: PriceName, text: string | undefined): void => {
    const { [name]: _, ...others } = prices
    const proposed = text === undefined || text === proposedPrice(name, village)
    onChange({ ...village, prices: proposed ? others : { ...others, [name]: text } })
  }
  return (
    <div className="wide-table">
      <table className="sizing-prices">
        <caption className="visually-hidden">{say('sizing.ask.prices')}</caption>
        <thead>
          <tr>
            <th scope="col">{say('sizing.prices.what')}</th>
            <th scope="col">{say('sizing.field.capexPerUnit')}</th>
            <th scope="col">{say('sizing.source')}</th>
          </tr>
        </thead>
        <tbody>
          {names.map((name) => {
            const own = prices[name] !== undefined
            const unit = `${currency}/${perUnit[name]}`
            const values = { usd: formatNumber(priceUsd[name]), factor, dollar, currency }
            return (
              <tr key={name} data-own={own}>
                <th scope="row">{say(`sizing.village.${name}`)}</th>
                <td>
                  <div className="sizing-price">
                    <NumberField
                      bare
                      label={`${say(`sizing.village.${name}`)} (${unit})`}
                      value={priceText(village, name)}
                      wrong={wrong[name]}
                      onChange={(text) => put(name, text)}
                    />
                    <span className="unit">{unit}</span>
                  </div>
                </td>
                <td>
                  {own ? (
                    <button type="button" className="button small" onClick={() => put(name, undefined)}>
                      <RotateCcw size={14} aria-hidden />{' '}
                      {say('sizing.prices.back', { price: proposedPrice(name, village) })}
                    </button>
                  ) : (
                    say(`sizing.villageHint.${name}`, values)
                  )}
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </div>
  )
}
