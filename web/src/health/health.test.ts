import { describe, expect, it } from 'vitest'
import { backupTone, bytesText, checksOf } from './checks.ts'
import { figure, ratePerS, readMetrics, total } from './metrics-text.ts'

const text = `# HELP mangrove_jobs_queued Jobs
# TYPE mangrove_jobs_queued gauge
mangrove_jobs_queued 60
mangrove_jobs_queued_limit 64
mangrove_gateway_links{state="connected"} 2
mangrove_gateway_links{state="waiting"} 1
mangrove_event_loop_delay_seconds{quantile="0.99"} 0.063
mangrove_disk_free_bytes 1000
mangrove_disk_size_bytes 270553174016
mangrove_committed_rows_total 100
mangrove_upkeep_last_turn_timestamp_seconds 1000
mangrove_info{version="0.1.0",node="v24 \\"x\\""} 1
mangrove_http_body_bytes NaN
no figure
`
const reading = { metrics: readMetrics(text), atMs: 1_010_000 }

describe('figures of the server', () => {
  it('are read with their labels, and what is no figure is left out', () => {
    const { metrics } = reading
    expect(figure(metrics, 'mangrove_gateway_links', { state: 'waiting' })).toBe(1)
    expect(total(metrics, 'mangrove_gateway_links')).toBe(3)
    expect(metrics.get('mangrove_info')?.[0]?.labels).toEqual({ version: '0.1.0', node: 'v24 "x"' })
    expect(figure(metrics, 'mangrove_http_body_bytes')).toBeUndefined()
    expect(metrics.has('no')).toBe(false)
  })

  it('become rates between two readings, and none over a new start', () => {
    const later = { metrics: readMetrics('mangrove_committed_rows_total 150'), atMs: 1_015_000 }
    expect(ratePerS('mangrove_committed_rows_total', reading, later)).toBe(10)
    expect(ratePerS('mangrove_committed_rows_total', later, reading)).toBeUndefined()
    expect(ratePerS('mangrove_committed_rows_total', undefined, later)).toBeUndefined()
  })

  it('stand beside their limits, the worst first', () => {
    const checks = checksOf(reading, undefined)
    const of = (name: string) => checks.find((check) => check.name === name)
    expect(of('disk')).toMatchObject({ tone: 'alarm', value: 1000, limit: 2 * 1024 ** 3, atLeast: true })
    expect(of('jobs')).toMatchObject({ tone: 'alarm', value: 60, limit: 64 })
    expect(of('gateways')).toMatchObject({ tone: 'warning', value: 1 })
    expect(of('upkeep')).toMatchObject({ tone: 'good', value: 10 })
    expect(of('loop')).toMatchObject({ tone: 'good', value: expect.closeTo(63, 6) })
    expect(of('spool')).toMatchObject({ tone: 'stale', value: undefined })
    expect(checks.slice(0, 2).every(({ tone }) => tone === 'alarm')).toBe(true)
    expect(checks.findLast(({ tone }) => tone !== 'stale')?.tone).toBe('good')
  })
})

it('bytes are written in powers of 1024', () => {
  expect([0, 512, 1536, 2 * 1024 ** 3].map((bytes) => Object.values(bytesText(bytes)).join(' '))).toEqual([
    '0 B',
    '512 B',
    '1.5 KiB',
    '2 GiB',
  ])
})

it('a backup is asked for where there is none of the last day', () => {
  const nowMs = 1_000_000_000
  expect([undefined, nowMs - 27 * 3_600_000, nowMs - 3_600_000].map((newest) => backupTone(newest, nowMs))).toEqual([
    'warning',
    'warning',
    'good',
  ])
})
