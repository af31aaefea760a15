export { httpPullProtocol } from './http-pull-protocol.ts'
export type { HttpPullSettings } from './settings.ts'
