/** The page that shows the pictures. */
export const shotsReadme = (names: readonly string[]): string =>
  [
    '# Pictures of the console',
    '',
    'The living example park (`examples/liyang-park`), as `npm run shots` takes it: every page in light and dark, some on a phone. These',
    'stand in the repository; the others are made on your machine.',
    '',
    ...names.flatMap((name) => [`## ${titleOf(name)}`, '', `![${titleOf(name)}](${name}.webp)`, '']),
  ]
    .join('\n')
    .trimEnd()
    .concat('\n')

/** `park-light-phone` is called “Park, light, phone”. */
const titleOf = (name: string): string => {
  const [page = '', ...rest] = name.split('-')
  return [page.charAt(0).toUpperCase() + page.slice(1), ...rest].join(', ')
}
