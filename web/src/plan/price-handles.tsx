import type { PlanOutput } from '../api/types.ts'
import type { ChartFrame } from '../charts/spec.ts'
import { showMoney } from '../format/numbers.ts'
import { useWords } from '../words/words.ts'
import { seriesOf } from './plan-specs.ts'
import { priceStretches } from './price-stretches.ts'
import { ValueHandle } from './value-handle.tsx'
import { type Handles, type WhatIf, wishedPrice } from './what-if.ts'

interface PriceHandlesProps {
  readonly frame: ChartFrame
  /** The published plan: it says when a period holds. */
  readonly base: PlanOutput
  readonly handles: Handles
  readonly whatIf: WhatIf
  readonly disabled: boolean
  onMove(next: WhatIf): void
  onSettle(next: WhatIf): void
}

const stepPerKwh = 0.01

/** The price of every period of the tariff as a handle on its longest stretch; without periods, the fee over all hours. */
export function PriceHandles({ frame, base, handles, whatIf, disabled, onMove, onSettle }: PriceHandlesProps) {
  const { say } = useWords()
  const grid = base.assets.find(({ kind }) => kind === 'grid')
  if (!grid) return null
  const prices = seriesOf(base, grid.id, 'importPrice')
  const fee = whatIf.feePerKwh ?? handles.feePerKwh
  const unit = `${base.currency}/kWh`
  const show = (value: number) => ({ text: showMoney(value, '').text, unit })
  if (handles.periods.length === 0) {
    const mean = prices.reduce<number>((sum, price) => sum + (price ?? 0), 0) / Math.max(1, prices.length)
    const aside = mean - handles.feePerKwh
    return (
      <ValueHandle
        {...{ frame, disabled, show, look: 'price', label: say('whatIf.fee'), value: fee, step: stepPerKwh }}
        min={-1}
        max={Math.max(1, 2 * mean)}
        toAxis={(value) => value + aside}
        fromAxis={(axis) => axis - aside}
        onMove={(feePerKwh) => onMove({ ...whatIf, feePerKwh })}
        onSettle={(feePerKwh) => onSettle({ ...whatIf, feePerKwh })}
      />
    )
  }
  const aside = fee + handles.surchargePerKwh
  const most = 2 * Math.max(...handles.periods.map(({ pricePerKwh }) => pricePerKwh), stepPerKwh)
  const withPrice = (name: string, price: number): WhatIf => ({
    ...whatIf,
    periodPrices: { ...whatIf.periodPrices, [name]: price },
  })
  return priceStretches(prices, handles).map(({ period, reach }) => (
    <ValueHandle
      key={period.name}
      {...{ frame, disabled, show, reach, look: 'price', step: stepPerKwh, min: 0, max: Number(most.toFixed(2)) }}
      label={say('whatIf.price', { period: period.name })}
      value={wishedPrice(period, whatIf)}
      toAxis={(value) => value + aside}
      fromAxis={(axis) => axis - aside}
      onMove={(price) => onMove(withPrice(period.name, price))}
      onSettle={(price) => onSettle(withPrice(period.name, price))}
    />
  ))
}
