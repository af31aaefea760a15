import { Popover as Parts } from 'radix-ui'
import type { ReactElement, ReactNode } from 'react'

interface PopoverProps {
  /** The button that opens it. */
  readonly trigger: ReactElement
  readonly label: string
  readonly children: ReactNode
}

/** A small thing to set or to read beside its button; Escape closes it, and the focus returns. */
export const Popover = ({ trigger, label, children }: PopoverProps) => (
  <Parts.Root>
    <Parts.Trigger asChild>{trigger}</Parts.Trigger>
    <Parts.Portal>
      <Parts.Content
        className="ui-float ui-popover"
        aria-label={label}
        align="start"
        sideOffset={4}
        collisionPadding={8}
      >
        {children}
      </Parts.Content>
    </Parts.Portal>
  </Parts.Root>
)
