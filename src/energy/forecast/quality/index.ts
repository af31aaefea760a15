export {
  type Compared,
  judgeLead,
  type LeadQuality,
  leastPairs,
} from './judge-forecasts.ts'
export { type MadeForecast, movedSteps } from './pair-forecasts.ts'
