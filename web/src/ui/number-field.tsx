import { type FieldFrame, FormField } from './form-field.tsx'

interface NumberFieldProps extends FieldFrame {
  /** NaN: nothing is written, or no number. */
  readonly value: number
  readonly unit: string
  readonly min?: number
  readonly max?: number
  readonly step?: number
  readonly required?: boolean
  onChange(value: number): void
}

/** A number with its unit; arrow keys step. */
export const NumberField = ({
  value,
  unit,
  step = 1,
  onChange,
  label,
  error,
  hint,
  disabled = false,
  ...rest
}: NumberFieldProps) => (
  <FormField {...{ error, hint, disabled }} label={label}>
    {(links) => (
      <span className="ui-input">
        <input
          {...links}
          {...rest}
          type="number"
          inputMode="decimal"
          step={step}
          disabled={disabled}
          value={Number.isNaN(value) ? '' : value}
          onChange={({ target }) => onChange(target.valueAsNumber)}
        />
        {unit !== '' && <span className="unit">{unit}</span>}
      </span>
    )}
  </FormField>
)
