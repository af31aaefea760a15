import { commandErrors, type Hold, type Override } from '../../commands/index.ts'
import type { Records } from '../../store/index.ts'

/** What operators ask for, kept so that any node may take it and the one that commands sees it. */
export interface Orders {
  /** As they stand; those that ended are cleared away. */
  read(site: string): Promise<{ readonly overrides: readonly Override[]; readonly hold: Hold | null }>
  override(site: string, override: Override): Promise<void>
  /** @throws `commands.no-override` */
  endOverride(site: string, ref: string): Promise<void>
  hold(site: string, hold: Hold): Promise<void>
  /** @throws `commands.no-hold` */
  release(site: string): Promise<void>
}

const overrideKind = 'command-override'
const holdKind = 'command-hold'

export function createOrders(records: Records, now: () => number): Orders {
  return {
    async read(site) {
      const [found, hold] = await Promise.all([
        records.list<Override>(overrideKind, { prefix: `${site}/` }),
        records.get<Hold>(holdKind, site),
      ])
      const ended = found.filter(({ content }) => content.untilMs <= now())
      // Somebody may have set another one meanwhile: that stays.
      for (const { key, version } of ended) await records.remove(overrideKind, key, version).catch(() => false)
      const overrides = found.filter((one) => !ended.includes(one)).map(({ content }) => content)
      return { overrides, hold: hold?.content ?? null }
    },
    async override(site, override) {
      await records.put(overrideKind, `${site}/${override.ref}`, override)
    },
    async endOverride(site, ref) {
      if (await records.remove(overrideKind, `${site}/${ref}`)) return
      throw commandErrors.noOverride({ detail: 'Nothing is set by hand there', found: ref })
    },
    async hold(site, hold) {
      await records.put(holdKind, site, hold)
    },
    async release(site) {
      if (await records.remove(holdKind, site)) return
      throw commandErrors.noHold({ detail: 'Commands of this site are not held', found: site })
    },
  }
}
