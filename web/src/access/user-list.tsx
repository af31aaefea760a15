import { useQueryClient } from '@tanstack/react-query'
import { Ellipsis } from 'lucide-react'
import { useState } from 'react'
import { useNowMs } from '../app/moment.ts'
import type { Me } from '../sign-in/session.ts'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { Menu } from '../ui/menu.tsx'
import { Panel } from '../ui/panel.tsx'
import { Failure, Skeleton } from '../ui/states.tsx'
import { ToneMark } from '../ui/tone.tsx'
import { useWords } from '../words/words.ts'
import { type NewPassword, type User, useOrganisations, useUsers } from './access-queries.ts'
import { administers } from './grants.ts'
import { OnceShown } from './once-shown.tsx'
import { Cut } from './token-list.tsx'
import { useAgo } from './use-ago.ts'
import { type UserAction, UserDialog } from './user-dialog.tsx'

/** Users of the organisations that one administers: made, given roles, reset, closed, removed. */
export function UserList({ me }: { readonly me: Me }) {
  const { say } = useWords()
  const client = useQueryClient()
  const ago = useAgo(useNowMs(10_000))
  const users = useUsers(true)
  const organisations = useOrganisations()
  const [action, setAction] = useState<UserAction>()
  const [made, setMade] = useState<NewPassword>()
  const again = async (): Promise<void> => {
    await client.invalidateQueries({ queryKey: ['access-users'] })
    await client.invalidateQueries({ queryKey: ['access-audit'] })
  }
  const nameOf = (id: string): string =>
    id === '*' ? say('access.platform') : (organisations.data?.find((one) => one.id === id)?.name ?? id)
  const columns: readonly Column<User>[] = [
    {
      id: 'name',
      title: say('access.user'),
      sortBy: ({ name }) => name,
      cell: ({ name }) => (
        <>
          <Cut text={name} /> {name === me.user && <span className="badge">{say('access.you')}</span>}
        </>
      ),
    },
    {
      id: 'roles',
      title: say('access.roles'),
      cell: ({ grants }) =>
        grants.length === 0 ? (
          <span className="quiet">{say('access.noRole')}</span>
        ) : (
          <Cut
            text={grants
              .map(
                ({ organisation, role, sites }) =>
                  `${say(`access.role.${role}`)} · ${nameOf(organisation)}${sites === '*' ? '' : ` (${sites.join(', ')})`}`,
              )
              .join('; ')}
          />
        ),
    },
    { id: 'state', title: say('access.state'), cell: (user) => <UserState user={user} /> },
    {
      id: 'made',
      title: say('access.made'),
      numeric: true,
      sortBy: ({ createdMs }) => createdMs,
      cell: ({ createdMs }) => ago(createdMs),
    },
    {
      id: 'actions',
      title: <span className="visually-hidden">{say('access.actions')}</span>,
      numeric: true,
      cell: (user) => (
        <Menu
          label={say('access.actionsOf', { name: user.name })}
          trigger={
            <button
              type="button"
              className="button plain icon"
              title={say('access.actionsOf', { name: user.name })}
              aria-label={say('access.actionsOf', { name: user.name })}
            >
              <Ellipsis size={16} aria-hidden />
            </button>
          }
          items={(['grants', 'reset', user.disabled ? 'enable' : 'disable', 'remove'] as const).map((kind) => ({
            id: kind,
            title: say(`access.do.${kind}`),
            onChoose: () => setAction({ kind, user }),
          }))}
        />
      ),
    },
  ]
  return (
    <Panel
      title={say('access.users')}
      actions={
        <button
          type="button"
          className="button primary"
          disabled={organisations.data === undefined}
          onClick={() => setAction({ kind: 'create' })}
        >
          {say('access.makeUser')}
        </button>
      }
    >
      {users.error && !users.data ? (
        <Failure error={users.error} retry={() => void users.refetch()} />
      ) : users.data ? (
        <DataTable
          caption={say('access.users')}
          columns={columns}
          rows={users.data}
          keyOf={({ name }) => name}
          empty={say('access.none')}
        />
      ) : (
        <Skeleton height={192} />
      )}
      {action && organisations.data && (
        <UserDialog
          action={action}
          organisations={organisations.data.filter(({ id }) => administers(me, id))}
          platform={administers(me, '*')}
          onDone={again}
          onPassword={setMade}
          onClose={() => setAction(undefined)}
        />
      )}
      {made && (
        <OnceShown
          title={say('access.passwordOf', { name: made.user.name })}
          says={say('access.passwordOfSays')}
          secret={made.password}
          onClose={() => setMade(undefined)}
        />
      )}
    </Panel>
  )
}

function UserState({ user: { disabled, initialPassword, secondFactor, provider } }: { readonly user: User }) {
  const { say } = useWords()
  if (disabled) return <ToneMark tone="stale">{say('access.closed')}</ToneMark>
  if (initialPassword) return <ToneMark tone="advisory">{say('access.invited')}</ToneMark>
  if (secondFactor) return <ToneMark tone="good">{say('access.withFactor')}</ToneMark>
  return <ToneMark tone="good">{say(provider ? 'access.byProvider' : 'access.active')}</ToneMark>
}
