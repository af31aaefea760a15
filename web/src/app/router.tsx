import type { QueryClient } from '@tanstack/react-query'
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router'
import type { ComponentType } from 'react'
import { ask } from '../api/client.ts'
import type { SiteSummary } from '../api/types.ts'
import { ParkPage } from '../park/park-page.tsx'
import { PlanPage } from '../plan/plan-page.tsx'
import { SignInPage } from '../sign-in/sign-in-page.tsx'
import { readTrendSearch } from '../trends/trend-address.ts'
import { Failure, Skeleton } from '../ui/states.tsx'
import type { Bundle } from '../words/bundles.ts'
import { bringWords } from '../words/words.ts'
import { readFrameSearch } from './frame-search.ts'
import { NoSites } from './no-sites.tsx'
import { NotFound } from './not-found.tsx'
import { Shell } from './shell.tsx'

interface Context {
  readonly queryClient: QueryClient
}

const rootRoute = createRootRouteWithContext<Context>()({
  component: Outlet,
  errorComponent: ({ error }) => <Failure error={error} />,
  notFoundComponent: NotFound,
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

const siteRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sites/$site',
  validateSearch: readFrameSearch,
  component: Shell,
})

const parkRoute = createRoute({ getParentRoute: () => siteRoute, path: '/park', component: ParkPage })
const planRoute = createRoute({ getParentRoute: () => siteRoute, path: '/plan', component: PlanPage })
const laterPage = (bring: () => Promise<ComponentType>, ...words: readonly Bundle[]) =>
  lazyRouteComponent(async () => {
    const [page] = await Promise.all([bring(), bringWords(...words)])
    return { default: page }
  })
/** A page that comes, with its words, at the first visit: the frame and the two pages of the park are there at once. */
const later = <Path extends string>(path: Path, bring: () => Promise<ComponentType>, ...words: readonly Bundle[]) =>
  createRoute({ getParentRoute: () => siteRoute, path, component: laterPage(bring, ...words) })

const alarmsRoute = later('/alarms', () => import('../alarms/alarms-page.tsx').then(({ AlarmsPage }) => AlarmsPage))
const fieldRoute = later('/field', () => import('../field/field-page.tsx').then(({ FieldPage }) => FieldPage), 'field')
const carbonRoute = later(
  '/carbon',
  () => import('../carbon/carbon-page.tsx').then(({ CarbonPage }) => CarbonPage),
  ...(['carbon', 'claims', 'ledger'] as const),
)
const claimsRoute = later(
  '/claims',
  () => import('../claims/claims-page.tsx').then(({ ClaimsPage }) => ClaimsPage),
  'claims',
)
const runsRoute = later('/runs', () => import('../verify/runs-page.tsx').then(({ RunsPage }) => RunsPage), 'reports')
const accessRoute = later(
  '/access',
  () => import('../access/access-page.tsx').then(({ AccessPage }) => AccessPage),
  'access',
)
const chargingRoute = later(
  '/charging',
  () => import('../charging/charging-page.tsx').then(({ ChargingPage }) => ChargingPage),
  'charging',
)
const forecastsRoute = later(
  '/forecasts',
  () => import('../forecasts/forecasts-page.tsx').then(({ ForecastsPage }) => ForecastsPage),
  'forecasts',
)
const galleryRoute = later(
  '/gallery',
  () => import('../gallery/gallery-page.tsx').then(({ GalleryPage }) => GalleryPage),
  'gallery',
)
const healthRoute = later(
  '/health',
  () => import('../health/health-page.tsx').then(({ HealthPage }) => HealthPage),
  'health',
)
const ledgerRoute = later(
  '/ledger',
  () => import('../ledger/ledger-page.tsx').then(({ LedgerPage }) => LedgerPage),
  ...(['ledger', 'claims'] as const),
)
const overviewRoute = later(
  '/overview',
  () => import('../overview/overview-page.tsx').then(({ OverviewPage }) => OverviewPage),
  'overview',
)
const placeRoute = later('/place', () => import('../place/place-page.tsx').then(({ PlacePage }) => PlacePage), 'place')
const reportsRoute = later(
  '/reports',
  () => import('../reports/reports-page.tsx').then(({ ReportsPage }) => ReportsPage),
  'reports',
)
const sizingRoute = later(
  '/sizing',
  () => import('../sizing/sizing-page.tsx').then(({ SizingPage }) => SizingPage),
  'sizing',
)
const trendsRoute = createRoute({
  getParentRoute: () => siteRoute,
  path: '/trends',
  validateSearch: readTrendSearch,
  component: laterPage(() => import('../trends/trends-page.tsx').then(({ TrendsPage }) => TrendsPage), 'trends'),
})
const assetRoute = later(
  '/assets/$asset',
  () => import('../assets/asset-page.tsx').then(({ AssetPage }) => AssetPage),
  'assets',
  'field',
)
const verbRoute = later('/$verb', () => import('../verbs/verb-page.tsx').then(({ VerbPage }) => VerbPage), 'shell')

const routeTree = rootRoute.addChildren([
  indexRoute,
  signInRoute,
  siteRoute.addChildren([
    parkRoute,
    planRoute,
    alarmsRoute,
    fieldRoute,
    carbonRoute,
    claimsRoute,
    runsRoute,
    accessRoute,
    chargingRoute,
    forecastsRoute,
    galleryRoute,
    healthRoute,
    ledgerRoute,
    overviewRoute,
    placeRoute,
    reportsRoute,
    sizingRoute,
    trendsRoute,
    assetRoute,
    verbRoute,
  ]),
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
