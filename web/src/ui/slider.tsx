import { Slider as Parts } from 'radix-ui'
import { useId } from 'react'
import { show } from '../format/numbers.ts'
import { Figure } from './figure.tsx'

interface SliderProps {
  readonly label: string
  readonly value: number
  readonly min: number
  readonly max: number
  readonly step: number
  readonly unit: string
  readonly disabled?: boolean
  /** While it moves. */
  onChange(value: number): void
  /** When it was let go. */
  onCommit?(value: number): void
}

/** A number within limits, told beside it; arrow keys step, Page Up and Page Down step far. */
export function Slider({ label, value, min, max, step, unit, disabled = false, onChange, onCommit }: SliderProps) {
  const id = useId()
  const shown = show(value, unit)
  const first = (values: readonly number[]): number => values[0] ?? min
  return (
    <div className="ui-field" data-disabled={disabled}>
      <div className="ui-slider-head">
        <span id={id} className="ui-field-label">
          {label}
        </span>
        <Figure {...shown} />
      </div>
      <Parts.Root
        className="ui-slider"
        value={[value]}
        min={min}
        max={max}
        step={step}
        disabled={disabled}
        onValueChange={(values) => onChange(first(values))}
        onValueCommit={(values) => onCommit?.(first(values))}
      >
        <Parts.Track className="ui-slider-track">
          <Parts.Range className="ui-slider-range" />
        </Parts.Track>
        <Parts.Thumb
          className="ui-slider-thumb"
          aria-labelledby={id}
          aria-valuetext={`${shown.text} ${shown.unit}`.trim()}
        />
      </Parts.Root>
    </div>
  )
}
