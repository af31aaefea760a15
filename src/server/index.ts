export { createServer, type MangroveServer, type ServerOptions, type ServerSite } from './create-server.ts'
export type { Now, NowValue } from './live-hub.ts'
export type { PublishedPlan } from './published-plan.ts'
export { defaultPort, type RunningServer, type StartOptions, startServer } from './start-server.ts'
