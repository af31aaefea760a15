/** Modes of ISO 14083 that are known here; cable cars and pipelines are not. */
export const transportModes = ['road', 'rail', 'air', 'sea', 'inland-water'] as const
export type TransportMode = (typeof transportModes)[number]
