export * from './aef-csv.ts'
export * from './aef-tables.ts'
export { type AefRow, type AefTableName, aefColumns, aefTableNames, filledByPlatform } from './columns.ts'
export { partyCode } from './party-code.ts'
