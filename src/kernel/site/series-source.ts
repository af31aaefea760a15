/**
 * Where the values of a series come from, as a site file says it:
 * a constant; a daily profile (n values share the local day evenly); values from a start; an observation; a file.
 */
export type SeriesSource = number | readonly number[] | SeriesValues | ObservationSource | FileSource

/** Inline values from `start` (ISO 8601, local when without offset), one every `step` ("15m", "1h"). */
export interface SeriesValues {
  readonly values: readonly (number | null)[]
  readonly start: string
  readonly step: string
  readonly unit?: string
}

/** A point of the store: `<asset>.<point>`. */
export interface ObservationSource {
  readonly observation: string
}

/** A column of a CSV file, read as the file is. */
export interface FileSource {
  readonly file: string
  /** Header name of the value column. */
  readonly column: string
  /** Unit of the column as exported: `kWh`, `USD/MWh`, `gCO2e/kWh`. */
  readonly unit: string
  /** `rate`: the value holds during the step. `step`: the value is the amount of one step (kWh a step becomes kW). */
  readonly per?: 'rate' | 'step'
  readonly time: {
    readonly column: string
    /** `ISO` or a pattern of YYYY MM DD HH mm ss, e.g. `DD/MM/YYYY HH:mm`. Default `ISO`. */
    readonly format?: string
    /** IANA zone of stamps without offset. Default: the site's zone. */
    readonly zone?: string
    /** Whether a stamp marks the start or the end of its step. Default `start`. */
    readonly label?: 'start' | 'end'
  }
  /** Step of the file; default: the most frequent distance of its stamps. */
  readonly step?: string
  /** Multiplies the values (currency conversion, scaling a donor load). Default 1. */
  readonly scale?: number
  /**
   * How a year that the file does not cover is served: `none` (it is missing), `calendar` (same month, day and hour
   * of the file's year) or `weekday` (the nearest date of the file's year with the same weekday). Default `none`.
   */
  readonly align?: 'none' | 'calendar' | 'weekday'
}
