/** What the frame can do, for its menu and its palette. */
export interface FrameActions {
  /** Back to now. */
  now(): void
  /** Puts the page on a wall, or takes it down. */
  wall(): void
  /** Copies a link to the view, with its moment. */
  copy(): void
  print(): void
  help(): void
}
