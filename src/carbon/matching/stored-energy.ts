/** A battery as matching sees it. */
export interface StoreSpec {
  readonly chargeEfficiency: number
  readonly dischargeEfficiency: number
  /** Whole watt-hours. */
  readonly initialWh: number
  readonly initialCleanWh: number
}

/** What left a battery in an hour, whole watt-hours. */
export interface Discharged {
  /** Of what was given, from a clean source. */
  readonly cleanWh: number
  /** Given without having been stored. */
  readonly unexplainedWh: number
}

/** Stored energy that remembers how much of it is clean. */
export interface StoredEnergy {
  /** @param cleanWh at most `drawnWh` */
  charge(drawnWh: number, cleanWh: number): void
  discharge(givenWh: number): Discharged
  /** What it could give at most. */
  available(): number
  readonly state: {
    readonly storedWh: number
    readonly cleanWh: number
    readonly lostWh: number
    readonly lostCleanWh: number
  }
}

/**
 * Keeps stored energy in whole watt-hours, so that what goes in comes out, is lost, or is still there, to the last one. Clean and
 * other energy mix: what is taken out, and what is lost, has the clean share of what is stored at that moment. That attributes follow
 * the energy less its losses is the rule of EnergyTag (Granular Certificate Scheme Standard 2); that they mix is ours, where others
 * take out first what came in first.
 */
export function createStoredEnergy({ chargeEfficiency, dischargeEfficiency, ...initial }: StoreSpec): StoredEnergy {
  const state = { storedWh: initial.initialWh, cleanWh: initial.initialCleanWh, lostWh: 0, lostCleanWh: 0 }
  return {
    state,
    charge(drawnWh, cleanWh) {
      const kept = Math.floor(drawnWh * chargeEfficiency + 1e-6)
      const keptClean = drawnWh === 0 ? 0 : Math.round((kept * cleanWh) / drawnWh)
      state.storedWh += kept
      state.cleanWh += keptClean
      state.lostWh += drawnWh - kept
      state.lostCleanWh += cleanWh - keptClean
    },
    available: () => Math.floor(state.storedWh * dischargeEfficiency + 1e-6),
    discharge(givenWh) {
      const explained = Math.min(givenWh, this.available())
      if (explained === 0) return { cleanWh: 0, unexplainedWh: givenWh }
      const taken = Math.min(state.storedWh, Math.ceil(explained / dischargeEfficiency - 1e-6))
      const takenClean = Math.round((taken * state.cleanWh) / state.storedWh)
      const clean = Math.round((explained * takenClean) / taken)
      state.storedWh -= taken
      state.cleanWh -= takenClean
      state.lostWh += taken - explained
      state.lostCleanWh += takenClean - clean
      return { cleanWh: clean, unexplainedWh: givenWh - explained }
    },
  }
}
