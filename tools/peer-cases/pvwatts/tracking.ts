import type { Plane } from '../../../src/weather/index.ts'

const RAD = Math.PI / 180

/** How far PVWatts lets a one-axis tracker turn from horizontal, deg. Source: NREL/TP-6A20-62641, section 7. */
export const rotationLimitDeg = 45

export interface TrackerAxis {
  /** Tilt of the axis from horizontal. */
  readonly tiltDeg: number
  /** Where the axis points, clockwise from north. */
  readonly azimuthDeg: number
}

/**
 * Rotation that turns a one-axis tracker's plane to the Sun as far as its axis allows, deg; positive clockwise looking
 * along the axis, up to ±180.
 * Source: Anderson & Mikofski, Slope-Aware Backtracking for Single-Axis Trackers, NREL/TP-5K00-76626 (2020), eq. 5.
 */
export function trueRotationDeg(axis: TrackerAxis, zenithDeg: number, azimuthDeg: number): number {
  const sine = Math.sin(zenithDeg * RAD)
  const across = sine * Math.sin((azimuthDeg - axis.azimuthDeg) * RAD)
  const up =
    sine * Math.cos((azimuthDeg - axis.azimuthDeg) * RAD) * Math.sin(axis.tiltDeg * RAD) +
    Math.cos(zenithDeg * RAD) * Math.cos(axis.tiltDeg * RAD)
  return Math.atan2(across, up) / RAD
}

/** Rotation at which rows do not shade each other, deg. Source: as above, eq. 14 with level ground. */
export function backtrackedRotationDeg(rotationDeg: number, groundCoverage: number): number {
  const share = Math.abs(Math.cos(rotationDeg * RAD)) / groundCoverage
  return share >= 1 ? rotationDeg : rotationDeg - Math.sign(rotationDeg) * (Math.acos(share) / RAD)
}

/** Share of a row that the row before it shades, 0 to 1. Source: as above, eq. 32 with level ground. */
export function shadedShare(rotationDeg: number, trueDeg: number, groundCoverage: number): number {
  const height = Math.sin(rotationDeg * RAD) * Math.tan(trueDeg * RAD) + Math.cos(rotationDeg * RAD)
  const share = (groundCoverage * height - 1) / (groundCoverage * height)
  return Number.isFinite(share) ? Math.min(1, Math.max(0, share)) : 0
}

/** The plane of a tracker at a rotation. */
export function planeAtRotation(axis: TrackerAxis, rotationDeg: number): Plane {
  const cosine = Math.cos(rotationDeg * RAD)
  return {
    tiltDeg: Math.acos(cosine * Math.cos(axis.tiltDeg * RAD)) / RAD,
    azimuthDeg: axis.azimuthDeg + Math.atan2(Math.sin(rotationDeg * RAD), cosine * Math.sin(axis.tiltDeg * RAD)) / RAD,
  }
}
