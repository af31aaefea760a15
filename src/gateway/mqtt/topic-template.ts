import { gatewayErrors } from '../errors.ts'

/** What a topic says of what is in its messages. */
export interface TopicNames {
  readonly site?: string
  /** `<asset>.<point>` */
  readonly point?: string
}

/** Topics that are listened to, and how names stand in them. */
export interface TopicTemplate {
  /** To subscribe to: with `+` for each name. */
  readonly filter: string
  /** Undefined for a topic that is none of this template. */
  match(topic: string): TopicNames | undefined
  readonly namesSite: boolean
  readonly namesPoint: boolean
  /** The filter with the names put in that it has a place for. */
  filterOf(site: string, point?: string): string
}

const names = ['site', 'asset', 'point'] as const
type Name = (typeof names)[number]

/**
 * `mangrove/{site}/{asset}/{point}`: levels are names in braces, fixed words, `+` for a level that says nothing, or `#` at the end.
 *
 * @throws `gateway.bad-topic`
 */
export function readTopicTemplate(template: string): TopicTemplate {
  const levels = template.split('/')
  const bad = (detail: string): Error =>
    gatewayErrors.badTopic({ detail, found: template.slice(0, 200), expected: 'as mangrove/{site}/{asset}/{point}' })
  const placed = levels.map((level): Name | undefined => {
    const name = /^\{(\w+)\}$/.exec(level)?.[1]
    if (name === undefined) return undefined
    if ((names as readonly string[]).includes(name)) return name as Name
    throw bad(`Topics hold no {${name}}`)
  })
  if (template === '' || template.startsWith('$')) throw bad('The topic is empty, or one of the broker’s own')
  for (const [index, level] of levels.entries()) {
    if (placed[index] !== undefined || level === '+' || (level === '#' && index === levels.length - 1)) continue
    if (/[{}+#\0]/.test(level)) throw bad('A level is a word, a name in braces, + or, at the end, #')
  }
  for (const name of names) if (placed.filter((one) => one === name).length > 1) throw bad(`{${name}} stands twice`)
  if (placed.includes('point') !== placed.includes('asset')) throw bad('{asset} and {point} go together')
  const open = levels.at(-1) === '#'
  const fixed = open ? levels.slice(0, -1) : levels
  return {
    namesSite: placed.includes('site'),
    namesPoint: placed.includes('point'),
    filterOf(site, ref) {
      const dot = ref?.indexOf('.') ?? -1
      const known: Partial<Record<Name, string>> = {
        site,
        ...(ref === undefined ? {} : { asset: ref.slice(0, dot), point: ref.slice(dot + 1) }),
      }
      return levels
        .map((level, index) => (placed[index] === undefined ? level : (known[placed[index]] ?? '+')))
        .join('/')
    },
    filter: levels.map((level, index) => (placed[index] === undefined ? level : '+')).join('/'),
    match(topic) {
      const found = topic.split('/')
      if (open ? found.length < fixed.length : found.length !== fixed.length) return undefined
      const named: Partial<Record<Name, string>> = {}
      for (const [index, level] of fixed.entries()) {
        const name = placed[index]
        if (name !== undefined) named[name] = found[index]!
        else if (level !== '+' && level !== found[index]) return undefined
      }
      return {
        ...(named.site === undefined ? {} : { site: named.site }),
        ...(named.point === undefined ? {} : { point: `${named.asset}.${named.point}` }),
      }
    },
  }
}
