/** Geographic place. */
export interface Location {
  /** Degrees north. */
  readonly latitude: number
  /** Degrees east. */
  readonly longitude: number
  /** Metres above sea level. */
  readonly altitudeM: number
}

/** A thing of the site with a kind; the rest of its fields are declared by the kind's schema. */
export interface Asset {
  readonly id: string
  readonly kind: string
  readonly title: string
  readonly [field: string]: unknown
}

/**
 * A site as read and checked: all quantities are numbers in the canonical unit their name tells, defaults filled in.
 * Sections besides the fixed ones (`tariff`, `limits`, `wishes`, `weather` …) are declared by packs.
 */
export interface Site {
  readonly id: string
  readonly name: string
  readonly location: Location
  /** IANA time zone. */
  readonly zone: string
  /** ISO 4217. */
  readonly currency: string
  /** In the order of the file. */
  readonly assets: readonly Asset[]
  readonly sections: Readonly<Record<string, unknown>>
  /** Where it was read: relative files of the site are relative to this file. */
  readonly source: { readonly file: string; readonly sha256: string }
}
