import { stringify } from 'yaml'
import type { Proposal } from '../gateway/index.ts'
import { MangroveError, type Problem, readSite, type Vocabulary } from '../kernel/index.ts'

/** A site with nothing in it: what a proposal is held against. */
const head = `id: proposal
name: Proposal
location: { latitude: 0, longitude: 0, altitudeM: 0 }
zone: UTC
currency: EUR
`

/** Points of kinds that devices measure. */
const usualPoints: ReadonlySet<string> = new Set(['powerKw', 'soc'])

/** What is wrong with a part of a site file, if it were one. */
export function proposalProblems(yaml: string, packs: readonly Vocabulary[]): readonly Problem[] {
  try {
    const none = /^assets:/m.test(yaml) ? '' : 'assets: {}\n'
    readSite(`${head}${none}${yaml}`, { file: 'proposal.yaml', packs })
    return []
  } catch (error) {
    if (!(error instanceof MangroveError)) throw error
    return error.problems
  }
}

/**
 * Makes a proposal one that a site file takes as it stands. An asset of which the device did not tell what its kind must have becomes a
 * remark, and its points points of a group, until somebody says the rest.
 */
export function settleProposal(proposal: Proposal, packs: readonly Vocabulary[]): Proposal {
  if (Object.keys(proposal.assets).length === 0) return proposal
  const problems = proposalProblems(proposal.yaml, packs)
  const lacking = Object.keys(proposal.assets).filter((id) =>
    problems.some(({ place }) => place?.path === `assets.${id}` || place?.path?.startsWith(`assets.${id}.`)),
  )
  if (lacking.length === 0) return proposal
  const kinds = new Map(packs.flatMap((pack) => pack.assets).map((kind) => [kind.kind, kind]))
  const points = { ...proposal.points }
  const remarks: string[] = []
  for (const id of lacking) {
    const asset = proposal.assets[id]!
    const kind = kinds.get(String(asset.kind))
    for (const { id: name, title, unit } of kind?.points ?? []) {
      if (!usualPoints.has(name) || !isRead(proposal, id, name)) continue
      points[`${id}.${name}`] ??= { title: `${String(asset.title ?? id)}, ${title}`, unit }
    }
    remarks.push(
      `${id} is a ${String(asset.kind)} whose device does not tell all of it. When you can say the rest, it is an asset:`,
      ...stringify({ assets: { [id]: asset } })
        .trimEnd()
        .split('\n'),
      `and points of ${id} that its kind has go out of \`points\`.`,
    )
  }
  const assets = Object.fromEntries(Object.entries(proposal.assets).filter(([id]) => !lacking.includes(id)))
  const parts = { assets, points, gateways: proposal.gateways }
  const filled = Object.fromEntries(Object.entries(parts).filter(([, part]) => Object.keys(part).length > 0))
  const told = proposal.yaml.split('\n').filter((line) => line.startsWith('#'))
  const lines = [...told, ...remarks.map((remark) => `# ${remark}`)].map((line) => `${line}\n`).join('')
  return { ...parts, yaml: lines + stringify(filled) }
}

/** Whether a gateway of the proposal reads points of the asset. */
const isRead = ({ gateways }: Proposal, id: string, name: string): boolean => {
  const text = JSON.stringify(gateways)
  return text.includes(`"asset":"${id}"`) || text.includes(`"${id}.${name}"`)
}
