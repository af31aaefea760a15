import { Download } from 'lucide-react'
import { useCallback, useMemo, useState } from 'react'
import type { Site, SizeOutput } from '../api/types.ts'
import { Diagram } from '../charts/diagram.tsx'
import { Menu } from '../ui/menu.tsx'
import { Panel } from '../ui/panel.tsx'
import { Segmented } from '../ui/segmented.tsx'
import { Failure, Skeleton } from '../ui/states.tsx'
import { useWords } from '../words/words.ts'
import { CashPanel } from './cash-panel.tsx'
import { Compare } from './compare.tsx'
import { DesignList } from './design-list.tsx'
import { DesignPanel } from './design-panel.tsx'
import { DesignVerdict } from './design-verdict.tsx'
import { type Design, designsOf, distinctDesigns, letterOf } from './designs.ts'
import { type FrontAxis, frontAxes, frontOption, frontTable } from './diagrams.ts'
import { csvOf, patchOf } from './exports.ts'
import { saveText } from './save-text.ts'
import { assetsOf, isOwnSite, siteFileOf } from './site-after.ts'
import type { SizingAddress, SizingView } from './sizing-address.ts'
import { type SizingRun, useSizing, useYear } from './sizing-queries.ts'
import { SizingReasons } from './sizing-reasons.tsx'
import { TornadoPanel } from './tornado-panel.tsx'
import { yearFiguresOf } from './year-grid.ts'
import { YearPanel } from './year-panel.tsx'

interface ResultProps {
  readonly site: Site
  readonly view: SizingView
}

/** A sizing: the front, the chosen design, its money, its year. */
export function ResultPage({ site, view }: ResultProps) {
  const { data, error, refetch } = useSizing(view.address.run)
  if (error) return <Failure error={error} retry={() => void refetch()} />
  if (!data) return <Skeleton height={640} />
  return <Result site={site} view={view} run={data} />
}

function Result({ site, view: { address, go }, run }: ResultProps & { readonly run: SizingRun }) {
  const { say } = useWords()
  const { output } = run
  const designs = useMemo(() => distinctDesigns(designsOf(output)), [output])
  const chosen = designs.find(({ index }) => index === address.design) ?? designs[0]
  const beside = designs.find(({ index }) => index === address.beside && index !== chosen?.index)
  const assets = useMemo(() => assetsOf(site, run), [site, run])
  const { data: ran } = useYear(address.year)
  const year = useMemo(() => ran && yearFiguresOf(ran.balance, (id) => assets.get(id)?.kind), [ran, assets])
  const show = useCallback((next: Partial<SizingAddress>) => go({ ...address, ...next }, true), [address, go])
  const onYear = useCallback((id: string) => show({ year: id, yearJob: undefined }), [show])
  if (!chosen) return null
  const choose = (index: number): void =>
    show({
      design: index,
      year: undefined,
      yearJob: undefined,
      ...(index === address.beside ? { beside: undefined } : {}),
    })
  return (
    <>
      <div className="sizing-top">
        <div>
          <DesignVerdict output={output} design={chosen} />
          <p className="quiet">
            {say(`sizing.status.${output.status}`)} {output.synthetic && say('sizing.synthetic')}
          </p>
        </div>
        <Exports site={site} run={run} designs={designs} chosen={chosen} />
      </div>
      <div className="sizing-result">
        <div className="sizing-main">
          <FrontPanel
            designs={designs}
            output={output}
            chosen={chosen}
            beside={beside}
            onChoose={choose}
            onBeside={(index) => show({ beside: index })}
          />
          {beside && <Compare output={output} first={chosen} second={beside} />}
          <div className="sizing-pair">
            <CashPanel design={chosen} currency={output.currency} />
            <TornadoPanel site={site} run={run} design={chosen} />
          </div>
          <YearPanel
            site={site}
            run={run}
            design={chosen}
            assets={assets}
            year={address.year}
            job={address.yearJob}
            onJob={(yearJob) => show({ yearJob })}
            onYear={onYear}
          />
        </div>
        <aside className="sizing-side">
          <DesignPanel run={run} design={chosen} assets={assets} year={year} />
          <SizingReasons run={run} assets={assets} />
        </aside>
      </div>
    </>
  )
}

