import { type FormEvent, type ReactNode, useState } from 'react'
import { detailOf } from '../api/client.ts'
import { Dialog } from '../ui/dialog.tsx'
import { useWords } from '../words/words.ts'

interface ActionDialogProps {
  readonly title: string
  /** What follows from it. */
  readonly says?: string
  /** On the button. */
  readonly go: string
  readonly ready?: boolean
  readonly children?: ReactNode
  /** Throws what the server refuses, which is told in the dialog. */
  send(): Promise<unknown>
  onClose(): void
}

/** Asks once more, with what is needed, before something is done about access. Closes when it is done. */
export function ActionDialog({ title, says, go, ready = true, children, send, onClose }: ActionDialogProps) {
  const { say } = useWords()
  const [problem, setProblem] = useState<string>()
  const [busy, setBusy] = useState(false)
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    setBusy(true)
    send().then(onClose, (error: unknown) => {
      setProblem(detailOf(error))
      setBusy(false)
    })
  }
  return (
    <Dialog title={title} onClose={onClose}>
      <form className="dialog-form" onSubmit={submit}>
        {children}
        {says && <p className="quiet">{says}</p>}
        {problem !== undefined && (
          <p className="dialog-problem" role="alert">
            {problem}
          </p>
        )}
        <div className="dialog-buttons">
          <button type="button" className="button" onClick={onClose}>
            {say('access.cancel')}
          </button>
          <button type="submit" className="button primary" disabled={busy || !ready}>
            {go}
          </button>
        </div>
      </form>
    </Dialog>
  )
}
