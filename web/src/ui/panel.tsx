import { type ReactNode, useId } from 'react'

interface PanelProps {
  readonly title: string
  /** Beside the title: buttons, a choice. */
  readonly actions?: ReactNode
  readonly children: ReactNode
  readonly className?: string
}

/** A titled part of a page, named for those who hear it. */
export function Panel({ title, actions, children, className = '' }: PanelProps) {
  const id = useId()
  return (
    <section className={`panel ${className}`} aria-labelledby={id}>
      <header className="panel-head">
        <h2 id={id}>{title}</h2>
        {actions && <div className="panel-actions">{actions}</div>}
      </header>
      {children}
    </section>
  )
}
