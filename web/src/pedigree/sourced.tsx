import type { ReactNode } from 'react'
import { useWords } from '../words/words.ts'
import { type Pedigree, showPedigree } from './pedigree.ts'

/** A number that opens its pedigree when it is pressed. */
export function Sourced({ from, children }: { readonly from: Pedigree; readonly children: ReactNode }) {
  const { say } = useWords()
  return (
    <button type="button" className="sourced" title={say('pedigree.open')} onClick={() => showPedigree(from)}>
      {children}
    </button>
  )
}
