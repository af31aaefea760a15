import { useNavigate } from '@tanstack/react-router'
import { Settings } from 'lucide-react'
import { Menu, type MenuItem } from '../ui/menu.tsx'
import { chooseLanguage, languages, useWords } from '../words/words.ts'
import type { FrameActions } from './frame-actions.ts'
import { keptSearch } from './frame-search.ts'
import { useSiteId } from './moment.ts'
import { pagesOf } from './pages.ts'
import { chooseTheme, themes, useTheme } from './theme.ts'

/** Below this the header has no room for languages and colours: they stand in the menu. */
const narrow = '(max-width: 720px)'

/** Pages that stand under none of the verbs, and what can be done with the view. */
export function HouseMenu({ actions }: { readonly actions: FrameActions }) {
  const { say } = useWords()
  const site = useSiteId()
  const navigate = useNavigate()
  const { chosen } = useTheme()
  const next = themes[(themes.indexOf(chosen) + 1) % themes.length] ?? 'system'
  const small: readonly MenuItem[] = matchMedia(narrow).matches
    ? [
        ...languages.map(({ tag, name }) => ({ id: tag, title: name, onChoose: () => void chooseLanguage(tag) })),
        {
          id: 'theme',
          title: `${say('app.theme')}: ${say(`theme.${next}`)}`,
          onChoose: () => chooseTheme(next),
        },
      ]
    : []
  return (
    <Menu
      label={say('app.more')}
      trigger={
        <button type="button" className="button plain icon" title={say('app.more')}>
          <Settings size={18} aria-hidden />
          <span className="visually-hidden">{say('app.more')}</span>
        </button>
      }
      items={[
        ...pagesOf('house').map((page) => ({
          id: page,
          title: say(`page.${page}`),
          onChoose: () => void navigate({ to: '/sites/$site/$verb', params: { site, verb: page }, search: keptSearch }),
        })),
        { id: 'copy', title: say('share.copy'), onChoose: actions.copy },
        { id: 'print', title: say('share.print'), onChoose: actions.print },
        { id: 'wall', title: say('wall.start'), onChoose: actions.wall },
        { id: 'api', title: say('app.api'), onChoose: () => location.assign('/api/docs') },
        { id: 'help', title: say('help.open'), onChoose: actions.help },
        ...small,
      ]}
    />
  )
}
