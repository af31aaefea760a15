import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useSites } from '../api/queries.ts'
import type { Me } from '../sign-in/session.ts'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { Panel } from '../ui/panel.tsx'
import { Failure, Skeleton } from '../ui/states.tsx'
import { useWords } from '../words/words.ts'
import { changeOrganisation, createOrganisation, type Organisation, useOrganisations } from './access-queries.ts'
import { ActionDialog } from './action-dialog.tsx'
import { ChooseMany } from './choose-many.tsx'
import { administers } from './grants.ts'
import { Cut } from './token-list.tsx'

/** Organisations with their sites: what roles are given in. */
export function OrganisationList({ me, mayMake }: { readonly me: Me; readonly mayMake: boolean }) {
  const { say } = useWords()
  const organisations = useOrganisations()
  const [editing, setEditing] = useState<Organisation | 'new'>()
  const columns: readonly Column<Organisation>[] = [
    { id: 'name', title: say('access.name'), sortBy: ({ name }) => name, cell: ({ name }) => <Cut text={name} /> },
    { id: 'id', title: say('access.id'), sortBy: ({ id }) => id, cell: ({ id }) => <code>{id}</code> },
    {
      id: 'sites',
      title: say('access.sites'),
      cell: ({ sites }) =>
        sites.length === 0 ? <span className="quiet">{say('access.none')}</span> : <Cut text={sites.join(', ')} />,
    },
    {
      id: 'change',
      title: <span className="visually-hidden">{say('access.actions')}</span>,
      numeric: true,
      cell: (organisation) => (
        <button
          type="button"
          className="button plain"
          disabled={!administers(me, organisation.id)}
          title={administers(me, organisation.id) ? undefined : say('access.mayNot')}
          onClick={() => setEditing(organisation)}
        >
          {say('access.change')}
        </button>
      ),
    },
  ]
  return (
    <Panel
      title={say('access.organisations')}
      actions={
        <button
          type="button"
          className="button primary"
          disabled={!mayMake}
          title={mayMake ? undefined : say('access.mayNotPlatform')}
          onClick={() => setEditing('new')}
        >
          {say('access.makeOrganisation')}
        </button>
      }
    >
      <p className="quiet">{say('access.organisationsSay')}</p>
      {organisations.error && !organisations.data ? (
        <Failure error={organisations.error} retry={() => void organisations.refetch()} />
      ) : organisations.data ? (
        <DataTable
          caption={say('access.organisations')}
          columns={columns}
          rows={organisations.data}
          keyOf={({ id }) => id}
          empty={say('access.none')}
        />
      ) : (
        <Skeleton height={128} />
      )}
      {editing && (
        <OrganisationDialog
          organisation={editing === 'new' ? undefined : editing}
          mayMove={mayMake}
          onClose={() => setEditing(undefined)}
        />
      )}
    </Panel>
  )
}

interface OrganisationDialogProps {
  readonly organisation: Organisation | undefined
  /** Sites belong to another organisation by who administers the platform alone. */
  readonly mayMove: boolean
  onClose(): void
}

function OrganisationDialog({ organisation, mayMove, onClose }: OrganisationDialogProps) {
  const { say } = useWords()
  const client = useQueryClient()
  const { data: served = [] } = useSites()
  const [id, setId] = useState(organisation?.id ?? '')
  const [name, setName] = useState(organisation?.name ?? '')
  const [sites, setSites] = useState<readonly string[]>(organisation?.sites ?? [])
  const known = [...new Set([...served.map((site) => site.id), ...(organisation?.sites ?? [])])]
  return (
    <ActionDialog
      title={
        organisation ? say('access.changeOrganisation', { name: organisation.name }) : say('access.makeOrganisation')
      }
      says={say('access.organisationSays')}
      go={say(organisation ? 'access.change' : 'access.make')}
      ready={id !== '' && name.trim() !== ''}
      send={async () => {
        if (organisation) await changeOrganisation(id, { name: name.trim(), ...(mayMove ? { sites } : {}) })
        else await createOrganisation({ id, name: name.trim(), sites })
        await client.invalidateQueries({ queryKey: ['access-organisations'] })
      }}
      onClose={onClose}
    >
      <label className="field">
        <span>{say('access.name')}</span>
        <input required maxLength={100} value={name} onChange={({ target }) => setName(target.value)} />
      </label>
      {!organisation && (
        <label className="field">
          <span>{say('access.id')}</span>
          <input
            required
            pattern="[a-z0-9][a-z0-9\-]*"
            maxLength={64}
            value={id}
            onChange={({ target }) => setId(target.value)}
          />
          <small>{say('access.idSays')}</small>
        </label>
      )}
      {mayMove && (
        <ChooseMany
          label={say('access.sites')}
          options={known.map((site) => ({ id: site, title: site }))}
          chosen={sites}
          onChange={setSites}
        />
      )}
    </ActionDialog>
  )
}
