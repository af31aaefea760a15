import '@fontsource-variable/inter/wght.css'
import './ui/tokens.css'
import './ui/base.css'
import './ui/components.css'
import './ui/fields.css'
import './ui/floats.css'
import './app/shell.css'
import './charts/charts.css'
import './park/park.css'
import './plan/plan.css'
import './sign-in/sign-in.css'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { startDensity } from './app/density.ts'
import { createConsoleRouter } from './app/router.tsx'
import { startTheme } from './app/theme.ts'
import { startWords } from './words/words.ts'

startTheme()
startDensity()
await startWords()

const queryClient = new QueryClient({
  defaultOptions: { queries: { staleTime: 10_000, retry: 1, refetchOnWindowFocus: true } },
})

const root = document.getElementById('root')
if (root) {
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={createConsoleRouter(queryClient)} />
      </QueryClientProvider>
    </StrictMode>,
  )
}
