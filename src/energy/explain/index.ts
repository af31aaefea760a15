export { busPrices, explainPlan } from './bus-prices.ts'
export { explainEngine } from './explain.ts'
export { type PlannedSite, planSite, planVariant } from './plan-site.ts'
export { whatIfEngine } from './what-if.ts'
