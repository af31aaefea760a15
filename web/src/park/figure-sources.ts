import type { Site } from '../api/types.ts'
import type { FormulaPart, Pedigree } from '../pedigree/pedigree.ts'
import type { WordKey } from '../words/words.ts'
import { type FlowNode, flowOf, type LookUp } from './flow.ts'

export type FigureName = 'use' | 'renewable' | 'import' | 'export' | 'cost' | 'carbon'
export type FigureSources = { readonly [Name in FigureName]?: Pedigree }

interface SourcesInput {
  readonly site: Site
  readonly lookUp: LookUp
  readonly sourceOf: (ref: string) => Pedigree | undefined
  say(key: WordKey): string
}

/** What the figures of a moment are added up from, each part with where it comes from itself. */
export function figureSources({ site, lookUp, sourceOf, say }: SourcesInput): FigureSources {
  const { supply, use } = flowOf(site.assets, lookUp)
  const point = (owner: string, title: string, id: string): FormulaPart => {
    const ref = `${owner}.${id}`
    const from = sourceOf(ref)
    const unit = site.assets.find((asset) => asset.id === owner)?.points.find((own) => own.ref === ref)?.unit ?? ''
    return { label: title, value: lookUp(ref), unit, ...(from ? { from } : {}) }
  }
  const powers = (nodes: readonly FlowNode[]): readonly FormulaPart[] =>
    nodes.map(({ id, title }) => point(id, title, 'powerKw'))
  const grids = supply.filter(({ family }) => family === 'grid')
  const formula = (name: FigureName, parts: readonly FormulaPart[]): Pedigree => ({
    kind: 'formula',
    title: say(`park.${name}`),
    formula: say(`park.formula.${name}`),
    parts,
  })
  const ofGrids = (...ids: readonly string[]): readonly FormulaPart[] =>
    grids.flatMap(({ id, title }) =>
      ids.map((own) => {
        const part = point(id, title, own)
        const words = site.assets.find((asset) => asset.id === id)?.points.find((one) => one.id === own)?.title
        return words === undefined || own === 'powerKw' ? part : { ...part, label: words }
      }),
    )
  return {
    use: formula('use', powers(use.filter(({ family }) => family !== 'grid'))),
    renewable: formula('renewable', powers(supply)),
    import: formula('import', ofGrids('powerKw')),
    export: formula('export', ofGrids('powerKw')),
    cost: formula('cost', ofGrids('powerKw', 'importPrice', 'exportPrice')),
    carbon: formula('carbon', ofGrids('powerKw', 'carbonIntensity')),
  }
}
