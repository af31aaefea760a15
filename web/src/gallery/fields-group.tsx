import { useState } from 'react'
import { Checkbox } from '../ui/checkbox.tsx'
import { Combobox } from '../ui/combobox.tsx'
import { families } from '../ui/families.ts'
import { NumberField } from '../ui/number-field.tsx'
import { Select } from '../ui/select.tsx'
import { Slider } from '../ui/slider.tsx'
import { Switch } from '../ui/switch.tsx'
import { TextField } from '../ui/text-field.tsx'
import { useWords } from '../words/words.ts'

/** Fields: filled, wrong, closed. */
export function Fields() {
  const { say } = useWords()
  const [name, setName] = useState('')
  const [limitKw, setLimitKw] = useState(3600)
  const [family, setFamily] = useState<(typeof families)[number]>()
  const [searched, setSearched] = useState<(typeof families)[number]>('battery')
  const [reserve, setReserve] = useState(0.2)
  const options = families.map((id) => ({ id, title: say(`kind.${id}`), disabled: id === 'hydrogen' }))
  return (
    <div className="gallery-form">
      <TextField
        label={say('gallery.name')}
        value={name}
        hint={say('gallery.nameHint')}
        placeholder={say('gallery.namePlaceholder')}
        onChange={setName}
      />
      <NumberField
        label={say('gallery.limit')}
        value={limitKw}
        unit="kW"
        min={0}
        step={10}
        error={limitKw > 3000 || Number.isNaN(limitKw) ? say('gallery.limitWrong') : undefined}
        onChange={setLimitKw}
      />
      <Select
        label={say('gallery.family')}
        options={options}
        value={family}
        placeholder={say('gallery.familyNone')}
        onChange={setFamily}
      />
      <Combobox
        label={say('gallery.familySearch')}
        options={options}
        value={searched}
        search={say('gallery.search')}
        empty={say('gallery.searchNone')}
        onChange={setSearched}
      />
      <Slider
        label={say('gallery.reserve')}
        value={reserve}
        unit="1"
        min={0}
        max={1}
        step={0.05}
        onChange={setReserve}
      />
      <NumberField label={say('gallery.closed')} value={42} unit="kWh" disabled onChange={() => undefined} />
      <Toggles />
    </div>
  )
}

function Toggles() {
  const { say } = useWords()
  const [on, setOn] = useState(true)
  const [chosen, setChosen] = useState(true)
  return (
    <>
      <div className="gallery-row">
        <Switch label={say('gallery.on')} checked={on} onChange={setOn} />
        <Switch label={say('gallery.closed')} checked={false} disabled onChange={() => undefined} />
      </div>
      <div className="gallery-row">
        <Checkbox label={say('gallery.chosen')} checked={chosen} onChange={setChosen} />
        <Checkbox label={say('gallery.some')} checked="some" onChange={() => undefined} />
        <Checkbox label={say('gallery.closed')} checked={false} disabled onChange={() => undefined} />
      </div>
    </>
  )
}
