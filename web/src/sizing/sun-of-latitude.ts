/** The day of each month whose sun is nearest to the month's mean (Klein 1977, Solar Energy 19(4), table 1). */
const meanDays = [17, 47, 75, 105, 135, 162, 198, 228, 258, 288, 318, 344]
const solarConstantKwPerM2 = 1.367
/** Share of what falls on top of the air that reaches the ground; 0.45 to 0.65 is usual. */
const clearness = 0.5
const radians = (degrees: number): number => (degrees * Math.PI) / 180

/** Extraterrestrial sun on a level square metre, kWh a day (Duffie & Beckman, Solar Engineering of Thermal Processes, 4th ed., eq. 1.10.3). */
export function extraterrestrialKwhPerDay(latitudeDeg: number, dayOfYear: number): number {
  const declination = radians(23.45 * Math.sin((2 * Math.PI * (284 + dayOfYear)) / 365))
  const latitude = radians(latitudeDeg)
  const sunset = Math.acos(Math.min(1, Math.max(-1, -Math.tan(latitude) * Math.tan(declination))))
  const distance = 1 + 0.033 * Math.cos((2 * Math.PI * dayOfYear) / 365)
  const level =
    Math.cos(latitude) * Math.cos(declination) * Math.sin(sunset) + sunset * Math.sin(latitude) * Math.sin(declination)
  return Math.max(0, (24 / Math.PI) * solarConstantKwPerM2 * distance * level)
}

/** A first guess of the sun of a place, January first, kWh/m² a day. */
export const sunOfLatitude = (latitudeDeg: number): readonly number[] =>
  meanDays.map((day) => Math.round(clearness * extraterrestrialKwhPerDay(latitudeDeg, day) * 100) / 100)

/** A rough guess of the air, °C: warm at the equator, cooler and with seasons away from it. */
export function temperatureOfLatitude(latitudeDeg: number): readonly number[] {
  const away = Math.max(0, Math.abs(latitudeDeg) - 15)
  const mean = 27 - 0.45 * away
  const swing = 0.28 * Math.abs(latitudeDeg)
  const warmest = latitudeDeg >= 0 ? 6 : 0
  return Array.from(
    { length: 12 },
    (_, month) => Math.round((mean + swing * Math.cos(((month - warmest) / 6) * Math.PI)) * 10) / 10,
  )
}
