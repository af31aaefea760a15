import { useMutation } from '@tanstack/react-query'
import { useCallback, useRef, useState } from 'react'
import { runEngine } from '../api/client.ts'
import type { Site, SizeOutput } from '../api/types.ts'
import { Diagram } from '../charts/diagram.tsx'
import { showMoney } from '../format/numbers.ts'
import { useMay } from '../sign-in/session.ts'
import { Progress } from '../ui/progress.tsx'
import { useWords } from '../words/words.ts'
import { type AgainAnswer, type AgainCase, againCases, againDrivers, againInput, worthFound } from './again.ts'
import type { Design } from './designs.ts'
import { tornadoOption } from './diagrams.ts'
import { SendProblem } from './send-problem.tsx'
import { swingsOf, worthOf } from './sensitivity.ts'
import { discountRateOf } from './site-after.ts'
import type { SizingRun } from './sizing-queries.ts'

interface TornadoPanelProps {
  readonly site: Site
  readonly run: SizingRun
  readonly design: Design
}

/** How the worth of a design moves when prices do: of these sizes at once, of sizes decided again when asked. */
export function TornadoPanel({ site, run, design }: TornadoPanelProps) {
  const { say } = useWords()
  const table = design.economics.cashFlow
  const rate = discountRateOf(site, run)
  const { currency } = run.output
  const option = useCallback(
    (paint: Parameters<ReturnType<typeof tornadoOption>>[0]) =>
      tornadoOption(worthOf(table, rate), swingsOf(table, rate), (what) => say(`sizing.swing.${what}`))(paint),
    [table, rate, say],
  )
  const money = (value: number): string => {
    const { text, unit } = showMoney(value, currency)
    return `${text}\u00a0${unit}`
  }
  const swings = swingsOf(table, rate)
  return (
    <div className="sizing-diagram">
      <Diagram
        title={say('sizing.tornado', { worth: money(worthOf(table, rate)) })}
        summary={swings
          .map(({ driver, low, high }) => `${say(`sizing.swing.${driver}`)}: ${money(low)} – ${money(high)}`)
          .join('. ')}
        heightPx={300}
        option={option}
      />
      <p className="quiet">{say('sizing.tornadoSays')}</p>
      <Again site={site} run={run} />
    </div>
  )
}

/** The best sizes at other prices: the question is asked again for each, one after another. */
function Again({ site, run }: Pick<TornadoPanelProps, 'site' | 'run'>) {
  const { say } = useWords()
  const may = useMay('plan', site.id)
  const [done, setDone] = useState(0)
  const stop = useRef<AbortController>(undefined)
  const { currency } = run.output
  const asked = useMutation({
    mutationFn: async () => {
      const asking = new AbortController()
      stop.current = asking
      const { signal } = asking
      setDone(0)
      const ask = async (one: AgainCase | undefined): Promise<number> => {
        const output = await runEngine<SizeOutput>('energy.size', againInput(site, run, one), signal)
        setDone((count) => count + 1)
        return worthFound(output)
      }
      const base = await ask(undefined)
      const answers: AgainAnswer[] = []
      for (const one of againCases) answers.push({ ...one, netPresentValue: await ask(one) })
      return { base, answers }
    },
  })
  const text = (value: number | undefined): string => (value === undefined ? '–' : showMoney(value, currency).text)
  if (asked.isPending) {
    return (
      <div className="sizing-again">
        <Progress label={say('sizing.again')} share={done / (againCases.length + 1)} />
        <p className="quiet" role="status">
          {say('sizing.againDone', { done, all: againCases.length + 1 })}
        </p>
        <button type="button" className="button" onClick={() => stop.current?.abort()}>
          {say('sizing.cancel')}
        </button>
      </div>
    )
  }
  const aborted = asked.error instanceof DOMException
  return (
    <div className="sizing-again">
      {asked.data ? (
        <table className="data-table">
          <caption>{say('sizing.againSays', { worth: text(asked.data.base) })}</caption>
          <thead>
            <tr>
              <th scope="col">{say('sizing.again')}</th>
              <th scope="col" data-numeric>
                {say('sizing.swing.low')}
              </th>
              <th scope="col" data-numeric>
                {say('sizing.swing.high')}
              </th>
            </tr>
          </thead>
          <tbody>
            {againDrivers.map((driver) => (
              <tr key={driver}>
                <th scope="row">{say(`sizing.swing.${driver}`)}</th>
                {(['low', 'high'] as const).map((side) => (
                  <td key={side} data-numeric>
                    {text(
                      asked.data.answers.find((one) => one.driver === driver && one.side === side)?.netPresentValue,
                    )}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      ) : (
        <button type="button" className="button" disabled={!may} onClick={() => asked.mutate()}>
          {say('sizing.againAsk')}
        </button>
      )}
      {asked.error && !aborted && <SendProblem error={asked.error} />}
    </div>
  )
}
