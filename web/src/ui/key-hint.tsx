/** Keys that do a thing, one after the other: `g p`. */
export const KeyHint = ({ keys }: { readonly keys: string }) => (
  <span className="ui-keys">
    {keys.split(' ').map((key) => (
      <kbd key={key}>{key}</kbd>
    ))}
  </span>
)
