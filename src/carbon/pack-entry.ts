import type { PackEntry } from '../kernel/index.ts'

/** What the carbon room offers the house, before it is loaded. */
export const carbonEntry: PackEntry = {
  name: 'carbon',
  title: 'Carbon',
  engines: [
    {
      ...{
        id: 'carbon.account',
        title: 'Account the greenhouse gases and the energy of activities',
        positional: 'site',
      },
      load: async () => (await import('./account/index.ts')).accountEngine,
    },
    {
      ...{ id: 'carbon.match-hours', title: 'Match a load with clean energy hour by hour', positional: 'site' },
      load: async () => (await import('./matching/index.ts')).matchHoursEngine,
    },
    {
      ...{ id: 'carbon.check-claim', title: 'Check a published claim', positional: 'text' },
      load: async () => (await import('./claims/index.ts')).checkClaimEngine,
    },
    {
      ...{ id: 'carbon.park-verdict', title: 'Judge whether a park is a zero-carbon park', positional: 'site' },
      load: async () => (await import('./verdict/index.ts')).parkVerdictEngine,
    },
    {
      ...{ id: 'carbon.park-path', title: 'Find the cheapest path to a zero-carbon park', positional: 'site' },
      load: async () => (await import('./verdict/index.ts')).parkPathEngine,
    },
    {
      ...{ id: 'carbon.transport-chain', title: 'Count the greenhouse gases of a transport chain' },
      load: async () => (await import('./freight/index.ts')).transportChainEngine,
    },
    {
      ...{ id: 'carbon.product-footprint', title: 'Count the carbon footprint of a product' },
      load: async () => (await import('./product/index.ts')).productFootprintEngine,
    },
    {
      ...{ id: 'carbon.check-footprint', title: 'Check a product or shipment footprint of somebody else' },
      load: async () => (await import('./product/index.ts')).checkFootprintEngine,
    },
    {
      ...{ id: 'carbon.battery', title: 'Follow the carbon through a battery', positional: 'site' },
      load: async () => (await import('./battery/index.ts')).batteryCarbonEngine,
    },
    {
      ...{ id: 'carbon.avoided', title: 'Work out what a project avoids', positional: 'project' },
      load: async () => (await import('./avoided/index.ts')).avoidedEngine,
    },
    {
      ...{ id: 'carbon.abatement-curve', title: 'Draw the abatement cost curve of a site', positional: 'site' },
      load: async () => (await import('./abatement/index.ts')).abatementCurveEngine,
    },
  ],
  loadVocabulary: async () => ({ assets: [], sections: [] }),
  loadReports: async () => (await import('./report/index.ts')).carbonReports,
}
