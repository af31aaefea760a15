import { type AlarmView, alarmView } from '../alarms/alarm-view.ts'
import type { SiteAlarms } from '../alarms/create-alarms.ts'

/** Alarms as they are now, with the number of the entry of the log that told of them last. */
export interface ToldAlarms {
  readonly number: number
  readonly alarms: readonly AlarmView[]
}

export interface AlarmWatch {
  /** All that are not normal. */
  now(): Promise<ToldAlarms>
  stop(): void
}

/** Watches the alarms of a site; of one without alarms there is nothing to tell. */
export function watchAlarms(
  site: string,
  own: Pick<SiteAlarms, 'rules' | 'log'> | undefined,
  tell: (told: ToldAlarms) => void,
): AlarmWatch {
  const views = (ids: Iterable<string>): readonly AlarmView[] =>
    [...new Set(ids)].flatMap((id) => {
      const rule = own?.rules.get(id)
      return rule ? [alarmView(site, rule, own?.log.states().get(id))] : []
    })
  const stop = own?.log.follow(({ number, changes }) => {
    tell({ number, alarms: views(changes.map(({ event }) => event.alarm)) })
  })
  return {
    async now() {
      await own?.log.catchUp()
      const alarms = views(own?.log.states().keys() ?? []).filter(({ state }) => state !== 'normal')
      return { number: own?.log.number() ?? 0, alarms }
    },
    stop: () => stop?.(),
  }
}
