/**
 * Lower heating value of hydrogen, kWh/kg (NREL/electrolyzer `PEM_cell.lhv`; ISO 14687 rounds to 33.3). Hydrogen buses
 * carry kW of it.
 */
export const hydrogenKwhPerKg = 33.33
