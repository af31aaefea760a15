import { Outlet, useRouterState, useSearch } from '@tanstack/react-router'
import { Suspense, useRef } from 'react'
import { useSite } from '../api/queries.ts'
import { Notices } from '../offline/notices.tsx'
import { useShownPedigree } from '../pedigree/pedigree.ts'
import { Failure } from '../ui/states.tsx'
import { Toasts } from '../ui/toasts.tsx'
import { useWords } from '../words/words.ts'
import { Header } from './header.tsx'
import { laterPart } from './later-part.ts'
import { useSiteId } from './moment.ts'
import { PrintFoot } from './print-foot.tsx'
import { useShortcuts } from './shortcuts.ts'
import { TimeBar } from './time-bar.tsx'
import { useEdges } from './use-edges.ts'
import { useFrame } from './use-frame-actions.ts'
import './print.css'

const FrameHelp = laterPart(() => import('./frame-help.tsx').then(({ FrameHelp: part }) => part))
const Palette = laterPart(() => import('../palette/palette.tsx').then(({ Palette: part }) => part))
const PedigreeDrawer = laterPart(() =>
  import('../pedigree/pedigree-drawer.tsx').then(({ PedigreeDrawer: part }) => part),
)
const WallFrame = laterPart(() => import('./wall-frame.tsx').then(({ WallFrame: part }) => part))

/** The frame around every page of a site: header, page, time bar, and what stands over them when it is asked for. */
export function Shell() {
  const siteId = useSiteId()
  const { say } = useWords()
  const site = useSite(siteId)
  const shell = useRef<HTMLDivElement>(null)
  useEdges(shell)
  const { actions, open, setOpen, told, wall, leaveWall } = useFrame()
  const { every } = useSearch({ from: '/sites/$site' })
  const pedigree = useShownPedigree()
  const path = useRouterState({ select: ({ location }) => location.pathname })
  useShortcuts({ ...actions, palette: () => setOpen('palette') })
  const close = (): void => setOpen(undefined)
  return (
    <div ref={shell} className="shell" data-drawer={pedigree !== undefined}>
      <a className="skip" href="#page">
        {say('app.skip')}
      </a>
      {wall !== undefined && site.data ? (
        <Suspense fallback={<header className="header" />}>
          <WallFrame site={site.data} wall={wall} every={every} onLeave={leaveWall} />
        </Suspense>
      ) : (
        <Header site={site.data} actions={actions} onSearch={() => setOpen('palette')} />
      )}
      <main id="page" className="page" tabIndex={-1}>
        {site.error ? <Failure error={site.error} retry={() => void site.refetch()} /> : <Outlet />}
      </main>
      {site.data ? <TimeBar key={site.data.id} site={site.data} /> : <footer className="time-bar" />}
      {site.data && <PrintFoot key={path} site={site.data} />}
      <Notices site={siteId} zone={site.data?.zone} />
      <Toasts />
      <Suspense fallback={null}>
        {pedigree && <PedigreeDrawer site={siteId} from={pedigree} />}
        {open === 'help' && <FrameHelp onClose={close} />}
        {open === 'palette' && <Palette site={siteId} actions={actions} onClose={close} />}
      </Suspense>
      <p role="status" className="told" data-shown={told !== undefined}>
        {told && say(`share.${told}`)}
      </p>
    </div>
  )
}
