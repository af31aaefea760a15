import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import { version } from '../version.ts'
import { expose, type MetricsFormat } from './exposition.ts'
import { createLoopDelayMeter } from './machine.ts'
import { type MetricsReading, type MetricsSources, readSources } from './sources.ts'

/** What became of the observations of one request. */
export interface Ingested {
  readonly stored: number
  readonly bytes: number
  /** Code of each problem that was told; there may be more refused than told. */
  readonly refused: readonly string[]
  readonly refusedCount: number
}

/** Counts what happens, and tells it to a scraper. */
export interface Metrics {
  /** A request was answered, or its client went away (`status` 499). */
  answered(operation: string, status: number, seconds: number): void
  ingested(ingested: Ingested): void
  text(format: MetricsFormat): Promise<string>
  close(): void
}

const requestBucketsS = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]

/**
 * A registry of its own. Labels are operations of the OpenAPI document, classes of status and codes of problems, so that their
 * number is bounded whatever strangers send.
 */
export function createMetrics(sources: MetricsSources): Metrics {
  const registry = new Registry()
  const registers = [registry]
  const loopDelay = createLoopDelayMeter()
  let reading: MetricsReading | undefined
  const requests = new Counter({
    ...{ name: 'mangrove_http_requests_total', help: 'Requests answered, by operation and class of status', registers },
    labelNames: ['operation', 'status'] as const,
  })
  const seconds = new Histogram({
    ...{
      name: 'mangrove_http_request_seconds',
      help: 'From the head of a request to the end of its answer',
      registers,
    },
    ...{ labelNames: ['operation'] as const, buckets: requestBucketsS },
  })
  const stored = new Counter({
    ...{ name: 'mangrove_ingest_observations_total', help: 'Observations stored over HTTP', registers },
  })
  const refused = new Counter({
    ...{
      name: 'mangrove_ingest_refused_total',
      help: 'Observations refused over HTTP, by code of the problem',
      registers,
    },
    labelNames: ['reason'] as const,
  })
  const bytes = new Counter({
    ...{ name: 'mangrove_ingest_bytes_total', help: 'Bytes of bodies of observations as they came', registers },
  })
  for (const figure of figures) {
    const { name, help, labels = [], read } = figure
    const configuration = { name, help, registers, labelNames: labels }
    const metric = name.endsWith('_total') ? new Counter(configuration) : new Gauge(configuration)
    // Asked by the registry at each scrape, after everything was read once.
    Object.assign(metric, {
      collect() {
        metric.reset()
        if (!reading) return
        const value = read(reading)
        if (typeof value === 'number') metric.inc(value)
        else for (const [label, one] of Object.entries(value ?? {})) metric.inc({ [labels[0] ?? '']: label }, one)
      },
    })
  }
  new Gauge({
    ...{ name: 'mangrove_info', help: 'Version of this server', labelNames: ['version', 'node'], registers },
  }).set({ version, node: process.version }, 1)

  return {
    answered(operation, status, took) {
      requests.inc({ operation, status: `${Math.floor(status / 100)}xx` })
      seconds.observe({ operation }, took)
    },
    ingested({ stored: count, bytes: length, refused: codes, refusedCount }) {
      stored.inc(count)
      bytes.inc(length)
      for (const code of codes) refused.inc({ reason: code })
      if (refusedCount > codes.length) refused.inc({ reason: 'untold' }, refusedCount - codes.length)
    },
    async text(format) {
      reading = await readSources(sources, loopDelay.take())
      return expose((await registry.getMetricsAsJSON()) as Parameters<typeof expose>[0], format)
    },
    close() {
      loopDelay.close()
      registry.clear()
    },
  }
}

interface Figure {
  readonly name: string
  readonly help: string
  readonly labels?: readonly string[]
  /** A value, or one a label; undefined where it is not known. */
  read(reading: MetricsReading): number | Readonly<Record<string, number>> | undefined
}

