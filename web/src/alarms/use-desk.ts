import { useCallback, useState } from 'react'
import { ApiError } from '../api/client.ts'
import type { Alarm } from './alarm.ts'
import { type AlarmAction, act } from './alarm-queries.ts'
import { alarmStoreOf } from './live-alarms.ts'

/** What was done last, for the line that says so. */
export interface Done {
  readonly action: AlarmAction
  readonly alarms: readonly Alarm[]
  /** Those that it did not work for, with why. */
  readonly failures: readonly { readonly title: string; readonly problem: string }[]
}

export interface Desk {
  readonly busy: boolean
  readonly done: Done | undefined
  /** Does the same about one or many. */
  act(
    action: AlarmAction,
    alarms: readonly Alarm[],
    body?: { readonly comment?: string; readonly for?: string },
  ): Promise<void>
  /** Forgets what was done last. */
  clear(): void
}

const problemOf = (error: unknown): string =>
  error instanceof ApiError ? error.problem.detail : error instanceof Error ? error.message : String(error)

/** What an operator does about the alarms of a site; the list shows it at once, the stream confirms it. */
export function useDesk(site: string): Desk {
  const [busy, setBusy] = useState(false)
  const [done, setDone] = useState<Done>()
  const clear = useCallback(() => setDone(undefined), [])
  return {
    busy,
    done,
    clear,
    async act(action, alarms, body) {
      setBusy(true)
      const answers = await Promise.allSettled(alarms.map(({ id }) => act(id, action, body)))
      const changed = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []))
      alarmStoreOf(site).take(changed)
      setDone({
        action,
        alarms: changed,
        failures: answers.flatMap((answer, k) =>
          answer.status === 'rejected' ? [{ title: alarms[k]?.title ?? '', problem: problemOf(answer.reason) }] : [],
        ),
      })
      setBusy(false)
    },
  }
}
