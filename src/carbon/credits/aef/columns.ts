/** Tables of the agreed electronic format that this house fills. */
export const aefTableNames = ['submission', 'authorizations', 'actions', 'holdings'] as const
export type AefTableName = (typeof aefTableNames)[number]

/** A row by its headings. What nobody told is `null`, and is told as missing where the format asks for it. */
export type AefRow = Readonly<Record<string, string | null>>

const unit = [
  ...['First transferring participating Party ID', 'Party ITMO registry ID', 'First ID', 'Last ID'],
  ...['Underlying unit registry ID', 'First unit ID', 'Last unit ID'],
  ...['Metric', 'Applicable GWP value(s)', 'Applicable non-GHG metric'],
  ...['Quantity (t CO2 eq)', 'Quantity (in non-GHG metric)', 'Mitigation type', 'Vintage'],
] as const

/**
 * Headings of each table, in their order: agreed electronic format of Article 6, paragraph 2 (decision 2/CMA.3, annex, chapter IV.B;
 * outlined in decision 6/CMA.4, annex II; tables of decision 4/CMA.6). Table 5, of authorised entities, is not filled: events of credits
 * name no entities.
 */
export const aefColumns: Readonly<Record<AefTableName, readonly string[]>> = {
  submission: [
    ...['Party', 'Version', 'Reported year', 'Date of submission', 'Review status of the initial report'],
    'Result of the consistency check of this AEF submission',
    ...['First year of the NDC implementation period', 'Last year of the NDC implementation period'],
    'Reference to the Article 6 technical expert review report of the initial report',
  ],
  authorizations: [
    ...['Authorization ID', 'Date of authorization', 'Cooperative approach ID', 'Version of the authorization'],
    ...['Authorized quantity', 'Metric', 'Applicable GWP value(s)', 'Applicable non-GHG metric'],
    ...['Sector(s)', 'Activity type(s)', 'Purposes for authorization'],
    ...['Authorized Party(ies) ID', 'Authorized entity(ies) ID', 'OIMP authorized by the Party'],
    ...['Authorized timeframe', 'Authorization terms and conditions', 'Authorization documentation'],
    ...['First transfer definition for OIMP', 'Additional explanatory information'],
  ],
  actions: [
    ...['Action date', 'Action type', 'Action subtype', 'Cooperative approach ID', 'Authorization ID'],
    ...unit,
    ...['Transferring participating Party ID', 'Acquiring participating Party ID'],
    'Purpose for which the ITMO has been used towards or cancelled for OIMP',
    ...['Using/cancelling participating Party ID', 'Using/cancelling authorized entity ID'],
    "Calendar year for which the ITMOs are used towards the Party's NDC",
    ...['Result of the consistency checks', 'Additional explanatory information'],
  ],
  holdings: ['Cooperative approach ID', 'Authorization ID', ...unit],
}

/** Why the shape has to be held against its documents before it is handed in. */
export const aefVerify =
  'Headings, their order and the words of action types were read in public checkers of the format, not in decisions 6/CMA.4 and 4/CMA.6'

/** Filled by the platform of the secretariat, never by a party. */
export const filledByPlatform: ReadonlySet<string> = new Set([
  'Review status of the initial report',
  'Result of the consistency check of this AEF submission',
  'Reference to the Article 6 technical expert review report of the initial report',
  'Result of the consistency checks',
])

/** Row of a table with every heading, `null` where nothing is told. @throws a bug where a heading is not of the table */
export function aefRow(table: AefTableName, told: AefRow): AefRow {
  const strange = Object.keys(told).find((heading) => !aefColumns[table].includes(heading))
  if (strange !== undefined) throw new RangeError(`${table} has no column ${strange}`)
  return Object.fromEntries(aefColumns[table].map((heading) => [heading, told[heading] ?? null]))
}
