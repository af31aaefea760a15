/** How discharged energy is given its carbon: the average of the store, what came first, or the cleanest there is. */
export const poolRules = ['mixed', 'fifo', 'clean-first'] as const
export type PoolRule = (typeof poolRules)[number]

/** Energies are whole numbers of 10⁻⁹ kWh. */
export const energyDecimals = 9
/** Intensities are whole numbers of 10⁻¹² kg/kWh. */
export const intensityDecimals = 12
/** Masses are whole numbers of 10⁻²¹ kg, as an energy times an intensity is. */
export const carbonDecimals: number = energyDecimals + intensityDecimals

/** A number as a whole number of its smallest parts. */
export const wholeOf = (value: number, decimals: number): bigint => BigInt(value.toFixed(decimals).replace('.', ''))

/** Energy that shares its carbon. */
interface Layer {
  energy: bigint
  carbon: bigint
}

/** Energy in a store with the carbon it carries, in whole smallest parts: nothing rounds but where a share is taken, and there the rest stays. */
export interface StoreCarbon {
  put(energy: bigint, carbon: bigint): void
  /** Takes energy out, no more than there is; its carbon. */
  take(energy: bigint): bigint
  /** Energy that goes without being used: its carbon stays with what is left. */
  lose(energy: bigint): void
  energy(): bigint
  carbon(): bigint
}

/**
 * @param rule of discharge. Whatever the rule, what was put in is what was taken out and what is left, to the last digit: a share of a
 * layer is cut by whole numbers, and its rest stays in the store. The last of a layer's energy takes all of its carbon.
 */
export function createStoreCarbon(rule: PoolRule): StoreCarbon {
  let layers: Layer[] = []
  const sum = (of: keyof Layer): bigint => layers.reduce((all, layer) => all + layer[of], 0n)
  /** The layer that is drawn from next. */
  const nextAt = (): number => {
    if (rule !== 'clean-first') return 0
    let best = 0
    for (let k = 1; k < layers.length; k += 1) {
      const [one, other] = [layers[k]!, layers[best]!]
      if (one.carbon * other.energy < other.carbon * one.energy) best = k
    }
    return best
  }
  return {
    put(energy, carbon) {
      if (energy <= 0n) {
        // Carbon never goes lost: with nothing stored of it, it joins what is there.
        const last = layers.at(-1)
        if (last) last.carbon += carbon
        else if (carbon !== 0n) layers.push({ energy: 0n, carbon })
        return
      }
      const last = layers.at(-1)
      const joins = last && (rule === 'mixed' || last.energy === 0n || last.carbon * energy === carbon * last.energy)
      if (joins) {
        last.energy += energy
        last.carbon += carbon
      } else layers.push({ energy, carbon })
    },
    take(energy) {
      let [left, taken] = [energy, 0n]
      while (left > 0n && layers.length > 0) {
        const at = nextAt()
        const layer = layers[at]!
        if (layer.energy <= left) {
          left -= layer.energy
          taken += layer.carbon
          layers.splice(at, 1)
          continue
        }
        const share = (layer.carbon * left) / layer.energy
        layer.energy -= left
        layer.carbon -= share
        taken += share
        left = 0n
      }
      return taken
    },
    lose(energy) {
      const all = sum('energy')
      if (energy <= 0n || all === 0n) return
      if (energy >= all) {
        layers = [{ energy: 0n, carbon: sum('carbon') }]
        return
      }
      let gone = 0n
      layers.forEach((layer, k) => {
        const share = k === layers.length - 1 ? energy - gone : (layer.energy * energy) / all
        layer.energy -= share
        gone += share
      })
    },
    energy: () => sum('energy'),
    carbon: () => sum('carbon'),
  }
}
