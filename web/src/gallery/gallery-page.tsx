import './gallery.css'
import { chooseDensity, densities, useDensity } from '../app/density.ts'
import { useSiteId } from '../app/moment.ts'
import { Segmented } from '../ui/segmented.tsx'
import { Failure } from '../ui/states.tsx'
import { useWords } from '../words/words.ts'
import { Buttons } from './buttons-group.tsx'
import { Charts } from './charts-group.tsx'
import { Inks, Palette } from './colours.tsx'
import { Fields } from './fields-group.tsx'
import { Figures, Tables } from './figures-group.tsx'
import { Floats } from './floats-group.tsx'
import { ToneMarks, Waiting } from './states-group.tsx'
import { Themed } from './themed.tsx'

/** Every part of the console in every state and theme: where one looks before one builds a page, and after one changed a part. */
export function GalleryPage() {
  const { say } = useWords()
  const site = useSiteId()
  const density = useDensity()
  return (
    <div className="gallery">
      <header className="gallery-head">
        <h1>{say('page.gallery')}</h1>
        <p className="quiet">{say('gallery.says')}</p>
        <Segmented
          label={say('gallery.density')}
          options={(['auto', ...densities] as const).map((id) => ({ id, title: say(`gallery.density.${id}`) }))}
          value={density ?? 'auto'}
          onChange={(id) => chooseDensity(id === 'auto' ? undefined : id)}
        />
      </header>
      <Themed id="inks" title={say('gallery.inks')}>
        {() => <Inks />}
      </Themed>
      <Themed id="palette" title={say('gallery.palette')}>
        {() => <Palette />}
      </Themed>
      <Themed id="states" title={say('gallery.states')}>
        {() => <ToneMarks />}
      </Themed>
      <Themed id="buttons" title={say('gallery.buttons')}>
        {() => <Buttons />}
      </Themed>
      <Themed id="fields" title={say('gallery.fields')}>
        {() => <Fields />}
      </Themed>
      <Themed id="figures" title={say('gallery.figures')}>
        {() => <Figures site={site} />}
      </Themed>
      <Themed id="tables" title={say('gallery.tables')}>
        {() => <Tables />}
      </Themed>
      <Themed id="waiting" title={say('gallery.waiting')}>
        {() => <Waiting />}
      </Themed>
      <Themed id="failure" title={say('gallery.failure')}>
        {() => <Failure error={new Error(say('gallery.failureText'))} retry={() => undefined} />}
      </Themed>
      <Themed id="charts" title={say('gallery.charts')}>
        {() => <Charts />}
      </Themed>
      <section className="gallery-group" id="floats" aria-label={say('gallery.floats')}>
        <h2>{say('gallery.floats')}</h2>
        <Floats />
      </section>
    </div>
  )
}
