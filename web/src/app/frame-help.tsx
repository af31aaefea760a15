import { useRouterState } from '@tanstack/react-router'
import { Fragment } from 'react'
import { GuideLink } from '../guides/guide-link.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { useWords, type WordKey } from '../words/words.ts'
import { guides } from './guides-of-pages.ts'
import { pages, placeOf } from './pages.ts'

const isMac = /Mac|iPhone|iPad/.test(navigator.userAgent)

const keys: readonly (readonly [keys: string, words: WordKey])[] = [
  [isMac ? '⌘ K' : 'Ctrl K', 'help.palette'],
  [isMac ? '⌘ P' : 'Ctrl P', 'help.print'],
  ['Tab', 'help.tab'],
  ['← → · PgUp PgDn', 'help.move'],
  ['Shift ← →', 'help.moveDay'],
  ['Space', 'help.play'],
  ['n', 'help.now'],
  ['w', 'help.wall'],
  ['Esc', 'help.escape'],
  ['?', 'help.help'],
]

/** What the page that is shown says, where to read more, and every key. */
export function FrameHelp({ onClose }: { onClose(): void }) {
  const { say } = useWords()
  const path = useRouterState({ select: ({ location }) => location.pathname })
  const place = placeOf(path)
  const page = pages.find(({ id }) => id === place.page)?.id
  return (
    <Dialog title={say('help.title')} wide onClose={onClose}>
      {page && (
        <section className="help-page">
          <h3>{say(`page.${page}`)}</h3>
          <p>{say(`help.page.${page}`)}</p>
          <p className="quiet">
            {say('help.more')}{' '}
            {(guides[page] ?? []).map((guide) => (
              <Fragment key={guide}>
                <GuideLink name={guide} /> ·{' '}
              </Fragment>
            ))}
            <a href="/api/docs">{say('app.api')}</a>
          </p>
        </section>
      )}
      <section>
        <h3>{say('help.keys')}</h3>
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
      </section>
    </Dialog>
  )
}
