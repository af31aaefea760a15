import type { TopicTemplate } from '../topic-template.ts'

/** A site whose topics a client may use. */
export interface SiteAccess {
  readonly site: string
  /** `<asset>.<point>` that it may write; `*` = all of them. */
  readonly points: '*' | ReadonlySet<string>
}

/** What a client may say and hear. */
export interface TopicAccess {
  mayPublish(topic: string): boolean
  /** Everything that the filter can match has to be allowed. */
  maySubscribe(filter: string): boolean
}

/** Where Sparkplug B speaks: the group is the site. */
const sparkplug = 'spBv1.0'
const mostRemembered = 10_000

/**
 * Topics of the sites of a client: those of the templates with its sites and points in them, and the Sparkplug group that has
 * the name of a site where it may write all points of it.
 *
 * @param site that messages of topics without one belong to
 */
export function topicAccess(
  sites: readonly SiteAccess[],
  templates: readonly TopicTemplate[],
  site: string,
): TopicAccess {
  const whole = sites.filter(({ points }) => points === '*')
  const told = (one: SiteAccess, template: TopicTemplate): readonly string[] => {
    if (!template.namesSite && one.site !== site) return []
    if (one.points === '*') return [template.filterOf(one.site)]
    return template.namesPoint ? [...one.points].map((point) => template.filterOf(one.site, point)) : []
  }
  const both = [
    ...sites.flatMap((one) => templates.flatMap((template) => told(one, template))),
    ...whole.map((one) => `${sparkplug}/${one.site}/#`),
  ]
  /** Topics that leave the site or the point to each observation: it is held against the sites when it is stored. */
  const open = templates
    .filter(({ namesSite, namesPoint }) => (!namesSite && site === '') || !namesPoint)
    .flatMap((template) => (template.namesSite ? sites.map((one) => template.filterOf(one.site)) : [template.filter]))
  const published = [
    ...both,
    ...(sites.length > 0 ? open : []),
    ...whole.map((one) => `${sparkplug}/STATE/${one.site}`),
  ].map(levelsOf)
  const heard = [...both, ...(whole.length > 0 ? [`${sparkplug}/STATE/+`] : [])].map(levelsOf)
  const allowed = new Set<string>()
  return {
    mayPublish(topic) {
      if (allowed.has(topic)) return true
      const levels = topic.split('/')
      const may = published.some((pattern) => covers(pattern, levels))
      if (may && allowed.size < mostRemembered) allowed.add(topic)
      return may
    },
    maySubscribe(filter) {
      const levels = filter.split('/')
      return heard.some((pattern) => covers(pattern, levels))
    },
  }
}

const levelsOf = (filter: string): readonly string[] => filter.split('/')

/** Whether a pattern matches everything that a filter, or a topic, matches. */
export function covers(pattern: readonly string[], filter: readonly string[]): boolean {
  for (let index = 0; index < pattern.length; index += 1) {
    const level = pattern[index]!
    // As MQTT 3.1.1, 4.7.1.2: `a/#` matches `a` too.
    if (level === '#') return filter.length >= index
    const other = filter[index]
    if (other === undefined || other === '#') return false
    if (level !== '+' && level !== other) return false
  }
  return filter.length === pattern.length
}
