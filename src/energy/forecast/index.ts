export { createCalendar } from './calendar.ts'
export { forecastEngine } from './forecast.ts'
export {
  type Compared,
  judgeLead,
  type LeadQuality,
  leastPairs,
  type MadeForecast,
  movedSteps,
} from './quality/index.ts'
