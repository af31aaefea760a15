import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useSiteId } from '../app/moment.ts'
import { show } from '../format/numbers.ts'
import { shortName } from '../format/short-name.ts'
import type { Pedigree } from '../pedigree/pedigree.ts'
import { Sourced } from '../pedigree/sourced.tsx'
import { Value } from '../ui/figure.tsx'
import { colour, glyphs } from '../ui/sources.ts'
import { useWidth } from '../ui/use-width.ts'
import { useWords } from '../words/words.ts'
import {
  type Flow,
  type FlowNode,
  type FlowStorage,
  layRibbons,
  type Ribbon,
  restingKw,
  suppliedKw,
  usedKw,
} from './flow.ts'

const rowPx = 52
const busWidthPx = 10
/** Height between the rows and the batteries, in which their ribbons run. */
const storageGapPx = 40

interface EnergyFlowProps {
  readonly flow: Flow
  /** Where the value of a point comes from. */
  readonly sourceOf?: (ref: string) => Pedigree | undefined
}

/** A number that opens its pedigree, where one is known. */
function From({ source, children }: { readonly source: Pedigree | undefined; readonly children: ReactNode }) {
  return source ? <Sourced from={source}>{children}</Sourced> : children
}

/** The park bus in the middle, what supplies it on the left, what uses it on the right, batteries under it. */
export function EnergyFlow({ flow, sourceOf }: EnergyFlowProps) {
  const { say } = useWords()
  const heightPx = rowPx * Math.max(flow.supply.length, flow.use.length, 1)
  const text = (powerKw: number): string => {
    const shown = show(powerKw, 'kW')
    return `${shown.text} ${shown.unit}`
  }
  return (
    <section className="flow" aria-label={say('flow.title')}>
      <p className="visually-hidden">
        {say('flow.describe', { supply: text(suppliedKw(flow)), use: text(usedKw(flow)) })}
      </p>
      <Side nodes={flow.supply} heightPx={heightPx} side="supply" sourceOf={sourceOf} />
      <FlowPicture flow={flow} heightPx={heightPx} />
      <Side nodes={flow.use} heightPx={heightPx} side="use" sourceOf={sourceOf} />
      {flow.storage.length > 0 && (
        <ul className="flow-storage">
          {flow.storage.map((storage) => (
            <Storage key={storage.id} storage={storage} sourceOf={sourceOf} />
          ))}
        </ul>
      )}
    </section>
  )
}

interface SideProps {
  readonly nodes: readonly FlowNode[]
  readonly heightPx: number
  readonly side: 'supply' | 'use'
  readonly sourceOf: EnergyFlowProps['sourceOf']
}

function Side({ nodes, heightPx, side, sourceOf }: SideProps) {
  const { say } = useWords()
  return (
    <ul className="flow-side" data-side={side} style={{ height: heightPx }}>
      {nodes.map(({ id, title, family, powerKw, availableKw }) => {
        const Glyph = glyphs[family]
        const name = family === 'grid' ? say(side === 'supply' ? 'flow.import' : 'flow.export') : title
        const curtailedKw = (availableKw ?? 0) - (powerKw ?? 0)
        return (
          <li key={id} className="flow-node" data-resting={(powerKw ?? 0) < restingKw} style={{ height: rowPx }}>
            <Glyph size={20} aria-hidden style={{ color: colour(family) }} />
            <AssetLink id={id} title={title}>
              {name}
            </AssetLink>
            <span className="flow-value">
              <From source={powerKw === undefined ? undefined : sourceOf?.(`${id}.powerKw`)}>
                <Value value={powerKw} unit="kW" />
              </From>
              {powerKw !== undefined && curtailedKw > 1 && (
                <small>
                  {say('flow.curtailed', { power: `${show(curtailedKw, 'kW').text} ${show(curtailedKw, 'kW').unit}` })}
                </small>
              )}
            </span>
          </li>
        )
      })}
    </ul>
  )
}

interface AssetLinkProps {
  readonly id: string
  readonly title: string
  readonly children: ReactNode
}

/** The name of an asset, which leads to its page. */
function AssetLink({ id, title, children }: AssetLinkProps) {
  const site = useSiteId()
  return (
    <Link
      to="/sites/$site/assets/$asset"
      params={{ site, asset: id }}
      search={(search) => search}
      className="flow-name"
      title={title}
    >
      {children}
    </Link>
  )
}

