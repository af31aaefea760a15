import type { QueryClient } from '@tanstack/react-query'
import type { Alarm } from '../alarms/alarm.ts'
import { alarmStoreOf, liveAlarms } from '../alarms/live-alarms.ts'
import { onSignedOut } from '../api/client.ts'
import { serverNowMs } from '../api/clock.ts'
import { isOnline, onConnection } from '../api/connection.ts'
import { liveStoreOf, liveValues } from '../api/live.ts'
import type { Now } from '../api/types.ts'
import { forgetKept, type Kept, keep, readKept } from './kept-answers.ts'
import { isKept, keeperOf, nameOf } from './what-is-kept.ts'

/** Live values are written down so often at most. */
const writeMs = 10_000
const userKey = 'mangrove.kept-for'

type Me = { readonly user: string | null } | null

/** Stale from the beginning, so that it is asked for again at once. */
const old = { updatedAt: 1 } as const

/** Who is kept for; null for nobody, which stays so on a page that was signed out of. */
let user: string | null = null
let closed = false

/** Shows what was kept, before the server has said anything: the first picture does not wait for the network. */
async function restore(client: QueryClient, user: string): Promise<void> {
  for (const { key, value, heardMs } of await readKept(user, serverNowMs())) {
    const question = JSON.parse(key) as readonly string[]
    const [word = '', site = ''] = question
    if (word === 'now') liveStoreOf(site).seed(value as Now, heardMs)
    else if (word === 'alarms') alarmStoreOf(site).seed(value as readonly Alarm[], heardMs)
    else if (word === 'history') {
      const { points, answer } = value as { readonly points: readonly string[]; readonly answer: unknown }
      client.setQueryData(['history', site, points], answer, old)
    } else client.setQueryData(question, value, old)
  }
}

/** Nothing of whoever was here stays on this device, and this page keeps nothing more. */
export async function forgetValues(): Promise<void> {
  closed = true
  user = null
  localStorage.removeItem(userKey)
  await forgetKept()
}

/** As above, unless it was the same user. */
export async function forgetValuesOfOthers(now: string): Promise<void> {
  if (localStorage.getItem(userKey) !== now) await forgetValues()
}

/**
 * Keeps the newest values, plan, alarms and description of each site that is looked at, for the user who looks, and shows them at
 * the next visit until newer ones come. Whoever else signs in finds nothing.
 */
export async function keepValues(client: QueryClient): Promise<void> {
  user = localStorage.getItem(userKey)
  if (user !== null) await restore(client, user)
  const write = (key: readonly unknown[], value: unknown, heardMs: number): void => {
    if (user !== null) void keep({ user, key: nameOf(key), value, heardMs } satisfies Kept)
  }
  const become = async (next: string): Promise<void> => {
    if (closed || next === user) return
    if (user !== null) {
      await forgetValues()
      return location.reload()
    }
    await forgetKept()
    user = next
    localStorage.setItem(userKey, next)
    for (const query of client.getQueryCache().getAll()) {
      if (query.state.status === 'success') writeAnswer(query.queryKey, query.state.data)
    }
  }
  const writeAnswer = (key: readonly unknown[], data: unknown): void => {
    if (!isKept(key)) return
    write(key, key[0] === 'history' ? { points: key[2], answer: data } : data, serverNowMs())
  }
  client.getQueryCache().subscribe((event) => {
    if (event.type !== 'updated' || event.action.type !== 'success' || event.action.manual) return
    const { queryKey, state } = event.query
    if (queryKey[0] === 'me') void become(keeperOf(state.data as Me))
    writeAnswer(queryKey, state.data)
  })
  const writeLive = (): void => {
    for (const [site, { now, connected, heardMs }] of liveValues()) {
      if (now && connected) write(['now', site], now, heardMs)
    }
    for (const [site, { alarms, connected, heardMs }] of liveAlarms()) {
      if (alarms && connected) write(['alarms', site], [...alarms.values()], heardMs)
    }
  }
  setInterval(writeLive, writeMs)
  setTimeout(writeLive, 2000)
  addEventListener('pagehide', writeLive)
  onSignedOut(() => void forgetValues())
  // What was asked in vain is asked again at once, not at its next turn.
  onConnection(() => {
    if (isOnline()) void client.invalidateQueries()
  })
}
