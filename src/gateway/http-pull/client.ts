import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { MangroveError, parseDuration, quality } from '../../kernel/index.ts'
import { gatewayErrors } from '../errors.ts'
import type { FieldClient, FieldGateway, FieldPorts, FieldReading } from '../field-protocol.ts'
import { backOffMs } from '../link/back-off.ts'
import { createLinkRecord } from '../link/link-record.ts'
import { rest } from '../link/rest.ts'
import { fetchBody } from './fetch-body.ts'
import { readAnswer } from './read-answer.ts'
import type { HttpPullSettings } from './settings.ts'

const longestWaitMs = 600_000

/** Asks an address again and again; what it says becomes readings, and what it no longer says a gap. */
export function openHttpPull(gateway: FieldGateway<HttpPullSettings>, ports: FieldPorts): FieldClient {
  const { id, settings, site, unitOf } = gateway
  const periodMs = parseDuration(settings.period ?? '1m')
  const request = {
    url: settings.url,
    timeoutMs: parseDuration(settings.timeout ?? '10s'),
    maxBytes: (settings.maxKilobytes ?? 4096) * 1024,
  }
  const record = createLinkRecord(ports.clock)
  const stopping = new AbortController()
  const { signal } = stopping
  /** Points that speak, and their units; a gap is told once. */
  const speaking = new Map<string, string>()
  let known: { readonly etag: string | undefined; readonly lastModified: string | undefined } | undefined

  const tell = async (readings: readonly FieldReading[]): Promise<void> => {
    if (readings.length === 0) return
    await ports.take(readings)
    record.took(readings.length)
    for (const { ref, value, unit } of readings) {
      if (Number.isNaN(value)) speaking.delete(ref)
      else speaking.set(ref, unit)
    }
  }
  const gapsOf = (refs: Iterable<string>): readonly FieldReading[] => {
    const gap = { timestampMs: ports.clock.now(), value: Number.NaN, quality: quality.missing }
    return [...refs].filter((ref) => speaking.has(ref)).map((ref) => ({ ...gap, ref, unit: speaking.get(ref)! }))
  }
  const ask = async (): Promise<void> => {
    const headers = await readHeaders(settings.headersFile, site.source.file)
    if (known?.etag !== undefined) headers['if-none-match'] = known.etag
    else if (known?.lastModified !== undefined) headers['if-modified-since'] = known.lastModified
    const body = await fetchBody({ ...request, headers, signal })
    record.become('connected')
    record.heard()
    // Not modified: the state of before stands, and nothing is stamped anew.
    if (!body) return
    const context = { site: site.id, source: id, receivedMs: ports.clock.now(), unitOf }
    const { readings, problems, silent } = readAnswer(body.bytes, settings, context)
    record.malformed(problems.length)
    if (problems.length > 0) {
      ports.report(new MangroveError(problems.slice(0, 3)), `${problems.length} values of ${id} could not be read`)
    }
    await tell([...readings, ...gapsOf(silent)])
    // Only now: an answer that was not taken has to come again.
    known = { etag: body.etag, lastModified: body.lastModified }
  }

  const running = (async (): Promise<void> => {
    while (!signal.aborted) {
      const beganMs = performance.now()
      let waitMs = periodMs
      try {
        await ask()
      } catch (error) {
        if (signal.aborted) break
        const code = error instanceof MangroveError ? error.code : ''
        if (code === 'gateway.bad-frame' || code === 'gateway.bad-body') record.malformed(1)
        const inRow = record.failed(error)
        record.become('waiting')
        ports.report(error, `${id} could not be asked; it is tried again`)
        known = undefined
        await tell(gapsOf(speaking.keys())).catch((failure) => ports.report(failure, `A gap of ${id} was not taken`))
        waitMs = backOffMs(inRow, periodMs, Math.max(periodMs, longestWaitMs), ports.random)
      }
      await rest(Math.max(0, waitMs - (performance.now() - beganMs)), signal)
    }
    record.become('stopped')
  })()

  return {
    figures: record.figures,
    async stop() {
      stopping.abort()
      await running
    },
  }
}

/** Read at each request: a secret may be changed while the house runs. */
async function readHeaders(file: string | undefined, siteFile: string): Promise<Record<string, string>> {
  if (file === undefined) return {}
  const path = resolve(dirname(siteFile), file)
  try {
    const told: unknown = JSON.parse(await readFile(path, 'utf8'))
    const entries = Object.entries(told as Record<string, unknown>)
    if (!Array.isArray(told) && entries.every(([, value]) => typeof value === 'string')) {
      return Object.fromEntries(entries.map(([name, value]) => [name.toLowerCase(), value as string]))
    }
  } catch {
    // Told below; what stands in the file is secret.
  }
  throw gatewayErrors.badSettings({
    detail: 'The headers cannot be read',
    place: { file: path },
    expected: '{ "authorization": "…" }',
  })
}
