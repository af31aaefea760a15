import { Command } from 'cmdk'
import { Check, ChevronsUpDown } from 'lucide-react'
import { Popover } from 'radix-ui'
import { useState } from 'react'
import { type FieldFrame, FormField } from './form-field.tsx'
import type { Option } from './select.tsx'

interface ComboboxProps<Id extends string> extends FieldFrame {
  readonly options: readonly Option<Id>[]
  readonly value: Id | undefined
  /** In the field that searches. */
  readonly search: string
  /** Said where nothing matches. */
  readonly empty: string
  onChange(id: NoInfer<Id>): void
}

/** One of a long list, found by typing a part of its title. */
export function Combobox<Id extends string>({
  options,
  value,
  search,
  empty,
  onChange,
  label,
  error,
  hint,
  disabled = false,
}: ComboboxProps<Id>) {
  const [open, setOpen] = useState(false)
  const chosen = options.find(({ id }) => id === value)
  return (
    <FormField {...{ label, error, hint, disabled }}>
      {(links) => (
        <Popover.Root open={open} onOpenChange={setOpen}>
          <Popover.Trigger asChild>
            <button
              {...links}
              type="button"
              role="combobox"
              aria-expanded={open}
              aria-haspopup="dialog"
              className="ui-select"
              disabled={disabled}
              data-placeholder={chosen === undefined ? '' : undefined}
            >
              <span>{chosen?.title ?? '–'}</span>
              <ChevronsUpDown size={16} aria-hidden />
            </button>
          </Popover.Trigger>
          <Popover.Portal>
            <Popover.Content className="ui-float ui-combobox" aria-label={label} align="start" sideOffset={4}>
              <Command label={search}>
                <Command.Input placeholder={search} />
                <Command.List label={label}>
                  <Command.Empty>{empty}</Command.Empty>
                  {options.map(({ id, title, disabled: closed = false }) => (
                    <Command.Item
                      key={id}
                      value={id}
                      keywords={[title]}
                      disabled={closed}
                      className="ui-option"
                      onSelect={() => {
                        onChange(id)
                        setOpen(false)
                      }}
                    >
                      <span>{title}</span>
                      {id === value && <Check size={16} aria-hidden />}
                    </Command.Item>
                  ))}
                </Command.List>
              </Command>
            </Popover.Content>
          </Popover.Portal>
        </Popover.Root>
      )}
    </FormField>
  )
}
