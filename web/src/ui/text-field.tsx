import { type FieldFrame, FormField } from './form-field.tsx'

interface TextFieldProps extends FieldFrame {
  readonly value: string
  readonly placeholder?: string
  readonly type?: 'text' | 'search' | 'email' | 'password'
  readonly maxLength?: number
  readonly required?: boolean
  onChange(value: string): void
}

/** A line of text. */
export const TextField = ({
  value,
  type = 'text',
  onChange,
  label,
  error,
  hint,
  disabled = false,
  ...rest
}: TextFieldProps) => (
  <FormField {...{ label, error, hint, disabled }}>
    {(links) => (
      <span className="ui-input">
        <input
          {...links}
          {...rest}
          type={type}
          disabled={disabled}
          value={value}
          onChange={({ target }) => onChange(target.value)}
        />
      </span>
    )}
  </FormField>
)
