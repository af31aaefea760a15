import { ArrowLeft, X } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useSite } from '../api/queries.ts'
import { Value } from '../ui/figure.tsx'
import { useWords } from '../words/words.ts'
import { closePedigree, type Pedigree, showPedigree } from './pedigree.ts'
import { PointPedigree } from './point-pedigree.tsx'
import { RunPedigree } from './run-pedigree.tsx'
import './pedigree.css'

interface PedigreeDrawerProps {
  readonly site: string
  readonly from: Pedigree
}

/** Beside the page: where the number comes from that was pressed last. The page stays usable; Esc closes it. */
export function PedigreeDrawer({ site, from }: PedigreeDrawerProps) {
  const { say } = useWords()
  const zone = useSite(site).data?.zone ?? 'UTC'
  const head = useRef<HTMLHeadingElement>(null)
  const [before, setBefore] = useState<readonly Pedigree[]>([])
  /** Shown by a press within the drawer: the way back is kept. */
  const inner = useRef<Pedigree>(undefined)
  useEffect(() => {
    head.current?.focus({ preventScroll: true })
    if (inner.current !== from) setBefore([])
  }, [from])
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (
        event.key !== 'Escape' ||
        event.defaultPrevented ||
        document.querySelector('[role="dialog"][data-state="open"]')
      )
        return
      closePedigree()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [])
  const open = (next: Pedigree): void => {
    inner.current = next
    setBefore([...before, from])
    showPedigree(next)
  }
  const back = before.at(-1)
  return (
    <aside className="pedigree" aria-labelledby="pedigree-title">
      <header className="pedigree-head">
        {back && (
          <button
            type="button"
            className="button plain icon"
            title={say('pedigree.back')}
            onClick={() => {
              inner.current = back
              setBefore(before.slice(0, -1))
              showPedigree(back)
            }}
          >
            <ArrowLeft size={18} aria-hidden />
            <span className="visually-hidden">{say('pedigree.back')}</span>
          </button>
        )}
        <h2 id="pedigree-title" ref={head} tabIndex={-1}>
          {say('pedigree.title')}
        </h2>
        <button type="button" className="button plain icon" title={`${say('app.close')} (Esc)`} onClick={closePedigree}>
          <X size={18} aria-hidden />
          <span className="visually-hidden">{say('app.close')}</span>
        </button>
      </header>
      {from.kind === 'point' && (
        <PointPedigree key={`${from.ref} ${from.timestampMs}`} from={from} zone={zone} onOpen={open} />
      )}
      {from.kind === 'run' && <RunPedigree key={from.run} from={from} zone={zone} />}
      {from.kind === 'formula' && <FormulaPedigree from={from} onOpen={open} />}
    </aside>
  )
}

interface FormulaPedigreeProps {
  readonly from: Extract<Pedigree, { kind: 'formula' }>
  onOpen(from: Pedigree): void
}

function FormulaPedigree({ from: { title, formula, parts }, onOpen }: FormulaPedigreeProps) {
  const { say } = useWords()
  return (
    <>
      <h3 className="pedigree-name">{title}</h3>
      <p>{formula}</p>
      <section>
        <h4>{say('pedigree.parts')}</h4>
        {parts.length === 0 && <p className="quiet">{say('pedigree.noParts')}</p>}
        <ul className="pedigree-parts">
          {parts.map(({ label, value, unit, from }) => (
            <li key={`${label} ${unit}`}>
              {from ? (
                <button type="button" className="pedigree-part" onClick={() => onOpen(from)}>
                  {label}
                </button>
              ) : (
                <span>{label}</span>
              )}
              <Value value={value} unit={unit} />
            </li>
          ))}
        </ul>
      </section>
    </>
  )
}
