import { Outlet } from '@tanstack/react-router'
import { useState } from 'react'
import { useSite } from '../api/queries.ts'
import { Notices } from '../offline/notices.tsx'
import { Failure } from '../ui/states.tsx'
import { useWords } from '../words/words.ts'
import { Header } from './header.tsx'
import { KeyboardHelp } from './keyboard-help.tsx'
import { useSiteId } from './moment.ts'
import { useShortcuts } from './shortcuts.ts'
import { TimeBar } from './time-bar.tsx'

/** The frame around every page of a site: header, page, time bar. */
export function Shell() {
  const siteId = useSiteId()
  const { say } = useWords()
  const site = useSite(siteId)
  const [helping, setHelping] = useState(false)
  useShortcuts(() => setHelping(true))
  return (
    <div className="shell">
      <a className="skip" href="#page">
        {say('app.skip')}
      </a>
      <Header site={site.data} onHelp={() => setHelping(true)} />
      <main id="page" className="page" tabIndex={-1}>
        {site.error ? <Failure error={site.error} retry={() => void site.refetch()} /> : <Outlet />}
      </main>
      {site.data ? <TimeBar zone={site.data.zone} /> : <div className="time-bar" />}
      <Notices site={siteId} zone={site.data?.zone} />
      {helping && <KeyboardHelp onClose={() => setHelping(false)} />}
    </div>
  )
}
