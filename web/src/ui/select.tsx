import { Check, ChevronDown } from 'lucide-react'
import { Select as Parts } from 'radix-ui'
import { type FieldFrame, FormField } from './form-field.tsx'

export interface Option<Id extends string> {
  readonly id: Id
  readonly title: string
  readonly disabled?: boolean
}

interface SelectProps<Id extends string> extends FieldFrame {
  readonly options: readonly Option<Id>[]
  /** Undefined while nothing is chosen. */
  readonly value: Id | undefined
  readonly placeholder?: string
  onChange(id: NoInfer<Id>): void
}

/** One of a list; letters jump to the option that begins with them. */
export const Select = <Id extends string>({
  options,
  value,
  placeholder = '–',
  onChange,
  label,
  error,
  hint,
  disabled = false,
}: SelectProps<Id>) => (
  <FormField {...{ label, error, hint, disabled }}>
    {(links) => (
      <Parts.Root value={value ?? ''} onValueChange={(next) => onChange(next as Id)} disabled={disabled}>
        <Parts.Trigger {...links} className="ui-select">
          <Parts.Value placeholder={placeholder} />
          <ChevronDown size={16} aria-hidden />
        </Parts.Trigger>
        <Parts.Portal>
          <Parts.Content className="ui-float ui-select-list" position="popper" sideOffset={4} collisionPadding={8}>
            <Parts.Viewport>
              {options.map(({ id, title, disabled: closed = false }) => (
                <Parts.Item key={id} value={id} className="ui-option" disabled={closed}>
                  <Parts.ItemText>{title}</Parts.ItemText>
                  <Parts.ItemIndicator>
                    <Check size={16} aria-hidden />
                  </Parts.ItemIndicator>
                </Parts.Item>
              ))}
            </Parts.Viewport>
          </Parts.Content>
        </Parts.Portal>
      </Parts.Root>
    )}
  </FormField>
)
