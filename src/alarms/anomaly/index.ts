export { anomalyEngine } from './anomaly-engine.ts'
export { describeAnomaly } from './describe-anomaly.ts'
export {
  type Anomaly,
  type AnomalyKind,
  type AnomalyOptions,
  type FoundAnomalies,
  findAnomalies,
  type MeterSeries,
} from './find-anomalies.ts'
