import { lazy, Suspense } from 'react'
import { useToasts } from './toast.ts'

const ToastList = lazy(() => import('./toast-list.tsx').then(({ ToastList: list }) => ({ default: list })))

/** The place of notices; their code comes with the first one. */
export const Toasts = () =>
  useToasts().length === 0 ? null : (
    <Suspense>
      <ToastList />
    </Suspense>
  )
