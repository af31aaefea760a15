import { DropdownMenu } from 'radix-ui'
import type { ReactNode } from 'react'

export interface MenuItem {
  readonly id: string
  readonly title: ReactNode
  readonly disabled?: boolean
  onChoose(): void
}

interface MenuProps {
  /** The button that opens it. */
  readonly trigger: ReactNode
  readonly label: string
  readonly items: readonly MenuItem[]
}

/** Actions behind a button. */
export const Menu = ({ trigger, label, items }: MenuProps) => (
  <DropdownMenu.Root>
    <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
    <DropdownMenu.Portal>
      <DropdownMenu.Content className="ui-float ui-menu" aria-label={label} align="end" sideOffset={4}>
        {items.map(({ id, title, disabled = false, onChoose }) => (
          <DropdownMenu.Item key={id} className="ui-menu-item" disabled={disabled} onSelect={onChoose}>
            {title}
          </DropdownMenu.Item>
        ))}
      </DropdownMenu.Content>
    </DropdownMenu.Portal>
  </DropdownMenu.Root>
)
