import { useEffect, useRef } from 'react'
import { useWords, type WordKey } from '../words/words.ts'
import { pages } from './pages.ts'

const keys: readonly (readonly [keys: string, words: WordKey])[] = [
  ['Tab', 'help.tab'],
  ['← → · PgUp PgDn', 'help.move'],
  ['n', 'help.now'],
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
        {pages.map(({ id, key }) => (
          <div key={id}>
            <dt>
              <kbd>g {key}</kbd>
            </dt>
            <dd>{say(`page.${id}`)}</dd>
          </div>
        ))}
      </dl>
      <button type="button" className="button" onClick={() => dialog.current?.close()}>
        {say('app.close')}
      </button>
    </dialog>
  )
}
