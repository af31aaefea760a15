import { useEffect, useRef } from 'react'
import type { WordKey } from '../words/en.ts'
import { useWords } from '../words/words.ts'

const keys: readonly (readonly [keys: string, words: WordKey])[] = [
  ['Tab', 'help.tab'],
  ['← → · PgUp PgDn', 'help.move'],
  ['n', 'help.now'],
  ['g p', 'help.park'],
  ['g l', 'help.plan'],
  ['g a', 'help.alarms'],
  ['g f', 'help.field'],
  ['g c', 'help.carbon'],
  ['?', 'help.help'],
]

export function KeyboardHelp({ onClose }: { onClose(): void }) {
  const { say } = useWords()
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => dialog.current?.showModal(), [])
  return (
    <dialog ref={dialog} className="dialog" aria-labelledby="help-title" onClose={onClose}>
      <h1 id="help-title">{say('help.title')}</h1>
      <dl className="keys">
        {keys.map(([names, words]) => (
          <div key={names}>
            <dt>
              <kbd>{names}</kbd>
            </dt>
            <dd>{say(words)}</dd>
          </div>
        ))}
      </dl>
      <button type="button" className="button" onClick={() => dialog.current?.close()}>
        {say('app.close')}
      </button>
    </dialog>
  )
}
