import { Link, useNavigate, useRouterState } from '@tanstack/react-router'
import { BookOpen, Contrast, Keyboard, LogOut, Moon, Settings, Sun, SunMoon } from 'lucide-react'
import { AlarmTray } from '../alarms/alarm-tray.tsx'
import { useSites } from '../api/queries.ts'
import type { Site } from '../api/types.ts'
import { signOut, useMe } from '../sign-in/session.ts'
import { chooseLanguage, languages, useWords } from '../words/words.ts'
import { useSiteId } from './moment.ts'
import { pagesOf, placeOf, verbs } from './pages.ts'
import { chooseTheme, themes, useTheme } from './theme.ts'

interface HeaderProps {
  readonly site: Site | undefined
  onHelp(): void
}

export function Header({ site, onHelp }: HeaderProps) {
  const { say } = useWords()
  const siteId = useSiteId()
  const path = useRouterState({ select: ({ location }) => location.pathname })
  const { verb } = placeOf(path)
  const tabs = verb === undefined ? [] : pagesOf(verb)
  return (
    <header className="header">
      <SiteChoice site={site} />
      <nav className="verbs" aria-label={say('app.verbs')}>
        {verbs.map((own) => (
          <Link
            key={own}
            to="/sites/$site/$verb"
            params={{ site: siteId, verb: own === 'operate' ? 'park' : (pagesOf(own)[0] ?? own) }}
            search={(search) => search}
            className={pagesOf(own).length > 0 ? 'verb' : 'verb later'}
            aria-current={own === verb ? 'true' : undefined}
          >
            {say(`verb.${own}`)}
          </Link>
        ))}
      </nav>
      <div className="tools">
        <AlarmTray site={siteId} />
        <LanguageChoice />
        <ThemeChoice />
        <button type="button" className="button plain icon wide-only" onClick={onHelp} title={`${say('app.help')} (?)`}>
          <Keyboard size={18} aria-hidden />
          <span className="visually-hidden">{say('app.help')}</span>
        </button>
        <a className="button plain icon wide-only" href="/api/docs" title={say('app.api')}>
          <BookOpen size={18} aria-hidden />
          <span className="visually-hidden">{say('app.api')}</span>
        </a>
        <HouseMenu />
        <SignOut />
      </div>
      {tabs.length > 0 && (
        <nav className="pages" aria-label={say('app.pages')}>
          {tabs.map((own) => (
            <Link
              key={own}
              to="/sites/$site/$verb"
              params={{ site: siteId, verb: own }}
              search={(search) => search}
              className="tab"
            >
              {say(`page.${own}`)}
            </Link>
          ))}
        </nav>
      )}
    </header>
  )
}

/** Pages that stand under none of the verbs. */
function HouseMenu() {
  const { say } = useWords()
  const site = useSiteId()
  const [first = 'health'] = pagesOf('house')
  return (
    <Link
      to="/sites/$site/$verb"
      params={{ site, verb: first }}
      search={(search) => search}
      className="button plain icon"
      title={say('app.more')}
    >
      <Settings size={18} aria-hidden />
      <span className="visually-hidden">{say('app.more')}</span>
    </Link>
  )
}

function SignOut() {
  const { say } = useWords()
  const { data: me } = useMe()
  if (!me?.user) return null
  const title = say('app.signOut', { user: me.user })
  return (
    <button type="button" className="button plain icon" onClick={() => void signOut()} title={title}>
      <LogOut size={18} aria-hidden />
      <span className="visually-hidden">{title}</span>
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

function LanguageChoice() {
  const { say, language } = useWords()
  return (
    <fieldset className="choice">
      <legend className="visually-hidden">{say('app.language')}</legend>
      {languages.map(({ tag, short, name }) => (
        <button
          key={tag}
          type="button"
          lang={tag}
          className="choice-item"
          title={name}
          aria-label={`${short} ${name}`}
          aria-pressed={language === tag}
          onClick={() => void chooseLanguage(tag)}
        >
          {short}
        </button>
      ))}
    </fieldset>
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
    <button type="button" className="button plain icon" onClick={() => chooseTheme(next)} title={title}>
      <Icon size={18} aria-hidden />
      <span className="visually-hidden">{title}</span>
    </button>
  )
}
