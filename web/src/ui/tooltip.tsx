import { Tooltip as Parts } from 'radix-ui'
import type { ReactElement, ReactNode } from 'react'

interface TooltipProps {
  /** Said beside the thing; nothing that cannot be known without it, for a finger cannot rest. */
  readonly text: ReactNode
  /** One element that can have the focus. */
  readonly children: ReactElement
}

/** A word about a thing while the pointer rests on it, or the focus. */
export const Tooltip = ({ text, children }: TooltipProps) => (
  <Parts.Provider delayDuration={300}>
    <Parts.Root>
      <Parts.Trigger asChild>{children}</Parts.Trigger>
      <Parts.Portal>
        <Parts.Content className="ui-tooltip" sideOffset={4} collisionPadding={8}>
          {text}
          <Parts.Arrow />
        </Parts.Content>
      </Parts.Portal>
    </Parts.Root>
  </Parts.Provider>
)
