import { useSite } from '../api/queries.ts'
import type { Site } from '../api/types.ts'
import { useMoment, useNowMs, useSiteId } from '../app/moment.ts'
import { useMay } from '../sign-in/session.ts'
import { Failure, Skeleton } from '../ui/states.tsx'
import { useWords } from '../words/words.ts'
import { CommandTable } from './command-table.tsx'
import { useCommands, useLinks } from './field-queries.ts'
import { GatewayList } from './gateway-list.tsx'
import { SetpointList } from './setpoint-list.tsx'
import { Watchdog } from './watchdog.tsx'
import './field.css'

/** The field: whom the machines follow, what each is told and does, the links to them, and the log. */
export function FieldPage() {
  const siteId = useSiteId()
  const site = useSite(siteId)
  if (site.error) return <Failure error={site.error} retry={() => void site.refetch()} />
  return site.data ? <Field site={site.data} /> : <Skeleton height={480} />
}

function Field({ site }: { readonly site: Site }) {
  const { say } = useWords()
  const nowMs = useNowMs(1000)
  const { kind } = useMoment()
  const mayOperate = useMay('operate', site.id)
  const commands = useCommands(site.id)
  const links = useLinks(site.id)
  const setpoints = commands.data?.setpoints ?? []
  return (
    <div className="field-page">
      <h1>{say('page.field')}</h1>
      {kind !== 'live' && <p className="notice">{say('time.onlyNow')}</p>}
      {!mayOperate && <p className="notice">{say('field.mayNot')}</p>}
      {commands.error && !commands.data ? (
        <Failure error={commands.error} retry={() => void commands.refetch()} />
      ) : !commands.data ? (
        <Skeleton height={220} />
      ) : setpoints.length === 0 ? (
        <p className="quiet">{say('field.noCommands')}</p>
      ) : (
        <>
          <Watchdog site={site.id} zone={site.zone} commands={commands.data} nowMs={nowMs} mayOperate={mayOperate} />
          <SetpointList
            site={site.id}
            zone={site.zone}
            setpoints={setpoints}
            gateways={links.data?.gateways ?? []}
            nowMs={nowMs}
            mayOperate={mayOperate}
          />
        </>
      )}
      {links.error && !links.data ? (
        <Failure error={links.error} retry={() => void links.refetch()} />
      ) : links.data ? (
        <GatewayList site={site} links={links.data} nowMs={nowMs} />
      ) : (
        <Skeleton height={240} />
      )}
      {setpoints.length > 0 && <CommandTable site={site.id} zone={site.zone} setpoints={setpoints} />}
    </div>
  )
}
