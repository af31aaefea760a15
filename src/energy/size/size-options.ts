import { type Asset, MangroveError, type Problem, type Site } from '../../kernel/index.ts'
import { componentOf } from '../components/index.ts'
import { energyErrors } from '../errors.ts'
import type { InvestmentOption } from '../schema/index.ts'

/** A size that is to be decided, with the asset fields that grow with it. */
export interface Decision {
  /** `<asset>.<size>`. */
  readonly id: string
  readonly option: InvestmentOption
  readonly asset: Asset
  readonly unit: string
  /** Fields of the asset in proportion to the size; the first is the size itself. */
  readonly fields: readonly string[]
}

/**
 * The decisions that a site's `investment.options` ask for.
 *
 * @throws `energy.bad-size` with every option that names no asset, no size of its kind, or bounds that contradict
 */
export function readDecisions(site: Site, options: readonly InvestmentOption[]): Decision[] {
  const problems: Problem[] = []
  const refuse = (index: number, field: string, detail: string, found: unknown, expected: string): void => {
    const place = { file: site.source.file, path: `investment.options.${index}.${field}` }
    problems.push(energyErrors.badSize.problem({ detail, place, found, expected }))
  }
  const seen = new Set<string>()
  const decisions = options.flatMap((option, index): Decision[] => {
    const asset = site.assets.find(({ id }) => id === option.asset)
    if (!asset) {
      refuse(index, 'asset', 'An option names no asset of the site', option.asset, 'the id of an asset')
      return []
    }
    const sizes = componentOf(asset.kind)?.sizes ?? {}
    const size = sizes[option.size]
    if (!size) {
      const names = Object.keys(sizes)
      const expected = names.length > 0 ? names.join(' or ') : `another asset: a ${asset.kind} has no size to decide`
      refuse(index, 'size', `A ${asset.kind} has no such size`, option.size, expected)
      return []
    }
    if (option.min > option.max) {
      refuse(index, 'min', 'The least size lies above the largest', option.min, `at most max (${option.max})`)
    }
    if (option.existing > option.max) {
      refuse(
        index,
        'existing',
        'What stands already is more than the largest size',
        option.existing,
        `at most max (${option.max})`,
      )
    }
    if (asset.production !== undefined && asset[size.fields[0]!] === 0) {
      const detail = `The production of ${asset.title} is known at no size, so nobody knows what a larger one gives`
      refuse(index, 'asset', detail, `${size.fields[0]} 0`, 'the size that the production is of')
    }
    const id = `${option.asset}.${option.size}`
    if (seen.has(id)) refuse(index, 'size', 'A size is to be decided twice', id, 'one option a size')
    seen.add(id)
    return [{ id, option, asset, unit: size.unit, fields: size.fields }]
  })
  if (problems.length > 0) throw new MangroveError(problems)
  return decisions
}

/** The site with these sizes, by decision id; what grows with a size keeps its proportion to it. */
export function resizeSite(site: Site, decisions: readonly Decision[], sizes: ReadonlyMap<string, number>): Site {
  return {
    ...site,
    assets: site.assets.map((asset) =>
      decisions
        .filter((decision) => decision.asset.id === asset.id && sizes.has(decision.id))
        .reduce((resized, decision) => resizeAsset(resized, decision, sizes.get(decision.id)!), asset),
    ),
  }
}

/** Size below which a machine is not there. */
const nothing = 1e-3

/** What a merge patch of the site says of its assets to give them these sizes; a size of nothing takes its asset away. */
export function sizePatch(
  site: Site,
  decisions: readonly Decision[],
  sizes: ReadonlyMap<string, number>,
): Record<string, Readonly<Record<string, unknown>> | null> {
  const resized = resizeSite(site, decisions, sizes)
  const patch: Record<string, Readonly<Record<string, unknown>> | null> = {}
  for (const { asset, fields } of decisions) {
    const now = resized.assets.find(({ id }) => id === asset.id)
    if (!now) continue
    const changed = Object.entries(now).filter(([field, value]) => value !== asset[field])
    patch[asset.id] = Number(now[fields[0] ?? '']) <= nothing ? null : Object.fromEntries(changed)
  }
  return patch
}

function resizeAsset(asset: Asset, { fields, option }: Decision, value: number): Asset {
  const [field = ''] = fields
  const stated = Number(asset[field])
  const scaled = componentOf(asset.kind)?.sizes?.[option.size]?.resize?.(asset, value)
  if (scaled) return { ...asset, ...scaled }
  const changes = fields.map((name) => [name, stated > 0 ? (Number(asset[name]) * value) / stated : value] as const)
  return { ...asset, ...Object.fromEntries(changes) }
}
