import { useNavigate, useRouterState } from '@tanstack/react-router'
import { useEffect } from 'react'
import { useLive } from '../api/live.ts'
import type { Site } from '../api/types.ts'
import { dayOnly, preciseTime } from '../format/times.ts'
import { ToneMark } from '../ui/tone.tsx'
import { useWords } from '../words/words.ts'
import { keptSearch } from './frame-search.ts'
import { useNowMs } from './moment.ts'
import { placeOf } from './pages.ts'
import { everyMs, nextPage, wallPages } from './wall-turns.ts'
import './wall.css'

interface WallFrameProps {
  readonly site: Site
  readonly wall: string | number
  readonly every: string | undefined
  onLeave(): void
}

/** Instead of the header, on a wall: what is shown of which site, the time there, and whether values still come. */
export function WallFrame({ site, wall, every, onLeave }: WallFrameProps) {
  const { say, knows, language } = useWords()
  const nowMs = useNowMs(1000)
  const { connected, now } = useLive(site.id)
  const navigate = useNavigate()
  const path = useRouterState({ select: ({ location }) => location.pathname })
  const { page } = placeOf(path)
  useEffect(() => {
    const turns = wallPages(wall)
    const next = nextPage(turns, page)
    if (next === undefined || next === page) return
    const timer = setTimeout(
      () =>
        void navigate({
          to: '/sites/$site/$verb',
          params: { site: site.id, verb: next },
          search: keptSearch,
          replace: true,
        }),
      everyMs(every),
    )
    return () => clearTimeout(timer)
  }, [wall, every, page, site.id, navigate])
  useEffect(() => {
    document.documentElement.dataset.wall = 'true'
    const onKey = (event: KeyboardEvent): void => {
      if (event.key === 'Escape') onLeave()
    }
    window.addEventListener('keydown', onKey)
    return () => {
      delete document.documentElement.dataset.wall
      window.removeEventListener('keydown', onKey)
    }
  }, [onLeave])
  useEffect(keepAwake, [])
  const key = `page.${page}`
  return (
    <header className="wall-head">
      <strong title={site.name}>{site.name}</strong>
      <span>{knows(key) ? say(key) : page}</span>
      <ToneMark tone={connected ? 'good' : now === undefined ? 'stale' : 'warning'}>
        {say(connected ? 'wall.live' : now === undefined ? 'wall.connecting' : 'wall.lost')}
      </ToneMark>
      <time dateTime={new Date(nowMs).toISOString()}>
        {dayOnly(nowMs, site.zone, language)} <b>{preciseTime(nowMs, site.zone, language)}</b>
      </time>
      <button type="button" className="button plain wall-leave" onClick={onLeave}>
        {say('wall.leave')} <kbd>Esc</kbd>
      </button>
    </header>
  )
}

/** Asks the machine not to darken its screen, while the page is in sight. */
function keepAwake(): () => void {
  let lock: WakeLockSentinel | undefined
  let gone = false
  const hold = async (): Promise<void> => {
    if (document.visibilityState !== 'visible' || !('wakeLock' in navigator)) return
    lock = await navigator.wakeLock.request('screen').catch(() => undefined)
    if (gone) void lock?.release()
  }
  void hold()
  const onVisible = (): void => void hold()
  document.addEventListener('visibilitychange', onVisible)
  return () => {
    gone = true
    document.removeEventListener('visibilitychange', onVisible)
    void lock?.release()
  }
}
