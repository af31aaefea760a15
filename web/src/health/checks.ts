import type { Tone } from '../ui/tone.tsx'
import { figure, type Metrics, ratePerS, total } from './metrics-text.ts'

/** Metrics as they were read at a moment. */
export interface Reading {
  readonly metrics: Metrics
  readonly atMs: number
}

export const checkNames = [
  'disk',
  'upkeep',
  'stale',
  'ingest',
  'gate',
  'commit',
  'loop',
  'requests',
  'streams',
  'turnedAway',
  'jobs',
  'gateways',
  'spool',
  'commands',
  'notifications',
  'dropped',
] as const
export type CheckName = (typeof checkNames)[number]

/** What a figure is measured in. */
export type CheckUnit = 'bytes' | 'ms' | 's' | ''

/** One figure of the server beside its limit. */
export interface Check {
  readonly name: CheckName
  readonly tone: Tone
  readonly value: number | undefined
  readonly unit: CheckUnit
  /** From here on it is not good; undefined where there is none. */
  readonly limit: number | undefined
  /** Whether the limit is the least, not the most. */
  readonly atLeast?: boolean
}

const mebibyte = 1024 ** 2
/** Upkeep is behind when its last turn ended this long ago, s; as the server itself judges. */
const upkeepLimitS = 300
/** An event loop that is held longer lets requests and sockets wait, ms. */
const loopLimitMs = 200

/** Free room below which the server calls its disk nearly full, bytes: as in its own rule. */
export const diskLimitBytes = (totalBytes: number): number =>
  Math.max(256 * mebibyte, Math.min(totalBytes / 20, 2048 * mebibyte))

/** A figure that may fill up to a limit: a warning from half, an alarm from nine tenths. */
const filling = (
  name: CheckName,
  value: number | undefined,
  limit: number | undefined,
  unit: CheckUnit = '',
): Check => {
  const share = value !== undefined && limit !== undefined && limit > 0 ? value / limit : 0
  return { name, value, limit, unit, tone: toneOf(value, share >= 0.9 ? 'alarm' : share >= 0.5 ? 'warning' : 'good') }
}

/** A figure that should be nothing. */
const nothing = (name: CheckName, value: number | undefined): Check => ({
  ...{ name, value, unit: '', limit: 0 },
  tone: toneOf(value, value !== undefined && value > 0 ? 'warning' : 'good'),
})

/** A figure that is good whatever it is. */
const limitless = (name: CheckName, value: number | undefined): Check => ({
  ...{ name, value, unit: '', limit: undefined },
  tone: toneOf(value, 'good'),
})

const toneOf = (value: number | undefined, tone: Tone): Tone => (value === undefined ? 'stale' : tone)

const rank: readonly Tone[] = ['alarm', 'warning', 'manual', 'advisory', 'good', 'stale']

/** Figures of the server beside their limits, the worst first. */
export function checksOf(reading: Reading, before: Reading | undefined): readonly Check[] {
  const { metrics, atMs } = reading
  const of = (name: string, labels?: Readonly<Record<string, string>>) => figure(metrics, `mangrove_${name}`, labels)
  const all = (name: string) => total(metrics, `mangrove_${name}`)
  const rise = (name: string) => ratePerS(`mangrove_${name}`, before, reading)
  const free = of('disk_free_bytes')
  const size = of('disk_size_bytes')
  const room = size === undefined ? undefined : diskLimitBytes(size)
  const lastTurnS = of('upkeep_last_turn_timestamp_seconds')
  const upkeepS = lastTurnS === undefined ? undefined : Math.max(0, atMs / 1000 - lastTurnS)
  const loopS = of('event_loop_delay_seconds', { quantile: '0.99' })
  const loopMs = loopS === undefined ? undefined : loopS * 1000
  const links = all('gateway_links')
  const connected = of('gateway_links', { state: 'connected' })
  const unlinked = links === undefined || connected === undefined ? undefined : links - connected
  const dropped = ['log_dropped_lines_total', 'news_dropped_total'].map((name) => rise(name))
  const checks: readonly Check[] = [
    {
      ...{ name: 'disk', value: free, unit: 'bytes', limit: room, atLeast: true },
      tone: toneOf(
        free,
        room !== undefined && free !== undefined && free < room
          ? 'alarm'
          : room !== undefined && free !== undefined && free < 2 * room
            ? 'warning'
            : 'good',
      ),
    },
    {
      ...{ name: 'upkeep', value: upkeepS, unit: 's', limit: upkeepLimitS },
      tone: toneOf(upkeepS, upkeepS !== undefined && upkeepS > upkeepLimitS ? 'alarm' : 'good'),
    },
    limitless('stale', of('upkeep_stale_quarters')),
    limitless('ingest', rise('committed_rows_total')),
    filling('gate', of('ingest_gate_bytes'), of('ingest_gate_limit_bytes'), 'bytes'),
    filling('commit', of('commit_waiting_rows'), of('commit_waiting_limit_rows')),
    {
      ...{ name: 'loop', value: loopMs, unit: 'ms', limit: loopLimitMs },
      tone: toneOf(loopMs, loopMs !== undefined && loopMs > loopLimitMs ? 'warning' : 'good'),
    },
    filling('requests', of('http_open_requests'), of('http_open_requests_limit')),
    filling('streams', of('live_streams'), of('live_streams_limit')),
    nothing('turnedAway', rise('http_turned_away_total')),
    filling('jobs', of('jobs_queued'), of('jobs_queued_limit')),
    nothing('gateways', unlinked),
    filling('spool', of('gateway_spool_bytes'), of('gateway_spool_limit_bytes'), 'bytes'),
    nothing('commands', of('commands_unreached')),
    nothing('notifications', of('alarm_notifications_waiting')),
    nothing(
      'dropped',
      dropped.every((one) => one === undefined) ? undefined : dropped.reduce<number>((sum, one) => sum + (one ?? 0), 0),
    ),
  ]
  return checks.toSorted((a, b) => rank.indexOf(a.tone) - rank.indexOf(b.tone))
}

/** Bytes as people write them, in powers of 1024. */
export function bytesText(bytes: number): { readonly text: string; readonly unit: string } {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB']
  const step = bytes <= 0 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10))
  return { text: (bytes / 1024 ** step).toFixed(step === 0 ? 0 : 1).replace(/\.0$/, ''), unit: units[step] ?? 'B' }
}

/** A backup that is older leaves more than a day to be lost, ms; with two hours of grace. */
export const backupLimitMs = 26 * 3_600_000

/** How the backups are. */
export function backupTone(newestMs: number | undefined, nowMs: number): Tone {
  if (newestMs === undefined) return 'warning'
  return nowMs - newestMs > backupLimitMs ? 'warning' : 'good'
}
