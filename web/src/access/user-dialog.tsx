import { useState } from 'react'
import { useWords } from '../words/words.ts'
import {
  createUser,
  disableUser,
  enableUser,
  type NewPassword,
  type Organisation,
  removeUser,
  resetUser,
  setGrants,
  type User,
} from './access-queries.ts'
import { ActionDialog } from './action-dialog.tsx'
import { GrantFields } from './grant-fields.tsx'
import { type Grant, isWhole } from './grants.ts'

export type UserAction =
  | { readonly kind: 'create' }
  | { readonly kind: 'grants' | 'reset' | 'disable' | 'enable' | 'remove'; readonly user: User }

interface UserDialogProps {
  readonly action: UserAction
  readonly organisations: readonly Organisation[]
  readonly platform: boolean
  onDone(): Promise<void>
  onPassword(made: NewPassword): void
  onClose(): void
}

/** What is done about a user, asked once more. What cannot be undone asks for the name. */
export function UserDialog({ action, organisations, platform, onDone, onPassword, onClose }: UserDialogProps) {
  const { say } = useWords()
  const { kind } = action
  const user = 'user' in action ? action.user : undefined
  const [name, setName] = useState('')
  const [grants, setGrantsOf] = useState<readonly Grant[]>(
    user?.grants ?? (organisations[0] ? [{ organisation: organisations[0].id, role: 'viewer', sites: '*' }] : []),
  )
  const [factorToo, setFactorToo] = useState(false)
  const done = async (): Promise<void> => {
    if (kind === 'create') onPassword(await createUser(name.trim().toLowerCase(), grants))
    else if (kind === 'grants') await setGrants(action.user.name, grants)
    else if (kind === 'reset') onPassword(await resetUser(action.user.name, factorToo))
    else if (kind === 'disable') await disableUser(action.user.name)
    else if (kind === 'enable') await enableUser(action.user.name)
    else await removeUser(action.user.name)
    await onDone()
  }
  const withGrants = kind === 'create' || kind === 'grants'
  const ready =
    (kind !== 'create' || name.trim() !== '') &&
    (kind !== 'remove' || name === user?.name) &&
    (!withGrants || grants.every(isWhole))
  return (
    <ActionDialog
      title={kind === 'create' ? say('access.makeUser') : say(`access.title.${kind}`, { name: user?.name ?? '' })}
      says={say(`access.says.${kind}`)}
      go={kind === 'create' ? say('access.make') : say(`access.do.${kind}`)}
      ready={ready}
      send={done}
      onClose={onClose}
    >
      {kind === 'create' && (
        <label className="field">
          <span>{say('access.user')}</span>
          <input
            required
            autoCapitalize="none"
            autoComplete="off"
            maxLength={64}
            value={name}
            onChange={({ target }) => setName(target.value)}
          />
          <small>{say('access.userSays')}</small>
        </label>
      )}
      {withGrants && (
        <GrantFields grants={grants} organisations={organisations} platform={platform} onChange={setGrantsOf} />
      )}
      {kind === 'reset' && user?.secondFactor && (
        <label className="access-check">
          <input type="checkbox" checked={factorToo} onChange={({ target }) => setFactorToo(target.checked)} />
          <span>{say('access.resetFactor')}</span>
        </label>
      )}
      {kind === 'remove' && (
        <label className="field">
          <span>{say('access.typeName', { name: user?.name ?? '' })}</span>
          <input autoComplete="off" value={name} onChange={({ target }) => setName(target.value)} />
        </label>
      )}
    </ActionDialog>
  )
}
