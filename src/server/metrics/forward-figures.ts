import type { ForwardFigures } from '../forward/forward-site.ts'
import type { Figure } from './figures.ts'

const bySite = (
  forward: readonly ForwardFigures[],
  of: (one: ForwardFigures) => number | undefined,
): Readonly<Record<string, number>> =>
  Object.fromEntries(
    forward.flatMap((one) => {
      const value = of(one)
      return value === undefined ? [] : [[one.site, value]]
    }),
  )
const byLane = (
  forward: readonly ForwardFigures[],
  of: (one: ForwardFigures) => { readonly live: number; readonly catchUp: number },
): Readonly<Record<string, number>> => ({
  live: forward.reduce((sum, one) => sum + of(one).live, 0),
  'catch-up': forward.reduce((sum, one) => sum + of(one).catchUp, 0),
})

/** Of what goes to a centre. Sites are those of the site files: their number is bounded. */
export const forwardFigures: readonly Figure[] = [
  {
    ...{ name: 'mangrove_forward_connected', help: 'Whether the centre is connected', labels: ['site'] },
    read: ({ forward }) => bySite(forward, ({ holds, line }) => (holds ? Number(line.connected) : undefined)),
  },
  {
    ...{ name: 'mangrove_forward_lag_seconds', labels: ['site'] },
    help: 'Age of the oldest moment of receipt after which the centre may lack something',
    read: ({ forward }) => bySite(forward, ({ holds, catchUp }) => (holds ? (catchUp.lagMs ?? 0) / 1000 : undefined)),
  },
  {
    ...{ name: 'mangrove_forward_live_delay_seconds', labels: ['site'] },
    help: 'From arrival to the acknowledgement of the centre, 99 of 100 of the newest messages',
    read: ({ forward }) =>
      bySite(forward, ({ live }) => (live.delayP99Ms === undefined ? undefined : live.delayP99Ms / 1000)),
  },
  {
    ...{ name: 'mangrove_forward_live_waiting_rows', labels: ['site'] },
    help: 'Observations that wait to be sent as they arrived',
    read: ({ forward }) => bySite(forward, ({ live }) => live.waitingRows),
  },
  {
    ...{ name: 'mangrove_forward_rows_total', labels: ['lane'] },
    help: 'Observations that the centre acknowledged, by how they went',
    read: ({ forward }) => byLane(forward, ({ live, catchUp }) => ({ live: live.rows, catchUp: catchUp.rows })),
  },
  {
    name: 'mangrove_forward_left_rows_total',
    help: 'Observations that could not be sent as they arrived, and were left to catching up',
    read: ({ forward }) => forward.reduce((sum, { live }) => sum + live.leftRows, 0),
  },
  {
    name: 'mangrove_forward_bytes_total',
    help: 'Bytes of messages that the centre acknowledged',
    read: ({ forward }) => forward.reduce((sum, { line }) => sum + line.bytes, 0),
  },
  {
    name: 'mangrove_forward_failures_total',
    help: 'Connections to the centre that broke or were not made',
    read: ({ forward }) => forward.reduce((sum, { line }) => sum + line.failures, 0),
  },
]
