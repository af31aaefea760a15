export * from './accounts/index.ts'
export { type NotificationSettings, readNotificationSettings } from './alarms/notifications/settings.ts'
export type {
  ChargingAnswer,
  CircuitAnswer,
  EvseAnswer,
  SessionAnswer,
  StationAnswer,
} from './charging/charging-shapes.ts'
export { createServer, type MangroveServer, type ServerOptions, type ServerSite } from './create-server.ts'
export type { ForecastQualityAnswer } from './forecast-quality/quality-shapes.ts'
export type { Now, NowValue } from './live-hub.ts'
export { type Simulation, simulateSite } from './living-park/simulate-site.ts'
export { isLoopback } from './loopback.ts'
export type { PublishedPlan } from './published-plan.ts'
export {
  type AccountSettings,
  defaultPort,
  type RunningServer,
  type StartOptions,
  startServer,
} from './start-server.ts'
