import type { Setpoint } from '../field/field-queries.ts'

const isOf = (asset: string, ref: string | undefined): boolean => ref?.startsWith(`${asset}.`) === true

/** Setpoints that an asset is told by, or does what they say. */
export const setpointsOf = <Own extends Pick<Setpoint, 'ref' | 'readBack'>>(
  asset: string,
  setpoints: readonly Own[],
): readonly Own[] => setpoints.filter(({ ref, readBack }) => isOf(asset, ref) || isOf(asset, readBack?.ref))
