import { Tabs as Parts } from 'radix-ui'
import type { ReactNode } from 'react'

export interface Tab {
  readonly id: string
  readonly title: string
  readonly content: ReactNode
}

interface TabsProps {
  /** What the tabs choose between. */
  readonly label: string
  readonly tabs: readonly Tab[]
  readonly value: string
  onChange(id: string): void
}

/** Views of one thing, one shown at a time; arrow keys move between them. */
export const Tabs = ({ label, tabs, value, onChange }: TabsProps) => (
  <Parts.Root className="ui-tabs" value={value} onValueChange={onChange}>
    <Parts.List className="ui-tab-list" aria-label={label}>
      {tabs.map(({ id, title }) => (
        <Parts.Trigger key={id} value={id} className="ui-tab">
          {title}
        </Parts.Trigger>
      ))}
    </Parts.List>
    {tabs.map(({ id, content }) => (
      <Parts.Content key={id} value={id} className="ui-tab-content">
        {content}
      </Parts.Content>
    ))}
  </Parts.Root>
)
