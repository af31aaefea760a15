interface ChooseManyProps {
  readonly label: string
  readonly options: readonly { readonly id: string; readonly title: string }[]
  readonly chosen: readonly string[]
  onChange(chosen: readonly string[]): void
}

/** Some of a few, each with a box. */
export const ChooseMany = ({ label, options, chosen, onChange }: ChooseManyProps) => (
  <fieldset className="access-many">
    <legend>{label}</legend>
    {options.map(({ id, title }) => (
      <label key={id} className="access-check">
        <input
          type="checkbox"
          checked={chosen.includes(id)}
          onChange={({ target }) => onChange(target.checked ? [...chosen, id] : chosen.filter((other) => other !== id))}
        />
        <span className="access-cut" title={title}>
          {title}
        </span>
      </label>
    ))}
  </fieldset>
)
