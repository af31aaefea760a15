import { type Shown, show } from '../format/numbers.ts'

/** A value with its unit, the unit smaller and lighter. */
export const Figure = ({ text, unit }: Shown) => (
  <span className="figure">
    {text}
    {unit !== '' && <span className="unit">{unit}</span>}
  </span>
)

/** A measured or planned value; a dash where it is not known. */
export const Value = ({ value, unit }: { readonly value: number | undefined; readonly unit: string }) =>
  value === undefined ? <span className="figure">–</span> : <Figure {...show(value, unit)} />
