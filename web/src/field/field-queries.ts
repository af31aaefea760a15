import { useQuery } from '@tanstack/react-query'
import { ask, send } from '../api/client.ts'
import { serverNowMs } from '../api/clock.ts'

const rootOf = (site: string): string => `/api/v1/sites/${encodeURIComponent(site)}`

/** A link to a device or a broker, as `GET …/gateways` tells it. */
export interface Gateway {
  readonly id: string
  readonly title: string
  readonly protocol: string
  readonly writes: boolean
  readonly state: 'connecting' | 'connected' | 'waiting' | 'stopped'
  readonly sinceMs: number
  readonly lastHeardMs: number | null
  readonly lastProblem: string | null
  readonly connects: number
  readonly failures: number
  readonly readings: number
  readonly malformed: number
  /** Points that it has told since the start. */
  readonly points: readonly string[]
}

/** The way to a centre, where this server is an edge. */
export interface Forward {
  readonly connected: boolean
  readonly lastProblem: string | null
  readonly lagMs: number | null
  readonly waitingRows: number
  readonly failures: number
}

export interface Links {
  readonly gateways: readonly Gateway[]
  readonly forward: Forward | null
  /** When this was told, by the clock of this machine. */
  readonly askedMs: number
}

/** Why a setpoint is what it is: a code with its facts, and English where the console has no words for it. */
export interface Why {
  readonly code: string
  readonly text: string
  readonly values: Readonly<Record<string, number | string>>
}

export type CommandSource = 'plan' | 'override' | 'fallback' | 'hold'

export interface Override {
  readonly value: number
  readonly reason: string
  readonly by: string
  readonly untilMs: number
}

export interface Setpoint {
  readonly ref: string
  readonly id: string
  readonly title: string
  readonly unit: string
  readonly least: number
  readonly most: number
  readonly gateway: string | null
  readonly source: CommandSource | null
  readonly wanted: number | null
  readonly value: number | null
  readonly sent: { readonly value: number; readonly atMs: number; readonly pending: boolean } | null
  readonly confirmed: { readonly value: number; readonly atMs: number } | null
  readonly failures: number
  readonly mismatch: boolean
  readonly interlocks: readonly string[]
  readonly readBack: {
    readonly ref: string
    readonly value: number | null
    readonly quality: number
    readonly atMs: number
  } | null
  readonly override: Override | null
  readonly why: readonly Why[]
}

export interface Commands {
  readonly running: boolean
  readonly decidedMs: number | null
  readonly mode: 'plan' | 'fallback' | 'hold' | null
  readonly sinceMs: number | null
  readonly causes: readonly Why[]
  readonly plan: { readonly evidence: string; readonly publishedMs: number } | null
  readonly hold: { readonly reason: string; readonly by: string; readonly sinceMs: number } | null
  readonly setpoints: readonly Setpoint[]
}

/** A line of the log of commands, as far as the page reads it. */
export interface LogLine {
  readonly sequence: number
  readonly body: { readonly kind: string; readonly atMs: number } & Readonly<Record<string, unknown>>
}

export interface CommandLog {
  readonly lines: readonly LogLine[]
  /** No line of these was changed, left out or moved. */
  readonly whole: boolean
  /** The time has more lines than were read. */
  readonly isPart: boolean
}

interface LogPage {
  readonly lines: readonly LogLine[]
  readonly chain: { readonly ok: boolean }
  readonly next?: string
}

const freshMs = 2000

export const useLinks = (site: string) =>
  useQuery({
    queryKey: ['gateways', site],
    queryFn: async ({ signal }): Promise<Links> => ({
      ...(await ask<Omit<Links, 'askedMs'>>(`${rootOf(site)}/gateways`, { signal })),
      askedMs: serverNowMs(),
    }),
    refetchInterval: freshMs,
  })

export const useCommands = (site: string) =>
  useQuery({
    queryKey: ['commands', site],
    queryFn: ({ signal }) => ask<Commands>(`${rootOf(site)}/commands`, { signal }),
    refetchInterval: freshMs,
  })

const mostPages = 8

/** The log from some time ago on, page after page. */
export const useCommandLog = (site: string, spanMs: number) =>
  useQuery({
    queryKey: ['command-log', site, spanMs],
    queryFn: async ({ signal }): Promise<CommandLog> => {
      const lines: LogLine[] = []
      let whole = true
      let cursor: string | undefined
      const from = new Date(serverNowMs() - spanMs).toISOString()
      for (let pages = 0; pages < mostPages; pages += 1) {
        const query = new URLSearchParams({ limit: '500', ...(cursor === undefined ? { from } : { cursor }) })
        const page = await ask<LogPage>(`${rootOf(site)}/commands/log?${query}`, { signal })
        lines.push(...page.lines)
        whole &&= page.chain.ok
        cursor = page.next
        if (cursor === undefined) break
      }
      return { lines, whole, isPart: cursor !== undefined }
    },
    placeholderData: (before) => before,
    refetchInterval: 10_000,
  })

export const setByHand = (
  site: string,
  ref: string,
  body: { readonly value: number; readonly reason: string; readonly until: string },
): Promise<unknown> => send(`${rootOf(site)}/commands/${encodeURIComponent(ref)}/override`, body)

export const endByHand = (site: string, ref: string): Promise<unknown> =>
  send(`${rootOf(site)}/commands/${encodeURIComponent(ref)}/override`, undefined, 'DELETE')

export const holdAll = (site: string, reason: string): Promise<unknown> =>
  send(`${rootOf(site)}/commands/hold`, { reason })

export const releaseAll = (site: string): Promise<unknown> => send(`${rootOf(site)}/commands/hold`, undefined, 'DELETE')
