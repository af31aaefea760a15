import { type FormEvent, type ReactNode, useState } from 'react'
import { detailOf } from '../api/client.ts'
import { Dialog } from '../ui/dialog.tsx'
import { useWords } from '../words/words.ts'

interface ReasonDialogProps {
  readonly title: string
  /** What follows from it. */
  readonly says: string
  /** On the button. */
  readonly go: string
  /** Fields before the reason. */
  readonly children?: ReactNode
  /** Throws what the server refuses, which is told in the dialog. */
  send(reason: string): Promise<unknown>
  onClose(): void
}

/** Asks for a reason before something is done by hand. */
export function ReasonDialog({ title, says, go, children, send, onClose }: ReasonDialogProps) {
  const { say } = useWords()
  const [reason, setReason] = useState('')
  const [problem, setProblem] = useState<string>()
  const [busy, setBusy] = useState(false)
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    setBusy(true)
    send(reason.trim()).then(onClose, (error: unknown) => {
      setProblem(detailOf(error))
      setBusy(false)
    })
  }
  return (
    <Dialog title={title} onClose={onClose}>
      <form className="dialog-form" onSubmit={submit}>
        {children}
        <label className="field">
          <span>{say('alarms.reason')}</span>
          <textarea
            rows={2}
            required
            maxLength={500}
            value={reason}
            onChange={({ target }) => setReason(target.value)}
          />
        </label>
        <p className="quiet">{says}</p>
        {problem !== undefined && (
          <p className="dialog-problem" role="alert">
            {problem}
          </p>
        )}
        <div className="dialog-buttons">
          <button type="button" className="button" onClick={onClose}>
            {say('alarms.cancel')}
          </button>
          <button type="submit" className="button primary" disabled={busy || reason.trim() === ''}>
            {go}
          </button>
        </div>
      </form>
    </Dialog>
  )
}
