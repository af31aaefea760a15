import { Suspense, useState } from 'react'
import { laterPart } from '../app/later-part.ts'
import { useGuide } from './guides.ts'

const GuideDrawer = laterPart(() => import('./guide-drawer.tsx').then(({ GuideDrawer: part }) => part))

/** A guide by its title; pressed, it is read beside the page. */
export function GuideLink({ name }: { readonly name: string }) {
  const { data } = useGuide(name)
  const [open, setOpen] = useState(false)
  return (
    <>
      <button type="button" className="link" onClick={() => setOpen(true)}>
        {data?.title ?? name}
      </button>
      {open && (
        <Suspense fallback={null}>
          <GuideDrawer name={name} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  )
}
