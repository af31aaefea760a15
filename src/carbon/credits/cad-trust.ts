import type { CreditBook } from './credit-book.ts'

/** A unit of the Climate Action Data Trust data model, version 2: fields as the model names them. */
export interface CadTrustUnit {
  readonly warehouseUnitId: string
  readonly projectLocationId: string
  readonly unitOwner: string
  readonly countryJurisdictionOfOwner: string
  readonly vintageYear: number
  readonly unitType:
    | 'Reduction - nature'
    | 'Reduction - technical'
    | 'Removal - nature'
    | 'Removal - technical'
    | 'Not Determined'
  readonly unitBlockStart: string
  readonly unitBlockEnd: string
  readonly unitCount: string
  readonly unitStatus: 'Held' | 'For Sale' | 'Retired' | 'Cancelled'
  readonly unitStatusReason?: string
  readonly correspondingAdjustmentDeclaration: 'Committed' | 'Not Required' | 'Unknown'
  readonly correspondingAdjustmentStatus: 'Not Started' | 'Pending' | 'Completed'
}

export interface CadTrustProject {
  readonly projectId: string
  readonly projectName: string
  readonly program: string
  readonly methodology: string
  readonly projectStatus: 'Registered' | 'Validated'
  readonly units: readonly CadTrustUnit[]
}

const statuses = { active: 'Held', offered: 'For Sale', retired: 'Retired', cancelled: 'Cancelled' } as const
const adjustments = { none: 'Not Started', due: 'Pending', made: 'Completed' } as const

/**
 * Projects and units in the shape of the Climate Action Data Trust data model. Counts and serials are texts, so that none is cut
 * by a reader's numbers; `unitType` is left undetermined, for events do not say it.
 */
export function cadTrustExport(book: Omit<CreditBook, 'take'>): readonly CadTrustProject[] {
  return book.projects().map(({ id, title, programme, methodology, validated, authorised }) => ({
    ...{ projectId: id, projectName: title, program: programme, methodology },
    projectStatus: validated ? 'Validated' : 'Registered',
    units: book.vintages(id).flatMap((vintage) =>
      book.runs(id, vintage).map(
        ({ start, end, holder, status, party, adjustment, by }): CadTrustUnit => ({
          ...{ warehouseUnitId: `${id}-${vintage}-${start}-${end}`, projectLocationId: id, unitOwner: holder },
          ...{ countryJurisdictionOfOwner: party, vintageYear: vintage, unitType: 'Not Determined' },
          ...{ unitBlockStart: String(start), unitBlockEnd: String(end), unitCount: String(end - start + 1n) },
          unitStatus: statuses[status],
          ...(by === undefined ? {} : { unitStatusReason: by }),
          correspondingAdjustmentDeclaration:
            adjustment === 'none' ? (authorised.length > 0 ? 'Unknown' : 'Not Required') : 'Committed',
          correspondingAdjustmentStatus: adjustments[adjustment],
        }),
      ),
    ),
  }))
}
