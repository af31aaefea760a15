import { ToggleGroup } from 'radix-ui'

interface SegmentedProps<Id extends string> {
  readonly label: string
  readonly options: readonly { readonly id: Id; readonly title: string }[]
  readonly value: Id
  onChange(id: NoInfer<Id>): void
}

/** One of a few, all in sight; arrow keys move between them. */
export const Segmented = <Id extends string>({ label, options, value, onChange }: SegmentedProps<Id>) => (
  <ToggleGroup.Root
    type="single"
    className="choice"
    aria-label={label}
    value={value}
    onValueChange={(next) => next !== '' && onChange(next as Id)}
  >
    {options.map(({ id, title }) => (
      <ToggleGroup.Item key={id} value={id} className="choice-item">
        {title}
      </ToggleGroup.Item>
    ))}
  </ToggleGroup.Root>
)
