import { Plus, Trash2 } from 'lucide-react'
import { useWords } from '../words/words.ts'
import type { Organisation } from './access-queries.ts'
import { type Grant, type Role, roles } from './grants.ts'
import { SiteChoice } from './token-list.tsx'

interface GrantFieldsProps {
  readonly grants: readonly Grant[]
  /** Those that may be granted in. */
  readonly organisations: readonly Organisation[]
  readonly platform: boolean
  onChange(grants: readonly Grant[]): void
}

/** Roles of a user, one in each organisation, at all of its sites or at some. */
export function GrantFields({ grants, organisations, platform, onChange }: GrantFieldsProps) {
  const { say } = useWords()
  const change = (index: number, next: Partial<Grant>): void =>
    onChange(grants.map((grant, k) => (k === index ? { ...grant, ...next } : grant)))
  const first = organisations[0]?.id ?? (platform ? '*' : '')
  return (
    <fieldset className="access-grant-fields">
      <legend>{say('access.roles')}</legend>
      {grants.map((grant, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a grant has nothing else that names it while it is written.
        <div key={index} className="access-grant">
          <label className="field">
            <span>{say('access.organisation')}</span>
            <select
              className="select"
              value={grant.organisation}
              onChange={({ target }) => change(index, { organisation: target.value, sites: '*' })}
            >
              {platform && <option value="*">{say('access.platform')}</option>}
              {organisations.map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </select>
          </label>
          <label className="field">
            <span>{say('access.role')}</span>
            <select
              className="select"
              value={grant.role}
              onChange={({ target }) => change(index, { role: target.value as Role })}
            >
              {roles.map((role) => (
                <option key={role} value={role}>
                  {say(`access.role.${role}`)}
                </option>
              ))}
            </select>
            <small>{say(`access.roleSays.${grant.role}`)}</small>
          </label>
          <button
            type="button"
            className="button plain icon"
            title={say('access.removeRole')}
            aria-label={say('access.removeRole')}
            onClick={() => onChange(grants.filter((_, k) => k !== index))}
          >
            <Trash2 size={16} aria-hidden />
          </button>
          {grant.organisation !== '*' && (
            <SiteChoice
              label={say('access.sites')}
              sites={organisations.find(({ id }) => id === grant.organisation)?.sites ?? []}
              chosen={grant.sites}
              onChange={(sites) => change(index, { sites })}
            />
          )}
        </div>
      ))}
      <button
        type="button"
        className="button"
        disabled={first === ''}
        onClick={() => onChange([...grants, { organisation: first, role: 'viewer', sites: '*' }])}
      >
        <Plus size={16} aria-hidden /> {say('access.addRole')}
      </button>
    </fieldset>
  )
}
