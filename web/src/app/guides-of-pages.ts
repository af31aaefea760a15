import type { Page } from './pages.ts'

/** Guides that say more about a page. */
export const guides: Partial<Readonly<Record<Page, readonly string[]>>> = {
  sizing: ['size'],
  overview: ['park', 'several-nodes'],
  park: ['park', 'simulate'],
  plan: ['explain', 'tariffs'],
  trends: ['points', 'files'],
  charging: ['ocpp', 'ocpi'],
  forecasts: ['forecast'],
  alarms: ['alarms'],
  field: ['commands', 'field-protocols'],
  carbon: ['carbon', 'inventory', 'verdict'],
  claims: ['claims'],
  ledger: ['carbon'],
  reports: ['reports'],
  access: ['access'],
  health: ['operations'],
}
