import { useRouterState } from '@tanstack/react-router'
import { Dialog } from '../ui/dialog.tsx'
import { useWords, type WordKey } from '../words/words.ts'
import { type Page, pages, placeOf } from './pages.ts'

const isMac = /Mac|iPhone|iPad/.test(navigator.userAgent)

const keys: readonly (readonly [keys: string, words: WordKey])[] = [
  [isMac ? '⌘ K' : 'Ctrl K', 'help.palette'],
  ['Tab', 'help.tab'],
  ['← → · PgUp PgDn', 'help.move'],
  ['Shift ← →', 'help.moveDay'],
  ['Space', 'help.play'],
  ['n', 'help.now'],
  ['w', 'help.wall'],
  ['Esc', 'help.escape'],
  ['?', 'help.help'],
]

/** Chapters of the documentation that say more about a page. */
const guides: Partial<Readonly<Record<Page, readonly string[]>>> = {
  sizing: ['size'],
  overview: ['park', 'several-nodes'],
  park: ['park', 'simulate'],
  plan: ['explain', 'tariffs'],
  trends: ['points', 'files'],
  charging: ['ocpp', 'ocpi'],
  forecasts: ['forecast'],
  alarms: ['alarms'],
  field: ['commands', 'field-protocols'],
  carbon: ['carbon', 'inventory', 'verdict'],
  claims: ['claims'],
  ledger: ['carbon'],
  reports: ['reports'],
  access: ['access'],
  health: ['operations'],
}

/** What the page that is shown says, where to read more, and every key. */
export function FrameHelp({ onClose }: { onClose(): void }) {
  const { say } = useWords()
  const path = useRouterState({ select: ({ location }) => location.pathname })
  const place = placeOf(path)
  const page = pages.find(({ id }) => id === place.page)?.id
  return (
    <Dialog title={say('help.title')} onClose={onClose}>
      {page && (
        <section className="help-page">
          <h3>{say(`page.${page}`)}</h3>
          <p>{say(`help.page.${page}`)}</p>
          <p className="quiet">
            {say('help.more')}{' '}
            {(guides[page] ?? []).map((guide) => (
              <code key={guide}>docs/guides/{guide}.md </code>
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
