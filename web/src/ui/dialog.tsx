import { X } from 'lucide-react'
import { Dialog as Parts } from 'radix-ui'
import { type ReactNode, useRef } from 'react'
import { useWords } from '../words/words.ts'

interface DialogProps {
  readonly title: string
  /** `drawer`: at the right edge, as high as the page. */
  readonly shape?: 'dialog' | 'drawer'
  /** For tables. */
  readonly wide?: boolean
  readonly children: ReactNode
  onClose(): void
}

/** Stands over the page until it is closed; the focus stays in it and returns to where it was. */
export function Dialog({ title, shape = 'dialog', wide = false, children, onClose }: DialogProps) {
  const { say } = useWords()
  const opener = useRef(document.activeElement)
  /** The page itself where the opener is gone: an item of a menu goes with its menu. */
  const giveBack = (event: Event): void => {
    event.preventDefault()
    const { current } = opener
    const back = current?.isConnected && current !== document.body ? current : document.getElementById('page')
    if (back instanceof HTMLElement) back.focus()
  }
  /** What is asked for comes first: the first field where there is one, else the dialog chooses. */
  const focusField = (event: Event): void => {
    const field = (event.currentTarget as HTMLElement).querySelector<HTMLElement>('textarea, input, select')
    if (!field) return
    event.preventDefault()
    field.focus()
  }
  return (
    <Parts.Root open onOpenChange={(open) => !open && onClose()}>
      <Parts.Portal>
        <Parts.Overlay className="ui-overlay" />
        <Parts.Content
          className={`ui-${shape}`}
          data-wide={wide}
          aria-describedby={undefined}
          onOpenAutoFocus={focusField}
          onCloseAutoFocus={giveBack}
        >
          <header className="panel-head">
            <Parts.Title>{title}</Parts.Title>
            <Parts.Close className="button plain icon" title={say('app.close')}>
              <X size={18} aria-hidden />
              <span className="visually-hidden">{say('app.close')}</span>
            </Parts.Close>
          </header>
          {children}
        </Parts.Content>
      </Parts.Portal>
    </Parts.Root>
  )
}
