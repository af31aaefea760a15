/** A place on the earth, degrees. */
export interface Place {
  readonly latitude: number
  readonly longitude: number
}

/** Corners of what is shown, degrees. */
export interface Bounds {
  readonly west: number
  readonly south: number
  readonly east: number
  readonly north: number
}

/** A map that is drawn, by whichever means: marks are laid over it by where it shows a place. */
export interface MapView {
  /** CSS pixels from the top left corner. */
  toPx(place: Place): readonly [number, number]
  /** The point of a coast that is nearest to a place. */
  coastNear(place: Place): Place | undefined
  show(bounds: Bounds): void
  zoomBy(steps: number): void
  /** Draws the colours of the theme anew. */
  paint(): void
  resize(): void
  remove(): void
}

/** How far beyond the outermost point a map shows: one site shows its region, many leave room for their names. */
const leastMarginDegrees = 4
const marginShare = 0.15

/**
 * What has to be shown so that every site is seen, with its surroundings, and a coast: inland there is nothing else to know a place by.
 * The whole world without any site.
 */
export function boundsWithCoast(places: readonly Place[], coastNear: MapView['coastNear']): Bounds {
  const bounds = boundsOf(places)
  if (places.length === 0) return bounds
  const { west, south, east, north } = bounds
  const coast = coastNear({ latitude: (south + north) / 2, longitude: (west + east) / 2 })
  const isSeen =
    !coast || (coast.longitude > west && coast.longitude < east && coast.latitude > south && coast.latitude < north)
  return isSeen ? bounds : boundsOf([...places, coast])
}

/** What has to be shown so that every place is seen, with its surroundings. */
export function boundsOf(places: readonly Place[]): Bounds {
  if (places.length === 0) return { west: -170, south: -56, east: 170, north: 72 }
  const longitudes = places.map(({ longitude }) => longitude)
  const latitudes = places.map(({ latitude }) => latitude)
  const [west, east] = withMargin(longitudes, 180)
  const [south, north] = withMargin(latitudes, 80)
  return { west, east, south, north }
}

function withMargin(values: readonly number[], limit: number): readonly [number, number] {
  const [least, most] = [Math.min(...values), Math.max(...values)]
  const margin = Math.max(leastMarginDegrees, marginShare * (most - least))
  return [Math.max(-limit, least - margin), Math.min(limit, most + margin)]
}

/** The whole circle is 1 wide and high; the projection of web maps (EPSG:3857). */
export function mercator({ latitude, longitude }: Place): readonly [number, number] {
  const sine = Math.sin((Math.max(-85.051129, Math.min(85.051129, latitude)) * Math.PI) / 180)
  return [(longitude + 180) / 360, 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)]
}

/** Which marks have room for their name: from the most urgent down, none over another. Widths are reckoned from letters. */
export function withNames(
  marks: readonly { readonly id: string; readonly xPx: number; readonly yPx: number; readonly name: string }[],
): ReadonlySet<string> {
  const taken: { left: number; right: number; top: number; bottom: number }[] = marks.map(({ xPx, yPx }) => ({
    ...{ left: xPx - 12, right: xPx + 12, top: yPx - 12, bottom: yPx + 12 },
  }))
  const named = new Set<string>()
  marks.forEach(({ id, xPx, yPx, name }, index) => {
    const width = Math.min(200, 16 + 7.5 * [...name].reduce((sum, letter) => sum + (letter > '\u2e80' ? 2 : 1), 0))
    const box = { left: xPx + 12, right: xPx + 16 + width, top: yPx - 12, bottom: yPx + 12 }
    const free = taken.every(
      (other, k) =>
        k === index ||
        other.right <= box.left ||
        other.left >= box.right ||
        other.bottom <= box.top ||
        other.top >= box.bottom,
    )
    if (!free) return
    named.add(id)
    taken.push(box)
  })
  return named
}
