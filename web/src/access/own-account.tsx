import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useNowMs } from '../app/moment.ts'
import { forgetValues } from '../offline/keep-values.ts'
import { changePassword, type Me } from '../sign-in/session.ts'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { Panel } from '../ui/panel.tsx'
import { Failure, Skeleton } from '../ui/states.tsx'
import { ToneMark } from '../ui/tone.tsx'
import { useWords } from '../words/words.ts'
import { endAllSessions, endSession, type Session, useSessions } from './access-queries.ts'
import { ActionDialog } from './action-dialog.tsx'
import { SecondFactor } from './second-factor.tsx'
import { useAgo } from './use-ago.ts'

/** What one does about one's own account. */
export function OwnAccount({ me }: { readonly me: Me }) {
  const { say } = useWords()
  const [changing, setChanging] = useState(false)
  const [changed, setChanged] = useState(false)
  return (
    <div className="access-own">
      <Panel title={say('access.signedInAs')}>
        <p className="access-me">{me.user}</p>
        <ul className="access-grants">
          {me.access.map(({ organisation, sites, permissions }) => (
            <li key={JSON.stringify([organisation, sites, permissions])}>
              <strong>{organisation === '*' ? say('access.platform') : organisation}</strong>{' '}
              <span className="quiet">
                {sites === '*' ? say('access.allSites') : sites.join(', ')} ·{' '}
                {permissions.map((permission) => say(`access.permission.${permission as 'read'}`)).join(', ')}
              </span>
            </li>
          ))}
        </ul>
        <div>
          <button type="button" className="button" onClick={() => setChanging(true)}>
            {say('access.changePassword')}
          </button>{' '}
          {changed && (
            <span role="status">
              <ToneMark tone="good">{say('access.passwordChanged')}</ToneMark>
            </span>
          )}
        </div>
      </Panel>
      <SecondFactor me={me} />
      <SessionList />
      {changing && (
        <PasswordDialog
          onClose={() => setChanging(false)}
          onChanged={() => {
            setChanged(true)
          }}
        />
      )}
    </div>
  )
}

function PasswordDialog({ onClose, onChanged }: { onClose(): void; onChanged(): void }) {
  const { say } = useWords()
  const client = useQueryClient()
  const [current, setCurrent] = useState('')
  const [next, setNext] = useState('')
  return (
    <ActionDialog
      title={say('access.changePassword')}
      says={say('access.changePasswordSays')}
      go={say('access.change')}
      ready={current !== '' && next !== ''}
      send={async () => {
        await changePassword(current, next)
        onChanged()
        await client.invalidateQueries({ queryKey: ['access-sessions'] })
      }}
      onClose={onClose}
    >
      <label className="field">
        <span>{say('access.currentPassword')}</span>
        <input
          type="password"
          autoComplete="current-password"
          required
          value={current}
          onChange={({ target }) => setCurrent(target.value)}
        />
      </label>
      <label className="field">
        <span>{say('access.nextPassword')}</span>
        <input
          type="password"
          autoComplete="new-password"
          required
          value={next}
          onChange={({ target }) => setNext(target.value)}
        />
      </label>
    </ActionDialog>
  )
}

function SessionList() {
  const { say, knows } = useWords()
  const client = useQueryClient()
  const nowMs = useNowMs(10_000)
  const ago = useAgo(nowMs)
  const sessions = useSessions()
  const [ending, setEnding] = useState<Session | 'all'>()
  const columns: readonly Column<Session>[] = [
    {
      id: 'by',
      title: say('access.sessionBy'),
      cell: ({ by, current }) => {
        const key = `access.by.${by}`
        return (
          <>
            {knows(key) ? say(key) : by} {current && <span className="badge">{say('access.thisSession')}</span>}
          </>
        )
      },
    },
    { id: 'from', title: say('access.from'), cell: ({ from }) => <code>{from}</code> },
    { id: 'begun', title: say('access.begun'), numeric: true, cell: ({ createdMs }) => ago(createdMs) },
    { id: 'seen', title: say('access.seen'), numeric: true, cell: ({ seenMs }) => ago(seenMs) },
    {
      id: 'end',
      title: <span className="visually-hidden">{say('access.actions')}</span>,
      numeric: true,
      cell: (session) => (
        <button type="button" className="button plain" onClick={() => setEnding(session)}>
          {say('access.end')}
        </button>
      ),
    },
  ]
  const end = async (): Promise<void> => {
    if (ending === 'all' || ending?.current) {
      await (ending === 'all' ? endAllSessions() : endSession(ending.id))
      await forgetValues()
      return location.replace('/sign-in')
    }
    if (ending) await endSession(ending.id)
    await client.invalidateQueries({ queryKey: ['access-sessions'] })
  }
  return (
    <Panel
      title={say('access.sessions')}
      className="access-wide"
      actions={
        <button type="button" className="button" onClick={() => setEnding('all')}>
          {say('access.endAll')}
        </button>
      }
    >
      {sessions.error && !sessions.data ? (
        <Failure error={sessions.error} retry={() => void sessions.refetch()} />
      ) : sessions.data ? (
        <DataTable
          caption={say('access.sessions')}
          columns={columns}
          rows={sessions.data}
          keyOf={({ id }) => id}
          empty={say('access.none')}
        />
      ) : (
        <Skeleton height={96} />
      )}
      {ending && (
        <ActionDialog
          title={say(ending === 'all' ? 'access.endAll' : 'access.endOne')}
          says={say(ending === 'all' || ending.current ? 'access.endOwnSays' : 'access.endOtherSays')}
          go={say('access.end')}
          send={end}
          onClose={() => setEnding(undefined)}
        />
      )}
    </Panel>
  )
}
