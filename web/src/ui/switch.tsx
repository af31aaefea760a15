import { Switch as Parts } from 'radix-ui'
import { type ReactNode, useId } from 'react'

interface SwitchProps {
  readonly label: ReactNode
  readonly checked: boolean
  readonly disabled?: boolean
  onChange(checked: boolean): void
}

/** On or off, at once. */
export function Switch({ label, checked, disabled = false, onChange }: SwitchProps) {
  const id = useId()
  return (
    <span className="ui-toggle" data-disabled={disabled}>
      <Parts.Root id={id} className="ui-switch" checked={checked} disabled={disabled} onCheckedChange={onChange}>
        <Parts.Thumb />
      </Parts.Root>
      <label htmlFor={id}>{label}</label>
    </span>
  )
}