/** What is read at each scrape. Names follow https://prometheus.io/docs/practices/naming/. */
const figures: readonly Figure[] = [
  {
    name: 'mangrove_http_open_requests',
    help: 'Requests that are being answered',
    read: ({ admission }) => admission.open,
  },
  { name: 'mangrove_http_open_requests_limit', help: 'More are refused', read: ({ admission }) => admission.maxOpen },
  { name: 'mangrove_http_body_bytes', help: 'Bytes of JSON bodies inside', read: ({ admission }) => admission.bytes },
  {
    ...{ name: 'mangrove_http_turned_away_total', help: 'Requests refused before they were read', labels: ['reason'] },
    read: ({ admission }) => admission.refused,
  },
  { name: 'mangrove_live_streams', help: 'Live streams that are open', read: ({ admission }) => admission.streams },
  {
    name: 'mangrove_live_dropped_events_total',
    help: 'Events left out because their reader is slow',
    read: ({ dropped }) => dropped,
  },
  {
    name: 'mangrove_ingest_gate_bytes',
    help: 'Bytes of observations on their way into the store',
    read: ({ gate }) => gate.bytes,
  },
  { name: 'mangrove_ingest_gate_limit_bytes', help: 'More are refused with 429', read: ({ gate }) => gate.maxBytes },
  { name: 'mangrove_ingest_gate_refused_total', help: 'Bodies refused at the gate', read: ({ gate }) => gate.refused },
  {
    ...{ name: 'mangrove_parse_bodies_total', help: 'Bodies read, by where', labels: ['where'] },
    read: ({ parse }) => ({ place: parse.bodiesInPlace, thread: parse.bodiesInThreads }),
  },
  {
    name: 'mangrove_parse_refused_total',
    help: 'Bodies refused because too many wait to be read',
    read: ({ parse }) => parse.bodiesRefused,
  },
  {
    name: 'mangrove_parse_threads_lost_total',
    help: 'Threads that broke or hung while they read',
    read: ({ parse }) => parse.threadsLost,
  },
  {
    name: 'mangrove_parse_waiting_bodies',
    help: 'Bodies that wait or are being read',
    read: ({ parse }) => parse.waitingBodies,
  },
  { name: 'mangrove_parse_waiting_bytes', help: 'Bytes of these', read: ({ parse }) => parse.waitingBytes },
  { name: 'mangrove_parse_waiting_limit_bytes', help: 'More are refused', read: ({ parse }) => parse.maxWaitingBytes },
  {
    name: 'mangrove_mqtt_connected',
    help: 'Whether the broker is connected',
    read: ({ mqtt }) => mqtt && Number(mqtt.connected),
  },
  { name: 'mangrove_mqtt_connects_total', help: 'Connections to the broker', read: ({ mqtt }) => mqtt?.connects },
  { name: 'mangrove_mqtt_messages_total', help: 'Messages of the broker', read: ({ mqtt }) => mqtt?.messages },
  {
    name: 'mangrove_mqtt_repeated_total',
    help: 'Messages that the broker had sent before',
    read: ({ mqtt }) => mqtt?.repeated,
  },
  {
    name: 'mangrove_mqtt_acknowledged_total',
    help: 'Messages acknowledged after their commit',
    read: ({ mqtt }) => mqtt?.acknowledged,
  },
  {
    name: 'mangrove_mqtt_bad_messages_total',
    help: 'Messages of which nothing could be stored',
    read: ({ mqtt }) => mqtt?.badMessages,
  },
  { name: 'mangrove_mqtt_observations_total', help: 'Observations stored', read: ({ mqtt }) => mqtt?.stored },
  {
    ...{
      name: 'mangrove_mqtt_refused_total',
      help: 'Observations refused, by code of the problem',
      labels: ['reason'],
    },
    read: ({ mqtt }) => mqtt?.refused,
  },
  {
    name: 'mangrove_mqtt_failures_total',
    help: 'Tries to store that failed and were made again',
    read: ({ mqtt }) => mqtt?.failures,
  },
  { name: 'mangrove_mqtt_in_flight', help: 'Messages that wait for the disk', read: ({ mqtt }) => mqtt?.inFlight },
  {
    name: 'mangrove_mqtt_in_flight_limit',
    help: 'The broker sends no more than so many',
    read: ({ mqtt }) => mqtt?.maxInFlight,
  },
  {
    name: 'mangrove_commit_waiting_rows',
    help: 'Observations that wait for the disk',
    read: ({ store }) => store?.commits?.waitingRows,
  },
  {
    name: 'mangrove_commit_waiting_limit_rows',
    help: 'More are refused with 503',
    read: ({ store }) => store?.commits?.maxWaitingRows,
  },
  { name: 'mangrove_commits_total', help: 'Commits of observations', read: ({ store }) => store?.commits?.commits },
  {
    name: 'mangrove_committed_rows_total',
    help: 'Observations on the disk since the start',
    read: ({ store }) => store?.commits?.rows,
  },
  {
    name: 'mangrove_commit_refused_total',
    help: 'Batches refused because too many wait',
    read: ({ store }) => store?.commits?.refused,
  },
  {
    name: 'mangrove_upkeep_stale_quarters',
    help: 'Quarters of an hour to be made anew',
    read: ({ store }) => store?.staleQuarters,
  },
  { name: 'mangrove_upkeep_turns_total', help: 'Turns of upkeep that went well', read: ({ upkeep }) => upkeep.turns },
  {
    name: 'mangrove_upkeep_quarters_total',
    help: 'Quarters of an hour made anew',
    read: ({ upkeep }) => upkeep.quarters,
  },
  {
    name: 'mangrove_upkeep_failures_total',
    help: 'Turns of upkeep that failed',
    read: ({ upkeep }) => upkeep.failures,
  },
  {
    name: 'mangrove_upkeep_sealed_months_total',
    help: 'Months of sites that were sealed',
    read: ({ upkeep }) => upkeep.sealedMonths,
  },
  {
    name: 'mangrove_upkeep_last_turn_seconds',
    help: 'How long the last turn took',
    read: ({ upkeep }) => upkeep.lastTurnTookMs / 1000,
  },
  {
    ...{ name: 'mangrove_upkeep_last_turn_timestamp_seconds', help: 'When the last turn went well, Unix time' },
    read: ({ upkeep }) => upkeep.lastTurnMs && upkeep.lastTurnMs / 1000,
  },
  { name: 'mangrove_jobs_running', help: 'Jobs that are running', read: ({ jobs }) => jobs.running },
  { name: 'mangrove_jobs_queued', help: 'Jobs that wait for their turn', read: ({ jobs }) => jobs.queued },
  { name: 'mangrove_jobs_queued_limit', help: 'More are refused with 503', read: ({ jobs }) => jobs.maxQueued },
  { name: 'mangrove_jobs_refused_total', help: 'Jobs refused because too many wait', read: ({ jobs }) => jobs.refused },
  {
    ...{ name: 'mangrove_jobs_ended_total', help: 'Jobs that ended, by state', labels: ['state'] },
    read: ({ jobs }) => jobs.ended,
  },
  { name: 'mangrove_jobs_resumed_total', help: 'Jobs that went on after a stop', read: ({ jobs }) => jobs.resumed },
  {
    name: 'mangrove_jobs_out_of_time_total',
    help: 'Jobs ended because they took too long',
    read: ({ jobs }) => jobs.outOfTime,
  },
  {
    ...{
      name: 'mangrove_event_loop_delay_seconds',
      help: 'How late timers were since the last scrape',
      labels: ['quantile'],
    },
    read: ({ loop }) => ({ '0.5': loop.medianS, '0.99': loop.p99S, '1': loop.maxS }),
  },
  {
    ...{ name: 'mangrove_memory_bytes', help: 'Memory of the process, by kind', labels: ['kind'] },
    read: ({ memory }) => ({
      resident: memory.rss,
      heapUsed: memory.heapUsed,
      heapTotal: memory.heapTotal,
      external: memory.external,
      arrayBuffers: memory.arrayBuffers,
    }),
  },
  { name: 'mangrove_cpu_seconds_total', help: 'Time of processors that the process took', read: ({ cpuS }) => cpuS },
  { name: 'mangrove_start_timestamp_seconds', help: 'When the process began, Unix time', read: ({ startS }) => startS },
  {
    name: 'mangrove_disk_free_bytes',
    help: 'Room on the disk of the data folder',
    read: ({ disk }) => disk?.freeBytes,
  },
  { name: 'mangrove_disk_size_bytes', help: 'Size of that disk', read: ({ disk }) => disk?.totalBytes },
  {
    name: 'mangrove_log_dropped_lines_total',
    help: 'Lines of the log dropped because their reader is slow',
    read: ({ logDropped }) => logDropped,
  },
]
