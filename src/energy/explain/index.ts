export { busPrices, explainPlan } from './bus-prices.ts'
export { explainEngine } from './explain.ts'
export { type PlannedSite, planSite } from './plan-site.ts'
export { planVariant, whatIfEngine } from './what-if.ts'
