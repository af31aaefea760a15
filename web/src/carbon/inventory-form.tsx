import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { runEngine } from '../api/client.ts'
import { useMay } from '../sign-in/session.ts'
import { useWords } from '../words/words.ts'
import { type Inventory, viewNames } from './carbon-queries.ts'
import { readRows } from './inventory-bars.ts'

interface InventoryFormProps {
  readonly site: string
  readonly open: boolean
  onAccounted(): void
}

const sample = `grid, electricity, , 84210.4, kWh, 2023-01-01, 2024-01-01
tank, fuel, diesel, 0.9, t, 2023-01-01, 2024-01-01`

/** Rows of activities in, or the file of a year beside the site file; an inventory out. */
export function InventoryForm({ site, open, onAccounted }: InventoryFormProps) {
  const { say } = useWords()
  const client = useQueryClient()
  const mayPlan = useMay('plan', site)
  const [rows, setRows] = useState('')
  const [region, setRegion] = useState('')
  const [year, setYear] = useState('')
  const account = useMutation({
    mutationFn: () =>
      runEngine<Inventory>('carbon.account', {
        site,
        period: { from: `${year}-01-01`, to: `${Number(year) + 1}-01-01` },
        views: [...viewNames],
        ...(region === '' ? {} : { region: region.toUpperCase() }),
        ...(rows.trim() === '' ? {} : { activities: readRows(rows) }),
      }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['runs-of', site, 'carbon.account'] })
      onAccounted()
    },
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    account.mutate()
  }
  return (
    <details className="carbon-form" open={open || undefined}>
      <summary>{say('carbon.accountAgain')}</summary>
      <form onSubmit={submit}>
        <label className="field wide">
          <span>{say('carbon.activities')}</span>
          <textarea
            rows={4}
            maxLength={200_000}
            value={rows}
            placeholder={sample}
            onChange={({ target }) => setRows(target.value)}
          />
        </label>
        <label className="field">
          <span>{say('claims.region')}</span>
          <input
            value={region}
            placeholder="CN-JS"
            pattern="[A-Za-z]{2}([\-+][A-Za-z0-9]{1,20})?"
            onChange={({ target }) => setRegion(target.value)}
          />
        </label>
        <label className="field">
          <span>{say('claims.year')}</span>
          <input
            type="number"
            required
            min={1990}
            max={2199}
            value={year}
            placeholder="2023"
            onChange={({ target }) => setYear(target.value)}
          />
        </label>
        <button type="submit" className="button primary" disabled={!mayPlan || account.isPending}>
          {say(account.isPending ? 'carbon.working' : 'carbon.account')}
        </button>
        {!mayPlan && <p className="quiet">{say('carbon.mayNot')}</p>}
      </form>
      {account.error && (
        <p className="dialog-problem" role="alert">
          {account.error.message}
        </p>
      )}
    </details>
  )
}
