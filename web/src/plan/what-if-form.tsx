import type { FormEvent } from 'react'
import { useWords } from '../words/words.ts'
import type { Handles, WhatIf } from './what-if.ts'

interface WhatIfFormProps {
  readonly handles: Handles
  readonly whatIf: WhatIf
  readonly currency: string
  readonly busy: boolean
  readonly changed: boolean
  /** Whether who looks may plan. */
  readonly may: boolean
  onChange(next: WhatIf): void
  onRun(): void
}

/** Prices and limits to change in place; the plan is made again from the same moment. */
export function WhatIfForm(props: WhatIfFormProps) {
  const { handles, whatIf, currency, busy, changed, may, onChange, onRun } = props
  const { say } = useWords()
  const run = (event: FormEvent): void => {
    event.preventDefault()
    onRun()
  }
  return (
    <form className="what-if" onSubmit={run} aria-labelledby="what-if-title">
      <div className="what-if-head">
        <h2 id="what-if-title">{say('whatIf.title')}</h2>
        <button type="submit" className="button primary" disabled={busy || !changed || !may}>
          {say(busy ? 'whatIf.running' : 'whatIf.run')}
        </button>
      </div>
      <div className="what-if-fields">
        {handles.importLimitKw !== undefined && (
          <NumberField
            label={say('whatIf.importLimit')}
            unit="kW"
            published={handles.importLimitKw}
            value={whatIf.importLimitKw}
            max={handles.connectionKw}
            step={10}
            onChange={(importLimitKw) => onChange(withValue(whatIf, 'importLimitKw', importLimitKw))}
          />
        )}
        {handles.reserveSoc !== undefined && (
          <NumberField
            label={say('whatIf.reserve')}
            unit="%"
            published={percentOf(handles.reserveSoc)}
            value={whatIf.reserveSoc === undefined ? undefined : percentOf(whatIf.reserveSoc)}
            max={90}
            step={5}
            onChange={(percent) =>
              onChange(withValue(whatIf, 'reserveSoc', percent === undefined ? undefined : percent / 100))
            }
          />
        )}
        {handles.periods.length > 0 && (
          <NumberField
            label={say('whatIf.factor')}
            unit="%"
            published={100}
            value={whatIf.priceFactor === undefined ? undefined : percentOf(whatIf.priceFactor)}
            max={500}
            step={5}
            onChange={(percent) =>
              onChange(withValue(whatIf, 'priceFactor', percent === undefined ? undefined : percent / 100))
            }
          />
        )}
        {handles.periods.map(({ name, pricePerKwh }) => (
          <NumberField
            key={name}
            label={say('whatIf.price', { period: name })}
            unit={`${currency}/kWh`}
            published={pricePerKwh}
            value={whatIf.periodPrices?.[name]}
            step={0.01}
            negative
            onChange={(price) => {
              const { [name]: _, ...others } = whatIf.periodPrices ?? {}
              onChange({ ...whatIf, periodPrices: price === undefined ? others : { ...others, [name]: price } })
            }}
          />
        ))}
        {handles.importLimitKw !== undefined && (
          <NumberField
            label={say('whatIf.fee')}
            unit={`${currency}/kWh`}
            published={handles.feePerKwh}
            value={whatIf.feePerKwh}
            step={0.01}
            negative
            onChange={(feePerKwh) => onChange(withValue(whatIf, 'feePerKwh', feePerKwh))}
          />
        )}
        <NumberField
          label={say('whatIf.carbonPrice')}
          unit={`${currency}/kg`}
          published={handles.carbonPricePerKg}
          value={whatIf.carbonPricePerKg}
          step={0.01}
          onChange={(carbonPricePerKg) => onChange(withValue(whatIf, 'carbonPricePerKg', carbonPricePerKg))}
        />
      </div>
    </form>
  )
}

const percentOf = (share: number): number => Number((share * 100).toFixed(4))

function withValue<Name extends keyof WhatIf>(whatIf: WhatIf, name: Name, value: WhatIf[Name] | undefined): WhatIf {
  const { [name]: _, ...others } = whatIf
  return value === undefined ? others : { ...others, [name]: value }
}

interface NumberFieldProps {
  readonly label: string
  readonly unit: string
  readonly published: number
  /** Absent: as published. */
  readonly value: number | undefined
  readonly max?: number
  readonly step: number
  readonly negative?: boolean
  onChange(value: number | undefined): void
}

/** A number that starts as published; one that is changed says so. */
function NumberField({ label, unit, published, value, max, step, negative = false, onChange }: NumberFieldProps) {
  return (
    <label className="field" data-changed={value !== undefined}>
      <span>
        {label} <span className="unit">{unit}</span>
      </span>
      <input
        type="number"
        inputMode="decimal"
        min={negative ? undefined : 0}
        max={max}
        step="any"
        value={value ?? published}
        onKeyDown={(event) => {
          // The field accepts any number; its arrow keys move by a step that makes sense for the unit.
          const sign = { ArrowUp: 1, ArrowDown: -1 }[event.key]
          if (sign === undefined) return
          event.preventDefault()
          const moved = Math.round(((value ?? published) + sign * step) / step) * step
          const bounded = Math.min(max ?? Number.POSITIVE_INFINITY, negative ? moved : Math.max(0, moved))
          onChange(Number(bounded.toFixed(4)))
        }}
        onChange={({ target }) => {
          const next = target.valueAsNumber
          onChange(Number.isFinite(next) && next !== published ? next : undefined)
        }}
      />
    </label>
  )
}
