import { Link, useNavigate, useRouterState } from '@tanstack/react-router'
import { CircleQuestionMark, Contrast, LogOut, Moon, Search, Settings, Sun, SunMoon } from 'lucide-react'
import { Suspense } from 'react'
import { AlarmTray } from '../alarms/alarm-tray.tsx'
import { useSites } from '../api/queries.ts'
import type { Site } from '../api/types.ts'
import { JobTray } from '../jobs/job-tray.tsx'
import { signOut, useMe } from '../sign-in/session.ts'
import { useWords } from '../words/words.ts'
import type { FrameActions } from './frame-actions.ts'
import { keptSearch } from './frame-search.ts'
import { LanguageChoice } from './language-choice.tsx'
import { laterPart } from './later-part.ts'
import { useSiteId } from './moment.ts'
import { pagesOf, placeOf, verbs } from './pages.ts'
import { ScrollingRow } from './scrolling-row.tsx'
import { chooseTheme, themes, useTheme } from './theme.ts'

interface HeaderProps {
  readonly site: Site | undefined
  readonly actions: FrameActions
  onSearch(): void
}

const HouseMenu = laterPart(() => import('./house-menu.tsx').then(({ HouseMenu: menu }) => menu))
const isMac = /Mac|iPhone|iPad/.test(navigator.userAgent)

export function Header({ site, actions, onSearch }: HeaderProps) {
  const { say } = useWords()
  const siteId = useSiteId()
  const path = useRouterState({ select: ({ location }) => location.pathname })
  const { verb } = placeOf(path)
  const tabs = verb === undefined ? [] : pagesOf(verb)
  return (
    <header className="header">
      <SiteChoice site={site} />
      <ScrollingRow className="verbs" label={say('app.verbs')}>
        {verbs.map((own) => (
          <Link
            key={own}
            to="/sites/$site/$verb"
            params={{ site: siteId, verb: own === 'operate' ? 'park' : (pagesOf(own)[0] ?? own) }}
            search={keptSearch}
            className={pagesOf(own).length > 0 ? 'verb' : 'verb later'}
            aria-current={own === verb ? 'true' : undefined}
          >
            {say(`verb.${own}`)}
          </Link>
        ))}
      </ScrollingRow>
      <div className="tools">
        <button type="button" className="button search" onClick={onSearch} title={say('app.search')}>
          <Search size={16} aria-hidden />
          <span className="search-words">{say('app.search')}</span>
          <kbd>{isMac ? '⌘K' : 'Ctrl K'}</kbd>
        </button>
        <AlarmTray site={siteId} />
        <JobTray />
        <LanguageChoice />
        <ThemeChoice />
        <button
          type="button"
          className="button plain icon wide-only"
          onClick={actions.help}
          title={`${say('app.help')} (?)`}
        >
          <CircleQuestionMark size={18} aria-hidden />
          <span className="visually-hidden">{say('app.help')}</span>
        </button>
        <Suspense fallback={<GearWithoutMenu />}>
          <HouseMenu actions={actions} />
        </Suspense>
        <SignOut />
      </div>
      {tabs.length > 0 && (
        <ScrollingRow className="pages" label={say('app.pages')}>
          {tabs.map((own) => (
            <Link
              key={own}
              to="/sites/$site/$verb"
              params={{ site: siteId, verb: own }}
              search={keptSearch}
              className="tab"
            >
              {say(`page.${own}`)}
            </Link>
          ))}
        </ScrollingRow>
      )}
    </header>
  )
}

/** The gear until its menu is there. */
const GearWithoutMenu = () => (
  <span className="button plain icon" aria-hidden>
    <Settings size={18} />
  </span>
)

function SignOut() {
  const { say } = useWords()
  const { data: me } = useMe()
  if (!me?.user) return null
  const title = say('app.signOut', { user: me.user })
  return (
    <button type="button" className="button plain user" onClick={() => void signOut()} title={title} aria-label={title}>
      <span className="user-name">{me.user}</span>
      <LogOut size={18} aria-hidden />
    </button>
  )
}

function SiteChoice({ site }: { readonly site: Site | undefined }) {
  const { say } = useWords()
  const siteId = useSiteId()
  const navigate = useNavigate()
  const { data: sites = [] } = useSites()
  return (
    <div className="site-choice">
      <img src="/mangrove.svg" alt={say('app.name')} width={24} height={24} />
      {sites.length > 1 ? (
        <select
          className="select"
          aria-label={say('app.site')}
          value={siteId}
          onChange={(event) => void navigate({ to: '/sites/$site/park', params: { site: event.target.value } })}
        >
          {sites.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      ) : (
        <strong className="site-name">{site?.name ?? siteId}</strong>
      )}
      {site?.simulated && (
        <span className="badge" title={say('app.simulatedWhy')}>
          {say('app.simulated')}
        </span>
      )}
    </div>
  )
}

const themeIcons = { system: SunMoon, light: Sun, dark: Moon, contrast: Contrast }

function ThemeChoice() {
  const { say } = useWords()
  const { chosen } = useTheme()
  const Icon = themeIcons[chosen]
  const next = themes[(themes.indexOf(chosen) + 1) % themes.length] ?? 'system'
  const title = `${say('app.theme')}: ${say(`theme.${chosen}`)}`
  return (
    <button type="button" className="button plain icon wide-only" onClick={() => chooseTheme(next)} title={title}>
      <Icon size={18} aria-hidden />
      <span className="visually-hidden">{title}</span>
    </button>
  )
}
