import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import { version } from '../version.ts'
import { chargingFigures } from './charging-figures.ts'
import { expose, type MetricsFormat } from './exposition.ts'
import { figures } from './figures.ts'
import { forwardFigures } from './forward-figures.ts'
import { createLoopDelayMeter } from './machine.ts'
import { type MetricsReading, type MetricsSources, readSources } from './sources.ts'
import { storeFigures } from './store-figures.ts'

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
  /** A request was answered with a problem. @param code its code, of the list of this house */
  refused(operation: string, code: string): void
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
  const problems = new Counter({
    ...{
      name: 'mangrove_http_problems_total',
      help: 'Requests answered with a problem, by operation and code of the problem',
      registers,
    },
    labelNames: ['operation', 'code'] as const,
  })
  for (const figure of [...figures, ...storeFigures, ...forwardFigures, ...chargingFigures]) {
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
    refused(operation, code) {
      problems.inc({ operation, code })
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
