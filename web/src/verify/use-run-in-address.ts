import { useLocation, useNavigate } from '@tanstack/react-router'

/** The run that a page shows stands in its address (`?run=`), so that what it shows is a link. */
export function useRunInAddress(): readonly [string | undefined, (id: string | undefined) => void] {
  const navigate = useNavigate()
  const run = useLocation({ select: ({ search }) => (search as { readonly run?: unknown }).run })
  const show = (id: string | undefined): void =>
    void navigate({
      to: '.',
      search: ((before: object) => ({ ...before, run: id })) as never,
      replace: id === undefined,
    })
  return [typeof run === 'string' && /^[0-9a-f]{64}$/.test(run) ? run : undefined, show]
}
