import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useNowMs } from '../app/moment.ts'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { Panel } from '../ui/panel.tsx'
import { Failure, Skeleton } from '../ui/states.tsx'
import { useWords } from '../words/words.ts'
import { createDevice, type Device, removeDevice, useDevices } from './access-queries.ts'
import { ActionDialog } from './action-dialog.tsx'
import { OnceShown } from './once-shown.tsx'
import { pointsOf } from './points-of.ts'
import { Cut } from './token-list.tsx'
import { useAgo } from './use-ago.ts'

/** Devices that may write observations of the site, and nothing else. */
export function DeviceList({ site }: { readonly site: string }) {
  const { say } = useWords()
  const client = useQueryClient()
  const ago = useAgo(useNowMs(10_000))
  const devices = useDevices(site, true)
  const [making, setMaking] = useState(false)
  const [removing, setRemoving] = useState<Device>()
  const [secret, setSecret] = useState<string>()
  const [title, setTitle] = useState('')
  const [points, setPoints] = useState('')
  const again = (): Promise<void> => client.invalidateQueries({ queryKey: ['access-devices', site] })
  const columns: readonly Column<Device>[] = [
    {
      id: 'title',
      title: say('access.title'),
      sortBy: ({ title: own }) => own,
      cell: (own) => <Cut text={own.title} />,
    },
    {
      id: 'points',
      title: say('access.points'),
      cell: ({ points: own }) => (own === null ? say('access.allPoints') : <Cut text={own.join(', ')} />),
    },
    { id: 'made', title: say('access.made'), numeric: true, cell: ({ createdMs }) => ago(createdMs) },
    {
      id: 'remove',
      title: <span className="visually-hidden">{say('access.actions')}</span>,
      numeric: true,
      cell: (device) => (
        <button type="button" className="button plain" onClick={() => setRemoving(device)}>
          {say('access.revoke')}
        </button>
      ),
    },
  ]
  return (
    <Panel
      title={say('access.devices')}
      actions={
        <button type="button" className="button primary" onClick={() => setMaking(true)}>
          {say('access.makeDevice')}
        </button>
      }
    >
      <p className="quiet">{say('access.devicesSay')}</p>
      {devices.error && !devices.data ? (
        <Failure error={devices.error} retry={() => void devices.refetch()} />
      ) : devices.data ? (
        <DataTable
          caption={say('access.devices')}
          columns={columns}
          rows={devices.data}
          keyOf={({ id }) => id}
          empty={say('access.noDevices')}
        />
      ) : (
        <Skeleton height={128} />
      )}
      {making && (
        <ActionDialog
          title={say('access.makeDevice')}
          says={say('access.makeDeviceSays')}
          go={say('access.make')}
          ready={title.trim() !== ''}
          send={async () => {
            const own = pointsOf(points)
            const { text } = await createDevice(site, {
              title: title.trim(),
              ...(own.length > 0 ? { points: own } : {}),
            })
            setSecret(text)
            setTitle('')
            setPoints('')
            await again()
          }}
          onClose={() => setMaking(false)}
        >
          <label className="field">
            <span>{say('access.title')}</span>
            <input required maxLength={100} value={title} onChange={({ target }) => setTitle(target.value)} />
          </label>
          <label className="field">
            <span>{say('access.points')}</span>
            <textarea rows={3} value={points} onChange={({ target }) => setPoints(target.value)} />
            <small>{say('access.pointsSay')}</small>
          </label>
        </ActionDialog>
      )}
      {secret !== undefined && (
        <OnceShown
          title={say('access.deviceMade')}
          says={say('access.deviceMadeSays')}
          secret={secret}
          onClose={() => setSecret(undefined)}
        />
      )}
      {removing && (
        <ActionDialog
          title={say('access.revokeTitle', { title: removing.title })}
          says={say('access.revokeSays')}
          go={say('access.revoke')}
          send={() => removeDevice(site, removing.id).then(again)}
          onClose={() => setRemoving(undefined)}
        />
      )}
    </Panel>
  )
}
