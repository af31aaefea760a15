import type { EngineEntry, PackEntry } from '../kernel/index.ts'

/** An engine of a site, which the first word of its command names. */
const ofSite = (verb: string, title: string, load: EngineEntry['load']): EngineEntry => ({
  ...{ id: `energy.${verb}`, title, positional: 'site', load },
})

/** What the energy room offers the house, before it is loaded. */
export const energyEntry: PackEntry = {
  name: 'energy',
  title: 'Energy',
  engines: [
    ofSite('plan', 'Plan the energy of a site', async () => (await import('./plan.ts')).planEngine),
    ofSite('explain', 'Explain a plan', async () => (await import('./explain/index.ts')).explainEngine),
    ofSite('what-if', 'Try changes of a site', async () => (await import('./explain/index.ts')).whatIfEngine),
    ofSite('control', 'Control the energy of a site', async () => (await import('./control/index.ts')).controlEngine),
    ofSite('simulate', 'Simulate a site', async () => (await import('./simulate/index.ts')).simulateEngine),
    ofSite(
      'backtest',
      'Backtest the control of a site',
      async () => (await import('./simulate/index.ts')).backtestEngine,
    ),
    ofSite('size', 'Size what a site could build', async () => (await import('./size/index.ts')).sizeEngine),
    ofSite('bill', 'Print the electricity bill of a site', async () => (await import('./bill/index.ts')).billEngine),
    ofSite(
      'forecast',
      'Forecast the energy of a site',
      async () => (await import('./forecast/index.ts')).forecastEngine,
    ),
    ofSite('savings', 'Measure and verify savings', async () => (await import('./savings/index.ts')).savingsEngine),
    ofSite('resilience', 'Survive an outage', async () => (await import('./resilience/index.ts')).resilienceEngine),
  ],
  loadVocabulary: async () => (await import('./vocabulary.ts')).energyVocabulary,
}
