import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useSites } from '../api/queries.ts'
import { useNowMs } from '../app/moment.ts'
import { dayOnly } from '../format/times.ts'
import type { Me } from '../sign-in/session.ts'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { Panel } from '../ui/panel.tsx'
import { Failure, Skeleton } from '../ui/states.tsx'
import { ToneMark } from '../ui/tone.tsx'
import { useWords } from '../words/words.ts'
import { createToken, removeToken, type Token, useTokens } from './access-queries.ts'
import { ActionDialog } from './action-dialog.tsx'
import { ChooseMany } from './choose-many.tsx'
import { ownPermissions } from './grants.ts'
import { OnceShown } from './once-shown.tsx'
import { useAgo } from './use-ago.ts'

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone

/** Tokens with which programs act for one: made for a time and a part of what one may, and taken away at once. */
export function TokenList({ me }: { readonly me: Me }) {
  const { say, language } = useWords()
  const client = useQueryClient()
  const nowMs = useNowMs(10_000)
  const ago = useAgo(nowMs)
  const tokens = useTokens()
  const [making, setMaking] = useState(false)
  const [secret, setSecret] = useState<string>()
  const [removing, setRemoving] = useState<Token>()
  const again = (): Promise<void> => client.invalidateQueries({ queryKey: ['access-tokens'] })
  const columns: readonly Column<Token>[] = [
    {
      id: 'title',
      title: say('access.title'),
      sortBy: ({ title }) => title,
      cell: ({ title }) => <Cut text={title} />,
    },
    {
      id: 'may',
      title: say('access.may'),
      cell: ({ permissions }) =>
        permissions.map((permission) => say(`access.permission.${permission as 'read'}`)).join(', '),
    },
    {
      id: 'sites',
      title: say('access.sites'),
      cell: ({ sites }) => (sites === '*' ? say('access.allSites') : sites.join(', ')),
    },
    { id: 'made', title: say('access.made'), numeric: true, cell: ({ createdMs }) => ago(createdMs) },
    {
      id: 'ends',
      title: say('access.ends'),
      numeric: true,
      sortBy: ({ expiresMs }) => expiresMs,
      cell: ({ expiresMs }) =>
        expiresMs < nowMs ? (
          <ToneMark tone="stale">{say('access.ended')}</ToneMark>
        ) : (
          dayOnly(expiresMs, zone, language)
        ),
    },
    {
      id: 'remove',
      title: <span className="visually-hidden">{say('access.actions')}</span>,
      numeric: true,
      cell: (token) => (
        <button type="button" className="button plain" onClick={() => setRemoving(token)}>
          {say('access.revoke')}
        </button>
      ),
    },
  ]
  return (
    <Panel
      title={say('access.tokens')}
      actions={
        <button type="button" className="button primary" onClick={() => setMaking(true)}>
          {say('access.makeToken')}
        </button>
      }
    >
      <p className="quiet">{say('access.tokensSay')}</p>
      {tokens.error && !tokens.data ? (
        <Failure error={tokens.error} retry={() => void tokens.refetch()} />
      ) : tokens.data ? (
        <DataTable
          caption={say('access.tokens')}
          columns={columns}
          rows={tokens.data}
          keyOf={({ id }) => id}
          empty={say('access.noTokens')}
        />
      ) : (
        <Skeleton height={128} />
      )}
      {making && (
        <TokenDialog
          me={me}
          onMade={(text) => {
            setSecret(text)
            void again()
          }}
          onClose={() => setMaking(false)}
        />
      )}
      {secret !== undefined && (
        <OnceShown
          title={say('access.tokenMade')}
          says={say('access.tokenMadeSays')}
          secret={secret}
          onClose={() => setSecret(undefined)}
        />
      )}
      {removing && (
        <ActionDialog
          title={say('access.revokeTitle', { title: removing.title })}
          says={say('access.revokeSays')}
          go={say('access.revoke')}
          send={() => removeToken(removing.id).then(again)}
          onClose={() => setRemoving(undefined)}
        />
      )}
    </Panel>
  )
}

/** A name that is cut where it is too long, and whole in its title. */
export const Cut = ({ text }: { readonly text: string }) => (
  <span className="access-cut" title={text}>
    {text}
  </span>
)

interface TokenDialogProps {
  readonly me: Me
  onMade(text: string): void
  onClose(): void
}

function TokenDialog({ me, onMade, onClose }: TokenDialogProps) {
  const { say } = useWords()
  const { data: sites = [] } = useSites()
  const [title, setTitle] = useState('')
  const [days, setDays] = useState(90)
  const [chosen, setChosen] = useState<readonly string[]>(['read'])
  const [chosenSites, setChosenSites] = useState<'*' | readonly string[]>('*')
  return (
    <ActionDialog
      title={say('access.makeToken')}
      says={say('access.makeTokenSays')}
      go={say('access.make')}
      ready={title.trim() !== '' && chosen.length > 0 && (chosenSites === '*' || chosenSites.length > 0)}
      send={async () => {
        const { text } = await createToken({
          ...{ title: title.trim(), permissions: chosen, days },
          ...(chosenSites === '*' ? {} : { sites: chosenSites }),
        })
        onMade(text)
      }}
      onClose={onClose}
    >
      <label className="field">
        <span>{say('access.title')}</span>
        <input required maxLength={100} value={title} onChange={({ target }) => setTitle(target.value)} />
      </label>
      <ChooseMany
        label={say('access.may')}
        options={ownPermissions(me).map((id) => ({ id, title: say(`access.permission.${id}`) }))}
        chosen={chosen}
        onChange={setChosen}
      />
      <SiteChoice
        label={say('access.sites')}
        sites={sites.map(({ id }) => id)}
        chosen={chosenSites}
        onChange={setChosenSites}
      />
      <label className="field">
        <span>{say('access.days')}</span>
        <input
          type="number"
          required
          min={1}
          max={366}
          value={days}
          onChange={({ target }) => setDays(target.valueAsNumber || 1)}
        />
      </label>
    </ActionDialog>
  )
}

interface SiteChoiceProps {
  readonly label: string
  readonly sites: readonly string[]
  readonly chosen: '*' | readonly string[]
  onChange(chosen: '*' | readonly string[]): void
}

/** All sites, those to come among them, or some. */
export function SiteChoice({ label, sites, chosen, onChange }: SiteChoiceProps) {
  const { say } = useWords()
  return (
    <div className="access-sites">
      <label className="access-check">
        <input
          type="checkbox"
          checked={chosen === '*'}
          onChange={({ target }) => onChange(target.checked ? '*' : [])}
        />
        <span>{say('access.allSites')}</span>
      </label>
      {chosen !== '*' && (
        <ChooseMany
          label={label}
          options={sites.map((id) => ({ id, title: id }))}
          chosen={chosen}
          onChange={onChange}
        />
      )}
    </div>
  )
}
