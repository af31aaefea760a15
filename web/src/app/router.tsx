import type { QueryClient } from '@tanstack/react-query'
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router'
import { ask } from '../api/client.ts'
import type { SiteSummary } from '../api/types.ts'
import { ParkPage } from '../park/park-page.tsx'
import { PlanPage } from '../plan/plan-page.tsx'
import { SignInPage } from '../sign-in/sign-in-page.tsx'
import { Failure, Message, Skeleton } from '../ui/states.tsx'
import { VerbPage } from '../verbs/verb-page.tsx'
import { NoSites } from './no-sites.tsx'
import { Shell } from './shell.tsx'

interface Context {
  readonly queryClient: QueryClient
}

const rootRoute = createRootRouteWithContext<Context>()({
  component: Outlet,
  errorComponent: ({ error }) => <Failure error={error} />,
  notFoundComponent: () => <Message title="state.notFound" />,
})

const indexRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/',
  beforeLoad: async ({ context: { queryClient } }) => {
    const sites = await queryClient.ensureQueryData({
      queryKey: ['sites'],
      queryFn: () => ask<{ readonly sites: readonly SiteSummary[] }>('/api/v1/sites').then((answer) => answer.sites),
    })
    const [first] = sites
    if (first) throw redirect({ to: '/sites/$site/park', params: { site: first.id } })
  },
  component: NoSites,
})

const signInRoute = createRoute({ getParentRoute: () => rootRoute, path: '/sign-in', component: SignInPage })

/** The moment that the whole console shows: milliseconds, absent for now. */
export interface MomentSearch {
  readonly at?: number
}

const siteRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sites/$site',
  validateSearch: ({ at }: Readonly<Record<string, unknown>>): MomentSearch =>
    typeof at === 'number' && Number.isFinite(at) ? { at } : {},
  component: Shell,
})

const parkRoute = createRoute({ getParentRoute: () => siteRoute, path: '/park', component: ParkPage })
const planRoute = createRoute({ getParentRoute: () => siteRoute, path: '/plan', component: PlanPage })
/** Pages that come with the first visit: the frame and the two pages of the park are there at once. */
const alarmsRoute = createRoute({
  getParentRoute: () => siteRoute,
  path: '/alarms',
  component: lazyRouteComponent(() => import('../alarms/alarms-page.tsx'), 'AlarmsPage'),
})
const fieldRoute = createRoute({
  getParentRoute: () => siteRoute,
  path: '/field',
  component: lazyRouteComponent(() => import('../field/field-page.tsx'), 'FieldPage'),
})
const carbonRoute = createRoute({
  getParentRoute: () => siteRoute,
  path: '/carbon',
  component: lazyRouteComponent(() => import('../carbon/carbon-page.tsx'), 'CarbonPage'),
})
const claimsRoute = createRoute({
  getParentRoute: () => siteRoute,
  path: '/claims',
  component: lazyRouteComponent(() => import('../claims/claims-page.tsx'), 'ClaimsPage'),
})
const verbRoute = createRoute({ getParentRoute: () => siteRoute, path: '/$verb', component: VerbPage })

const routeTree = rootRoute.addChildren([
  indexRoute,
  signInRoute,
  siteRoute.addChildren([parkRoute, planRoute, alarmsRoute, fieldRoute, carbonRoute, claimsRoute, verbRoute]),
])

export const createConsoleRouter = (queryClient: QueryClient) =>
  createRouter({
    routeTree,
    context: { queryClient },
    // A page that comes later begins to come when a pointer or the focus is on its link.
    defaultPreload: 'intent',
    defaultPendingComponent: () => <Skeleton height={480} />,
  })

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createConsoleRouter>
  }
}
