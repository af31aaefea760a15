import type { Site, SiteAsset } from '../api/types.ts'
import { useNowMs } from '../app/moment.ts'
import { useCommands, useLinks } from '../field/field-queries.ts'
import { SetpointList } from '../field/setpoint-list.tsx'
import { useMay } from '../sign-in/session.ts'
import { setpointsOf } from './setpoints-of.ts'

interface SetpointsPanelProps {
  readonly site: Site
  readonly asset: SiteAsset
}

/** What the asset is told, and taking it by hand; nothing where it takes no commands. */
export function SetpointsPanel({ site, asset }: SetpointsPanelProps) {
  const nowMs = useNowMs(1000)
  const mayOperate = useMay('operate', site.id)
  const commands = useCommands(site.id)
  const links = useLinks(site.id)
  const own = setpointsOf(asset.id, commands.data?.setpoints ?? [])
  if (own.length === 0) return null
  return (
    <SetpointList
      site={site.id}
      zone={site.zone}
      setpoints={own}
      gateways={links.data?.gateways ?? []}
      nowMs={nowMs}
      mayOperate={mayOperate}
    />
  )
}
