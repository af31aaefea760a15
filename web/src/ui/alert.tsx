import type { ReactNode } from 'react'
import { type Tone, ToneShape } from './tone.tsx'

interface AlertProps {
  readonly tone: Tone
  readonly title: string
  /** What is safe, what to do. */
  readonly children?: ReactNode
  readonly action?: ReactNode
  /** Told at once to those who hear the page: for what came up while they were on it. */
  readonly urgent?: boolean
}

/** Something about a part of a page that its reader must know. */
export const Alert = ({ tone, title, children, action, urgent = false }: AlertProps) => (
  <div className="ui-alert" data-tone={tone} role={urgent ? 'alert' : 'note'}>
    <ToneShape tone={tone} size={18} />
    <div>
      <strong>{title}</strong>
      {children && <p>{children}</p>}
    </div>
    {action}
  </div>
)
