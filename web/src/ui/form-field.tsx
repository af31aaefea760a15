import { CircleAlert } from 'lucide-react'
import { type ReactNode, useId } from 'react'

/** What stands around every field. */
export interface FieldFrame {
  readonly label: string
  /** What is wrong, and what would be right. */
  readonly error?: string | undefined
  readonly hint?: string | undefined
  readonly disabled?: boolean
}

/** What a field says of itself to those who hear it. */
export interface FieldLinks {
  readonly id: string
  readonly 'aria-invalid': boolean
  readonly 'aria-describedby': string | undefined
}

interface FormFieldProps extends FieldFrame {
  children(links: FieldLinks): ReactNode
}

/** A label over a field, with what is wrong or a hint under it, tied together for those who hear it. */
export function FormField({ label, error, hint, disabled = false, children }: FormFieldProps) {
  const id = useId()
  const said = error ?? hint
  return (
    <div className="ui-field" data-wrong={error !== undefined} data-disabled={disabled}>
      <label className="ui-field-label" htmlFor={id}>
        {label}
      </label>
      {children({
        id,
        'aria-invalid': error !== undefined,
        'aria-describedby': said === undefined ? undefined : `${id}-said`,
      })}
      {said !== undefined && (
        <span id={`${id}-said`} className={error === undefined ? 'ui-field-hint' : 'ui-field-error'}>
          {error !== undefined && <CircleAlert size={14} aria-hidden />}
          <span>{said}</span>
        </span>
      )}
    </div>
  )
}
