import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Command } from 'cmdk'
import { Search } from 'lucide-react'
import { Dialog } from 'radix-ui'
import { useDeferredValue, useMemo, useState } from 'react'
import { ask } from '../api/client.ts'
import { useSite, useSites } from '../api/queries.ts'
import type { FrameActions } from '../app/frame-actions.ts'
import { keptSearch } from '../app/frame-search.ts'
import { chooseTheme } from '../app/theme.ts'
import { signOut, useMe } from '../sign-in/session.ts'
import { chooseLanguage, languages, useWords } from '../words/words.ts'
import { type Action, type Entry, entriesOf, type FoundPoint, groups } from './entries.ts'
import { best } from './rank.ts'
import { keepRecent, readRecent } from './recent.ts'
import './palette.css'

interface PaletteProps {
  readonly site: string
  readonly actions: FrameActions
  onClose(): void
}

/** As many of a group as are shown: what was not found by then is found by more letters. */
const mostOfGroup = 8
const mostPages = 20

interface PointPage {
  readonly points: readonly FoundPoint[]
  readonly next?: string
}

const usePoints = (site: string) =>
  useQuery({
    queryKey: ['palette-points', site],
    queryFn: async ({ signal }): Promise<readonly FoundPoint[]> => {
      const points: FoundPoint[] = []
      let cursor: string | undefined
      for (let pages = 0; pages < mostPages; pages += 1) {
        const query = new URLSearchParams({ limit: '1000', ...(cursor === undefined ? {} : { cursor }) })
        const page = await ask<PointPage>(`/api/v1/sites/${encodeURIComponent(site)}/points?${query}`, { signal })
        points.push(...page.points)
        cursor = page.next
        if (cursor === undefined) break
      }
      return points
    },
    staleTime: 300_000,
  })

/** Type a few letters of a page, an asset, a point, a site or an action, and go there. */
export function Palette({ site, actions, onClose }: PaletteProps) {
  const { say } = useWords()
  const navigate = useNavigate()
  const [typed, setTyped] = useState('')
  // What is found may come a frame later than the letter in the field.
  const query = useDeferredValue(typed)
  const { data: sites = [] } = useSites()
  const assets = useSite(site).data?.assets
  const points = usePoints(site)
  const { data: me } = useMe()
  const signedIn = Boolean(me?.user)
  const entries = useMemo(
    () => entriesOf({ say, sites, assets: assets ?? [], points: points.data ?? [], languages, signedIn }),
    [say, sites, assets, points.data, signedIn],
  )
  const found = useMemo(() => {
    if (query.trim() === '') {
      const byId = new Map(entries.map((entry) => [entry.id, entry]))
      const recent = readRecent().flatMap((id) => byId.get(id) ?? [])
      return [
        { group: 'recent' as const, shown: recent, left: 0 },
        ...(['page', 'action'] as const).map((group) => ({
          group,
          shown: entries.filter((entry) => entry.group === group),
          left: 0,
        })),
      ]
    }
    return groups.map((group) => ({
      group,
      ...best(
        query,
        entries.filter((entry) => entry.group === group),
        { textsOf: ({ title, hint }) => [title, hint], most: mostOfGroup },
      ),
    }))
  }, [query, entries])

  const act: Readonly<Record<Exclude<Action, `language ${string}` | `theme ${string}`>, () => void>> = {
    ...actions,
    signOut: () => void signOut(),
  }
  const choose = ({ id, target }: Entry): void => {
    keepRecent(id)
    onClose()
    const params = { site }
    switch (target.kind) {
      case 'page':
        void navigate({ to: '/sites/$site/$verb', params: { site, verb: target.page }, search: keptSearch })
        return
      case 'asset':
        void navigate({
          to: '/sites/$site/assets/$asset',
          params: { ...params, asset: target.asset },
          search: keptSearch,
        })
        return
      case 'point': {
        const search = (before: object) => ({ ...keptSearch({ ...before }), points: target.ref })
        void navigate({ to: '/sites/$site/$verb', params: { site, verb: 'trends' }, search })
        return
      }
      case 'site':
        void navigate({ to: '/sites/$site/park', params: { site: target.site } })
        return
      case 'action': {
        const [name, value] = target.action.split(' ')
        if (name === 'language') void chooseLanguage(value as 'en')
        else if (name === 'theme') chooseTheme(value as 'light')
        else act[target.action as keyof typeof act]()
      }
    }
  }
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="ui-overlay" />
        <Dialog.Content className="palette" aria-describedby={undefined}>
          <Dialog.Title className="visually-hidden">{say('palette.title')}</Dialog.Title>
          <Command shouldFilter={false} loop label={say('palette.title')}>
            <div className="palette-field">
              <Search size={18} aria-hidden />
              <Command.Input value={typed} onValueChange={setTyped} placeholder={say('palette.ask')} maxLength={200} />
              <kbd>Esc</kbd>
            </div>
            <Command.List className="palette-list">
              {points.isError && <p className="notice">{say('palette.noPoints')}</p>}
              <Command.Empty className="palette-empty">{say('palette.nothing')}</Command.Empty>
              {found.map(({ group, shown, left }) =>
                shown.length === 0 ? null : (
                  <Command.Group key={group} heading={say(`palette.group.${group}`)}>
                    {shown.map((entry) => (
                      <Command.Item
                        key={entry.id}
                        value={`${group} ${entry.id}`}
                        className="palette-item"
                        onSelect={() => choose(entry)}
                      >
                        <span title={entry.title}>{entry.title}</span>
                        <small>{entry.hint}</small>
                      </Command.Item>
                    ))}
                    {left > 0 && <p className="palette-left">{say('palette.left', { count: left })}</p>}
                  </Command.Group>
                ),
              )}
            </Command.List>
          </Command>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
