import type { ProblemDetails, Site, SiteSection } from '../../kernel/index.ts'
import { type ForwardSettings, ForwardSettingsSchema } from './settings.ts'

export const forwardSectionName = 'forward'

/** Undefined where the site file names no centre. */
export const forwardOf = (site: Site): ForwardSettings | undefined =>
  site.sections[forwardSectionName] as ForwardSettings | undefined

const thisMachine = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/i

/** The section `forward`: where what this instance stores goes to. */
export const forwardSection: SiteSection = {
  name: forwardSectionName,
  title: 'Forwarding to a centre',
  schema: ForwardSettingsSchema,
  check(section, _site, { unitOf, isGone }) {
    const { url, user, passwordVariable, topic = '', points = [] } = section as ForwardSettings
    const problems: ProblemDetails[] = []
    const { protocol, hostname } = new URL(url)
    if (passwordVariable !== undefined && (protocol === 'mqtt:' || protocol === 'ws:') && !thisMachine.test(hostname)) {
      problems.push({
        ...{ detail: 'Others on the way would read the password', found: url, place: { path: 'url' } },
        expected: protocol === 'mqtt:' ? 'mqtts://' : 'wss://',
      })
    }
    if ((user === undefined) !== (passwordVariable === undefined)) {
      problems.push({
        ...{ detail: 'A user and a password go together', found: user ?? passwordVariable ?? '' },
        ...{ place: { path: user === undefined ? 'user' : 'passwordVariable' }, expected: 'both, or none' },
      })
    }
    if (/[{}]/.test(topic.replaceAll('{site}', ''))) {
      const place = { path: 'topic' }
      problems.push({ detail: 'A topic holds {site} and words', found: topic, expected: '{site}', place })
    }
    for (const [index, ref] of points.entries()) {
      if (ref.includes('*') || unitOf(ref) !== undefined || isGone(ref)) continue
      problems.push({
        ...{ detail: 'The site has no such point', found: ref, place: { path: `points[${index}]` } },
        expected: '`<asset>.<point>` of the site',
      })
    }
    return problems
  },
}
