import { useNavigate, useSearch } from '@tanstack/react-router'
import { useCallback } from 'react'

/** What of the page stands in its address, so that a view is a link. */
export interface SizingAddress {
  /** The run that is shown. */
  readonly run?: string | undefined
  /** The job that is followed. */
  readonly job?: string | undefined
  /** Places of the chosen design on the front, and of the one beside it. */
  readonly design?: number | undefined
  readonly beside?: number | undefined
  /** The run of the chosen design's year. */
  readonly year?: string | undefined
  readonly yearJob?: string | undefined
  /** `new` shows the form though there are runs, `simple` the short one. */
  readonly form?: 'new' | 'simple' | undefined
}

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && /^[\w.-]{1,80}$/.test(value) ? value : undefined
const placeOf = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < 100 ? value : undefined

/** What an address says, and nothing of what it cannot. */
export const addressOf = (search: Readonly<Record<string, unknown>>): SizingAddress => ({
  run: textOf(search.run),
  job: textOf(search.job),
  design: placeOf(search.design),
  beside: placeOf(search.beside),
  year: textOf(search.year),
  yearJob: textOf(search.yearJob),
  form: search.form === 'new' || search.form === 'simple' ? search.form : undefined,
})

export interface SizingView {
  readonly address: SizingAddress
  /** Leads to another view of the page; `replace` leaves no step back. */
  go(next: SizingAddress, replace?: boolean): void
}

export function useSizingView(): SizingView {
  const search: Readonly<Record<string, unknown>> = useSearch({ strict: false })
  const navigate = useNavigate()
  const go = useCallback<SizingView['go']>(
    (next, replace = false) => {
      // The moment of the time bar stays.
      const search = ({ at }: { readonly at?: number }): object => ({ ...(at === undefined ? {} : { at }), ...next })
      void navigate({ to: '.', search, replace })
    },
    [navigate],
  )
  return { address: addressOf(search), go }
}