interface FrontPanelProps {
  readonly output: SizeOutput
  readonly designs: readonly Design[]
  readonly chosen: Design
  readonly beside: Design | undefined
  onChoose(index: number): void
  onBeside(index: number | undefined): void
}

function FrontPanel({ output, designs, chosen, beside, onChoose, onBeside }: FrontPanelProps) {
  const { say } = useWords()
  const [axis, setAxis] = useState<FrontAxis>('emissions')
  const { currency, today } = output
  const words = useMemo(
    () => ({
      cost: say('sizing.costAxis', { currency }),
      across: say(`sizing.axis.${axis}`),
      today: say('sizing.today'),
      designs: say('sizing.designs'),
      design: (letter: string) => say('sizing.design', { letter }),
    }),
    [say, currency, axis],
  )
  const option = useMemo(
    () => frontOption({ designs, today }, axis, { chosen: chosen.index, beside: beside?.index }, words),
    [designs, today, axis, chosen, beside, words],
  )
  if (designs.length === 1) {
    return (
      <Panel title={say('sizing.front')}>
        <p className="quiet">{say('sizing.frontNone')}</p>
      </Panel>
    )
  }
  return (
    <Panel
      title={say('sizing.front')}
      actions={
        <Segmented
          label={say('sizing.axis')}
          options={frontAxes.map((id) => ({ id, title: say(`sizing.axisShort.${id}`) }))}
          value={axis}
          onChange={(next: FrontAxis) => setAxis(next)}
        />
      }
    >
      <Diagram
        title={say('sizing.frontSays')}
        summary={say('sizing.frontCount', { count: designs.length })}
        heightPx={320}
        option={option}
        table={() => frontTable({ designs, today }, axis, words)}
        onChoose={({ series, index }) => {
          const found = series === 'front' ? designs[index] : undefined
          if (found) onChoose(found.index)
        }}
      />
      <p className="quiet">{say(`sizing.frontRead.${axis}`)}</p>
      <DesignList
        designs={designs}
        currency={currency}
        chosen={chosen.index}
        beside={beside?.index}
        onChoose={onChoose}
        onBeside={onBeside}
      />
    </Panel>
  )
}

interface ExportsProps {
  readonly site: Site
  readonly run: SizingRun
  readonly designs: readonly Design[]
  readonly chosen: Design
}

function Exports({ site, run, designs, chosen }: ExportsProps) {
  const { say } = useWords()
  const name = `${site.id}-sizing-${run.id.slice(0, 8)}`
  const own = isOwnSite(run)
  return (
    <Menu
      label={say('sizing.export')}
      trigger={
        <button type="button" className="button">
          <Download size={16} aria-hidden /> {say('sizing.export')}
        </button>
      }
      items={[
        {
          id: 'yaml',
          title: own ? say('sizing.export.site') : say('sizing.export.patch', { letter: letterOf(chosen.index) }),
          onChoose: () =>
            saveText(
              `${name}-${letterOf(chosen.index)}.yaml`,
              own ? siteFileOf(site, run, chosen) : patchOf(chosen, run.id),
              'application/yaml',
            ),
        },
        {
          id: 'csv',
          title: say('sizing.export.csv'),
          onChoose: () => saveText(`${name}.csv`, csvOf(run.output, designs, chosen), 'text/csv'),
        },
        {
          id: 'json',
          title: say('sizing.export.json'),
          onChoose: () => saveText(`${name}.json`, JSON.stringify(run, undefined, 2), 'application/json'),
        },
        {
          id: 'evidence',
          title: say('sizing.export.evidence'),
          onChoose: () => void window.open(`/api/v1/runs/${encodeURIComponent(run.id)}`, '_blank', 'noopener'),
        },
      ]}
    />
  )
}