function FlowPicture({ flow, heightPx }: { readonly flow: Flow; readonly heightPx: number }) {
  const { say } = useWords()
  const [place, widthPx] = useWidth<HTMLDivElement>()
  const ribbons = layRibbons(flow, rowPx)
  const busPx = widthPx / 2
  const totalPx = heightPx + (flow.storage.length > 0 ? storageGapPx : 0)
  const spread = flow.storage.length
  return (
    <div className="flow-picture" ref={place} style={{ height: totalPx }}>
      {widthPx > 0 && (
        <svg className="flow-drawing" width={widthPx} height={totalPx} aria-hidden="true" focusable="false">
          {ribbons.supply.map((ribbon) => (
            <RibbonPath key={ribbon.id} ribbon={ribbon} path={curve(0, ribbon.outerPx, busPx, ribbon.busPx)} />
          ))}
          {ribbons.use.map((ribbon) => (
            <RibbonPath
              key={`use-${ribbon.id}`}
              ribbon={ribbon}
              path={curve(busPx, ribbon.busPx, widthPx, ribbon.outerPx)}
            />
          ))}
          {flow.storage.map(({ id, powerKw = 0 }, index) => {
            const tilePx = busPx + (index - (spread - 1) / 2) * 90
            const down = `M ${busPx} ${ribbons.busBottomPx - 2} C ${busPx} ${totalPx - 10} ${tilePx} ${ribbons.busBottomPx} ${tilePx} ${totalPx}`
            const up = `M ${tilePx} ${totalPx} C ${tilePx} ${ribbons.busBottomPx} ${busPx} ${totalPx - 10} ${busPx} ${ribbons.busBottomPx - 2}`
            const ribbon: Ribbon = {
              id,
              family: 'battery',
              widthPx: ribbons.storagePx.get(id) ?? 0,
              outerPx: 0,
              busPx: 0,
            }
            return <RibbonPath key={id} ribbon={ribbon} path={powerKw < 0 ? down : up} />
          })}
          <rect
            className="flow-bus"
            x={busPx - busWidthPx / 2}
            y={ribbons.busTopPx - 4}
            width={busWidthPx}
            height={ribbons.busBottomPx - ribbons.busTopPx + 8}
            rx={3}
          />
        </svg>
      )}
      <span className="flow-bus-name" style={{ top: ribbons.busTopPx - 28 }}>
        {say('flow.bus')}
      </span>
    </div>
  )
}

const curve = (x0: number, y0: number, x1: number, y1: number): string =>
  `M ${x0} ${y0} C ${(x0 + x1) / 2} ${y0} ${(x0 + x1) / 2} ${y1} ${x1} ${y1}`

/** A ribbon as wide as its power; the dashes on it move the way the energy goes. */
function RibbonPath({ ribbon, path }: { readonly ribbon: Ribbon; readonly path: string }) {
  if (ribbon.widthPx === 0) return <path className="ribbon-empty" d={path} />
  return (
    <g style={{ color: colour(ribbon.family) }}>
      <path className="ribbon" d={path} strokeWidth={ribbon.widthPx} />
      <path className="ribbon-motion" d={path} strokeWidth={Math.max(1, Math.min(3, ribbon.widthPx / 3))} />
    </g>
  )
}

/** What a battery does, in a word; nothing is said for it while its power is not known. */
function doingOf(powerKw: number | undefined): 'unknown' | 'resting' | 'charging' | 'discharging' {
  if (powerKw === undefined) return 'unknown'
  if (Math.abs(powerKw) < restingKw) return 'resting'
  return powerKw < 0 ? 'charging' : 'discharging'
}

interface StorageProps {
  readonly storage: FlowStorage
  readonly sourceOf: EnergyFlowProps['sourceOf']
}

function Storage({ storage: { id, title, powerKw, soc }, sourceOf }: StorageProps) {
  const { say } = useWords()
  const Glyph = glyphs.battery
  return (
    <li className="flow-battery">
      <span className="battery-level" aria-hidden>
        <span style={{ width: `${Math.round((soc ?? 0) * 1000) / 10}%` }} />
      </span>
      <AssetLink id={id} title={title}>
        <Glyph size={20} aria-hidden style={{ color: colour('battery') }} /> {shortName(title, 40)}
      </AssetLink>
      <span className="flow-value">
        <From source={soc === undefined ? undefined : sourceOf?.(`${id}.soc`)}>
          <Value value={soc} unit="1" />
        </From>
      </span>
      <span className="battery-doing">
        {say(`flow.${doingOf(powerKw)}`)}{' '}
        {powerKw !== undefined && (
          <From source={sourceOf?.(`${id}.powerKw`)}>
            <Value value={Math.abs(powerKw)} unit="kW" />
          </From>
        )}
      </span>
    </li>
  )
}
