import { Check, Minus } from 'lucide-react'
import { Checkbox as Parts } from 'radix-ui'
import { type ReactNode, useId } from 'react'

interface CheckboxProps {
  readonly label: ReactNode
  /** `some`: of the things that it stands for, some are chosen. */
  readonly checked: boolean | 'some'
  readonly disabled?: boolean
  onChange(checked: boolean): void
}

/** Chosen or not, one of several. */
export function Checkbox({ label, checked, disabled = false, onChange }: CheckboxProps) {
  const id = useId()
  const Mark = checked === 'some' ? Minus : Check
  return (
    <span className="ui-toggle" data-disabled={disabled}>
      <Parts.Root
        id={id}
        className="ui-checkbox"
        checked={checked === 'some' ? 'indeterminate' : checked}
        disabled={disabled}
        onCheckedChange={(next) => onChange(next === true)}
      >
        <Parts.Indicator>
          <Mark size={14} strokeWidth={3} aria-hidden />
        </Parts.Indicator>
      </Parts.Root>
      <label htmlFor={id}>{label}</label>
    </span>
  )
}
