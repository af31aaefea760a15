import type { Site } from '../api/types.ts'
import { useWords } from '../words/words.ts'
import type { Charging } from './charging-queries.ts'

interface Door {
  readonly protocol?: unknown
  readonly host?: unknown
  readonly port?: unknown
  readonly security?: unknown
  readonly stations?: readonly { readonly id?: unknown }[]
}

/** Where stations of a site call: what has to be entered in the first of them. */
function addressOf(site: Site): { readonly address: string; readonly station: string } | undefined {
  const doors = Object.values((site.sections.gateways ?? {}) as Readonly<Record<string, Door>>)
  const door = doors.find(({ protocol }) => protocol === 'ocpp')
  if (!door) return undefined
  const station = String(door.stations?.[0]?.id ?? 'CP-1')
  const scheme = Number(door.security ?? 1) >= 2 ? 'wss' : 'ws'
  return {
    station,
    address: `${scheme}://${location.hostname}:${String(door.port ?? 9220)}/${encodeURIComponent(station)}`,
  }
}

const sample = `gateways:
  chargers:
    protocol: ocpp
    port: 9220
    tokensFile: cards.json
    fallbackKw: 4.2
    stations:
      - { id: CP-1, password: { file: secrets/cp-1 }, evses: [{ id: 1 }] }`

/** No station has called yet: how to bring the first, in three steps. */
export function FirstStation({ site, charging }: { readonly site: Site; readonly charging: Charging }) {
  const { say } = useWords()
  const door = addressOf(site)
  const open = charging.doors.some(({ state }) => state === 'connected')
  return (
    <section className="charging-first" aria-labelledby="charging-first-title">
      <h2 id="charging-first-title">{say(door ? 'charging.first.waits' : 'charging.first.none')}</h2>
      <ol>
        <li data-done={door !== undefined}>
          <h3>{say('charging.first.file')}</h3>
          <p>{say(door ? 'charging.first.fileDone' : 'charging.first.fileDo')}</p>
          {!door && <pre className="sample">{sample}</pre>}
        </li>
        <li data-done={open}>
          <h3>{say('charging.first.door')}</h3>
          <p>{say(open ? 'charging.first.doorDone' : 'charging.first.doorDo')}</p>
        </li>
        <li>
          <h3>{say('charging.first.station')}</h3>
          <p>{say('charging.first.stationDo')}</p>
          {door && <pre className="sample">{door.address}</pre>}
        </li>
      </ol>
    </section>
  )
}
