export { forecastEngine } from './forecast.ts'
