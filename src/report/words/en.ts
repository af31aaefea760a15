/** What the renderings say themselves. */
export interface RenderingWords {
  readonly contents: string
  readonly page: (page: number, pages: number) => string
  readonly evidence: string
  readonly runBy: (engine: string, version: string, moment: string) => string
  readonly figure: string
  readonly table: string
  readonly unknown: string
  readonly exact: string
  readonly factors: string
  readonly overview: string
  readonly value: string
  readonly unit: string
  readonly source: string
  readonly colon: string
}

export const en: RenderingWords = {
  contents: 'Contents',
  page: (page, pages) => `Page ${page} of ${pages}`,
  evidence: 'Evidence',
  runBy: (engine, version, moment) => `${engine} ${version}, run at ${moment}`,
  figure: 'Figure',
  table: 'Table',
  unknown: 'not known',
  exact: 'Exact value',
  factors: 'Factors',
  overview: 'Overview',
  value: 'Value',
  unit: 'Unit',
  source: 'Place in the output of the run',
  colon: ': ',
}
