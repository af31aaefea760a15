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
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { watchConnection } from './api/connection.ts'
import { createQueryClient } from './api/query-client.ts'
import { startDensity } from './app/density.ts'
import { createConsoleRouter } from './app/router.tsx'
import { startTheme } from './app/theme.ts'
import { installConsole } from './offline/install.ts'
import { keepValues } from './offline/keep-values.ts'
import { startWords } from './words/words.ts'

startTheme()
startDensity()
watchConnection()
const queryClient = createQueryClient()
await Promise.all([startWords(), keepValues(queryClient)])

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

/** When the first picture is there and the network is free. */
const whenIdle = (work: () => void): void => {
  if (document.readyState === 'complete') setTimeout(work, 500)
  else addEventListener('load', () => setTimeout(work, 500), { once: true })
}
whenIdle(() => {
  void installConsole()
  void import('./ui/han-letters.ts')
})
