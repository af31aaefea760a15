import { useState } from 'react'
import { useMoment, useSiteId } from '../app/moment.ts'
import { useMe } from '../sign-in/session.ts'
import { Failure, Skeleton } from '../ui/states.tsx'
import { Tabs } from '../ui/tabs.tsx'
import { useWords } from '../words/words.ts'
import { AuditLog } from './audit-log.tsx'
import { DeviceList } from './device-list.tsx'
import { administers, administersSite, administersSomething } from './grants.ts'
import { OrganisationList } from './organisation-list.tsx'
import { OwnAccount } from './own-account.tsx'
import { TokenList } from './token-list.tsx'
import { UserList } from './user-list.tsx'
import './access.css'

/** Who may do what: one's own account, users with their roles, organisations, devices, and the log of it all. */
export function AccessPage() {
  const { say } = useWords()
  const { kind } = useMoment()
  const siteId = useSiteId()
  const me = useMe()
  const [tab, setTab] = useState('own')
  const content = () => {
    if (me.error && me.data === undefined) return <Failure error={me.error} retry={() => void me.refetch()} />
    if (me.data === undefined) return <Skeleton height={420} />
    if (me.data === null || me.data.kind === 'local') return <OpenServer />
    const own = me.data
    const some = administersSomething(own)
    return (
      <Tabs
        label={say('page.access')}
        value={tab}
        onChange={setTab}
        tabs={[
          { id: 'own', title: say('access.own'), content: <OwnAccount me={own} /> },
          { id: 'tokens', title: say('access.tokens'), content: <TokenList me={own} /> },
          { id: 'users', title: say('access.users'), content: some ? <UserList me={own} /> : <MayNot /> },
          {
            id: 'organisations',
            title: say('access.organisations'),
            content: <OrganisationList me={own} mayMake={administers(own, '*')} />,
          },
          {
            id: 'devices',
            title: say('access.devices'),
            content: administersSite(own, siteId) ? <DeviceList site={siteId} /> : <MayNot />,
          },
          { id: 'audit', title: say('access.audit'), content: some ? <AuditLog /> : <MayNot /> },
        ]}
      />
    )
  }
  return (
    <div className="access">
      <h1>{say('page.access')}</h1>
      {kind !== 'live' && <p className="notice">{say('time.onlyNow')}</p>}
      {content()}
    </div>
  )
}

function OpenServer() {
  const { say } = useWords()
  return (
    <div className="access-open">
      <h2>{say('access.open')}</h2>
      <p>{say('access.openSays')}</p>
      <p className="quiet">{say('access.openDo')}</p>
    </div>
  )
}

function MayNot() {
  const { say } = useWords()
  return <p className="notice">{say('access.mayNot')}</p>
}
