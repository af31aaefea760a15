import { CircleDashed, type LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'

interface EmptyProps {
  readonly title: string
  /** What would stand here, and how it comes about. */
  readonly advice?: ReactNode
  /** A button, where something can be done at once. */
  readonly action?: ReactNode
  readonly icon?: LucideIcon
}

/** A part of a page where nothing is yet. */
export const Empty = ({ title, advice, action, icon: Icon = CircleDashed }: EmptyProps) => (
  <div className="ui-empty">
    <Icon size={24} strokeWidth={1.5} aria-hidden />
    <strong>{title}</strong>
    {advice && <p>{advice}</p>}
    {action}
  </div>
)
