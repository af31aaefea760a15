import type { ReactNode } from 'react'

interface StatProps {
  readonly label: string
  /** The value, as `Figure` or `Value` writes it. */
  readonly children: ReactNode
  /** What it is against, or how old. */
  readonly note?: ReactNode
}

/** One figure of a row of figures. Stand them in a `<dl className="stats">`. */
export const Stat = ({ label, children, note }: StatProps) => (
  <div className="stat">
    <dt>{label}</dt>
    <dd>
      {children}
      {note && <small>{note}</small>}
    </dd>
  </div>
)
