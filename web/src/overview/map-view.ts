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
  show(bounds: Bounds): void
  zoomBy(steps: number): void
  /** Draws the colours of the theme anew. */
  paint(): void
  resize(): void
  remove(): void
}

/** How far beyond the outermost site a map shows, degrees: one site shows its region. */
const marginDegrees = 4

/** What has to be shown so that every site is seen, with its surroundings; the whole world without any. */
export function boundsOf(places: readonly Place[]): Bounds {
  if (places.length === 0) return { west: -170, south: -56, east: 170, north: 72 }
  const longitudes = places.map(({ longitude }) => longitude)
  const latitudes = places.map(({ latitude }) => latitude)
  return {
    west: Math.max(-180, Math.min(...longitudes) - marginDegrees),
    east: Math.min(180, Math.max(...longitudes) + marginDegrees),
    south: Math.max(-80, Math.min(...latitudes) - marginDegrees),
    north: Math.min(80, Math.max(...latitudes) + marginDegrees),
  }
}

/** The whole circle is 1 wide and high; the projection of web maps (EPSG:3857). */
export function mercator({ latitude, longitude }: Place): readonly [number, number] {
  const sine = Math.sin((Math.max(-85, Math.min(85, latitude)) * Math.PI) / 180)
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
