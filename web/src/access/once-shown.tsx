import { Copy } from 'lucide-react'
import { useState } from 'react'
import { Dialog } from '../ui/dialog.tsx'
import { useWords } from '../words/words.ts'

interface OnceShownProps {
  readonly title: string
  readonly says: string
  /** What the server tells now and never again. */
  readonly secret: string
  onClose(): void
}

/** A secret that is told once: it stays until somebody says that it is kept. */
export function OnceShown({ title, says, secret, onClose }: OnceShownProps) {
  const { say } = useWords()
  return (
    <Dialog title={title} onClose={onClose}>
      <p>{says}</p>
      <Secret text={secret} />
      <p className="notice">{say('access.shownOnce')}</p>
      <div className="dialog-buttons">
        <button type="button" className="button primary" onClick={onClose}>
          {say('access.kept')}
        </button>
      </div>
    </Dialog>
  )
}

/** A secret with a button that copies it. */
export function Secret({ text }: { readonly text: string }) {
  const { say } = useWords()
  const [copied, setCopied] = useState(false)
  return (
    <div className="access-secret">
      <code>{text}</code>
      <button
        type="button"
        className="button"
        onClick={() => void navigator.clipboard?.writeText(text).then(() => setCopied(true))}
      >
        <Copy size={16} aria-hidden /> {say(copied ? 'access.copied' : 'access.copy')}
      </button>
    </div>
  )
}
