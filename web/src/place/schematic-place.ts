import type { PlacedAsset, PlacedCable, PlaceSection, SiteAsset } from '../api/types.ts'
import { carrierPoint } from '../ui/carriers.ts'
import { familyOf } from '../ui/families.ts'
import { modulesOf, usualForm, usualSizes } from './forms.ts'
import type { PlacePoint } from './place-types.ts'

/** Room for one thing in the scheme, m. */
const plotM = 90
const streetM = 24

/**
 * A scheme of a site whose file says nothing of its place: what gives stands in the north, what stores and connects in the middle, what
 * uses in the south, each on a plot of its own; all are joined to the middle. The same assets give the same scheme.
 */
export function schematicPlace(all: readonly SiteAsset[]): PlaceSection {
  const shown = all.filter(({ kind }) => familyOf(kind) !== 'reserve' && kind !== 'line')
  const bands = [shown.filter(gives), shown.filter(isBetween), shown.filter(uses)]
  const perRow = Math.max(3, Math.ceil(Math.sqrt(shown.length * 1.6)))
  const assets: Record<string, PlacedAsset> = {}
  const cables: PlacedCable[] = []
  const rows = bands.flatMap((band) => chunks(band, perRow))
  const stepM = plotM + streetM
  const middleRow = chunks(bands[0] ?? [], perRow).length
  rows.forEach((row, rowIndex) => {
    const north = (middleRow - rowIndex) * stepM
    row.forEach((asset, index) => {
      const east = (index - (row.length - 1) / 2) * stepM
      assets[asset.id] = placed(asset, [east, north])
      const streetNorth = north + (rowIndex < middleRow ? -stepM / 2 : stepM / 2)
      for (const carrier of ['electricity', 'heat', 'hydrogen'] as const) {
        if (!carrierPoint(asset.kind, carrier)) continue
        // Each carrier has its own lane, so that pipes lie beside cables.
        const lane = { electricity: 0, heat: 5, hydrogen: 10 }[carrier]
        const eastM = east + lane
        const northM = streetNorth + lane
        cables.push({
          from: `hub-${carrier}`,
          to: asset.id,
          viaM: lanes([eastM, northM], lane, perRow * stepM),
          carrier,
        })
      }
    })
  })
  const used = new Set(cables.map(({ from }) => from))
  const joints = Object.fromEntries(
    [...used].map((id): [string, PlacePoint] => {
      const lane = { 'hub-electricity': 0, 'hub-heat': 5, 'hub-hydrogen': 10 }[id] ?? 0
      return [id, [hubEast(perRow * stepM) + lane, lane + stepM / 2]]
    }),
  )
  return { assets, buildings: {}, joints, ground: [], cables, models: {} }
}

const hubEast = (widthM: number): number => -widthM / 2 - streetM / 2

/** From the hub along the western street, then between the plots. */
const lanes = ([east, north]: PlacePoint, lane: number, widthM: number): readonly PlacePoint[] => [
  [hubEast(widthM) + lane, north],
  [east, north],
]

const signOf = ({ kind }: SiteAsset): number =>
  (carrierPoint(kind, 'electricity') ?? carrierPoint(kind, 'heat') ?? carrierPoint(kind, 'hydrogen'))?.sign ?? 0

const between: ReadonlySet<string> = new Set(['battery', 'grid', 'heat-store', 'network'])
const isBetween = ({ kind }: SiteAsset): boolean =>
  between.has(familyOf(kind) ?? 'network') || kind === 'hydrogen-store'
const gives = (asset: SiteAsset): boolean => !isBetween(asset) && signOf(asset) > 0
const uses = (asset: SiteAsset): boolean => !isBetween(asset) && signOf(asset) <= 0

const chunks = <T>(list: readonly T[], size: number): readonly (readonly T[])[] =>
  Array.from({ length: Math.ceil(list.length / size) }, (_, index) => list.slice(index * size, (index + 1) * size))

/** Modules stand on the ground, for there is no roof that is known; as many as there is room for. */
function placed(asset: SiteAsset, atM: PlacePoint): PlacedAsset {
  const form = usualForm(asset, false)
  const shown = form === 'roof' ? 'field' : form
  const usual = usualSizes[shown]
  const modules = modulesOf(asset)
  const sideM = modules ? Math.min(plotM, Math.max(18, Math.sqrt(modules.areaM2 * 1.6))) : undefined
  const containers = shown === 'containers' ? containersOf(asset) : 1
  return {
    form: shown,
    atM,
    sizeM: sideM === undefined ? [Math.min(plotM, usual.widthM), Math.min(plotM, usual.depthM)] : [sideM, sideM],
    headingDeg: 0,
    rows: containers,
    ...(containers > 1 ? { rowSpacingM: 7 } : {}),
  }
}

/** One container a megawatt-hour and a bit, at most twelve. */
function containersOf({ fields }: SiteAsset): number {
  const { capacityKwh } = fields
  return typeof capacityKwh === 'number' ? Math.max(1, Math.min(12, Math.round(capacityKwh / 1200))) : 1
}
