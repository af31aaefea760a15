import type { CarbonWords } from './en.ts'

const number = (value: unknown, decimals = 1): string =>
  Number(value).toLocaleString('es-ES', { maximumFractionDigits: decimals })

export const es: CarbonWords = {
  foreign: 'en',
  inventory: 'Inventario de gases de efecto invernadero',
  parkVerdict: 'Dictamen de parque de cero carbono',
  period: (from, to) => `${from} a ${to}`,
  year: (year) => `Año ${year}`,
  scopes: { 1: 'Alcance 1: directo', 2: 'Alcance 2: energía comprada', 3: 'Alcance 3: cadena de valor' },
  scope2: { location: 'Alcance 2, por ubicación', market: 'Alcance 2, por mercado' },
  total: {
    location: 'Alcances 1 a 3, alcance 2 por ubicación',
    market: 'Alcances 1 a 3, alcance 2 por mercado',
  },
  categories: {
    combustion: 'Combustión',
    fugitive: 'Fugitivas',
    process: 'Proceso',
    waste: 'Residuos',
    1: '1 Bienes y servicios comprados',
    2: '2 Bienes de capital',
    3: '3 Actividades de combustibles y energía',
    4: '4 Transporte y distribución aguas arriba',
    5: '5 Residuos de las operaciones',
    6: '6 Viajes de trabajo',
    7: '7 Desplazamientos del personal',
    8: '8 Activos arrendados aguas arriba',
    9: '9 Transporte y distribución aguas abajo',
    10: '10 Transformación de productos vendidos',
    11: '11 Uso de productos vendidos',
    12: '12 Fin de vida de productos vendidos',
    13: '13 Activos arrendados aguas abajo',
    14: '14 Franquicias',
    15: '15 Inversiones',
  },
  approaches: {
    operational: 'Control operacional',
    financial: 'Control financiero',
    equity: 'Participación accionaria',
  },
  facts: {
    approach: 'Límite',
    period: 'Periodo',
    gwpSet: 'Potenciales de calentamiento global',
    run: 'Evidencia del cálculo',
    outputHash: 'Huella del resultado',
    organisation: 'Organización',
    scheme: 'Esquema',
    document: 'Documento',
    readings: 'Lecturas que cuentan',
    rows: 'Filas de actividad',
  },
  count: (count) => String(count),
  sections: {
    scopes: 'Emisiones por alcance',
    gases: 'Emisiones por gas',
    energy: 'Energía',
    lines: 'Emisiones por actividad',
    views: 'Según el orden de las normas',
    meters: 'Lo que dijeron los medidores',
    factors: 'Factores',
    toKnow: 'Lo que hay que saber',
    method: 'Método',
    result: 'El dictamen',
    readings: 'Cada lectura de las reglas',
    emissions: 'Qué se emite',
    guiding: 'Otros indicadores',
    verify: 'Por cotejar con su documento',
    pedigree: 'El origen de cada número',
  },
  columns: {
    scope: 'Alcance',
    category: 'Categoría',
    method: 'Método',
    emissions: 'Emisiones',
    biogenic: 'CO₂ biogénico, aparte',
    halfWidth: '± (95 %)',
    uncertainShare: 'Incertidumbre conocida de',
    score: 'Calidad de datos, 1 la mejor',
    rows: 'Filas',
    gas: 'Gas',
    mass: 'Masa',
    energy: 'Energía',
    calorific: 'Calorífico',
    equivalent: 'Equivalente',
    activity: 'Actividad',
    code: 'Código',
    place: 'Partida',
    why: 'Por qué',
    meter: 'Medidor',
    amount: 'Cantidad',
    coverage: 'Tiempo conocido',
    estimated: 'Estimado',
    rule: 'Regla para huecos',
    number: 'N.º',
    factor: 'Factor',
    value: 'Valor',
    source: 'Documento y tabla',
    valid: 'Vigencia',
    licence: 'Licencia',
    verify: 'Por verificar',
    reading: 'Lectura',
    indicator: 'Indicador',
    limit: 'Límite',
    gap: 'Sobre el límite',
    energyGap: 'Energía que falta',
    chance: 'Probabilidad de cumplir',
    result: 'Resultado',
    part: 'Parte',
    stated: 'Declarado',
    counted: 'Con energía verde',
    notCounted: 'Sin contarla',
    rests: 'En qué se apoya',
  },
  figures: {
    scopes: 'Emisiones por alcance y categoría',
    gases: 'Emisiones por gas y alcance',
    energy: 'Uso de energía en carbón estándar',
    parts: 'Emisiones según lo que se usa',
    dial: (reading) => `Indicador frente a su límite (${reading})`,
    spread: '95 % de las simulaciones:',
  },
  described: (what, entries) => `${what}. ${entries.join('; ')}.`,
  to: 'a',
  noVerify: 'leído en el documento',
  gapNote: (energy) => `o ${energy} más de uso de energía con estas emisiones`,
  unlimited: 'fuera del esquema',
  withoutCoefficient: (rows) =>
    `${rows} filas de energía no tienen coeficiente de carbón estándar y no están en estas sumas.`,
  outsidePeriod: (rows) => `${rows} filas del archivo quedan del todo fuera del periodo y no están en este inventario.`,
  notEquivalent:
    'No hay suma por el equivalente de carbón, porque a una fila le falta ese coeficiente: sin ella la suma sería demasiado baja.',
  readByEngine: 'Lo que el cálculo dice de sí mismo (en inglés):',
  accountMethod: [
    'El inventario sigue el Protocolo de GEI: el alcance 1 es lo que se emite en el sitio; el alcance 2, lo que se emite por la electricidad y el calor comprados, por ubicación y por mercado lado a lado; el alcance 3, la cadena de valor. Las dos sumas del alcance 2 nunca se suman entre sí.',
    'Toda cantidad es exacta: sumas y productos son decimales y solo se redondean al imprimirse. Un número que falta se declara como faltante, nunca como cero.',
    'Cada gas se pondera con el único conjunto de potenciales de calentamiento global nombrado arriba. El CO₂ biogénico se declara aparte del total.',
  ],
  verdictMethod: [
    'El indicador son las emisiones divididas por el uso de energía, comparadas con el límite de la banda en números exactos. Donde las reglas dejan abierto cómo cuenta la energía verde o la electricidad, se calcula cada lectura, y el dictamen lo dice si difieren.',
    'La probabilidad de cumplir resulta de lo que cada cifra puede errar; donde no se sabe, no se da ninguna.',
  ],
  pedigree: (run) => [
    `Este informe procede de un solo cálculo, cuya evidencia tiene el identificador ${run}. Guarda la entrada, cada archivo y factor por su huella, y las versiones.`,
    `mangrove replay ${run.slice(0, 12)}… con el identificador completo lo repite y compara los bytes.`,
    'Cada número de la página nombra su lugar en ese resultado y las filas de factores en que se apoya; la forma para máquinas (JSON) da ambas cosas junto a cada valor, con todas sus cifras.',
  ],
  verdicts: { passes: 'Cumple', fails: 'No cumple', 'not-decided': 'Sin decidir' },
  results: {
    passes: 'cumple',
    fails: 'no cumple',
    open: 'sin decidir',
    meets: 'lo cumple',
    misses: 'no lo cumple',
    'not-known': 'no se conoce',
    'left-out': 'no se aplica',
  },
  relations: { 'at-least': 'al menos', 'at-most': 'a lo sumo' },
  reading: (greenPower, coal, counts) =>
    `Energía verde ${greenPower === 'counted' ? 'contada' : 'no contada'}, electricidad por ${coal === 'calorific' ? 'valor calorífico' : 'equivalente'}${counts ? '' : ' (aquí no cuenta)'}`,
  parts: {
    fuel: 'Combustible',
    electricity: 'Electricidad',
    heat: 'Calor',
    process: 'Proceso',
    transformation: 'Transformación',
    total: 'Total',
  },
  indicators: {
    'co2-per-energy': 'CO₂ por unidad de energía usada',
    'clean-energy': 'Cuota de energía limpia',
    'product-energy': 'Energía por producto, nivel de los límites nacionales',
    'solid-waste': 'Residuos sólidos industriales aprovechados',
    'waste-heat': 'Calor, frío y presión residuales aprovechados',
    'water-reuse': 'Agua industrial reutilizada',
  },
  level: 'nivel',
  reason(code, values, guiding) {
    const name = guiding === undefined ? '' : (es.indicators[guiding.id] ?? guiding.title)
    switch (code) {
      case 'verdict.passes':
        return 'El parque cumple bajo toda lectura que cuenta.'
      case 'verdict.fails':
        return 'El parque no cumple bajo ninguna lectura que cuenta.'
      case 'verdict.reading-decides':
        return `Cumple con ${values.passing} lecturas y no con ${values.failing}: las reglas no dicen cuál vale.`
      case 'verdict.not-in-force':
        return `El esquema juzga años desde ${values.from}, no ${values.year}.`
      case 'verdict.year-not-over':
        return `El año ${values.year} no ha terminado: estas cifras aún no lo rinden.`
      case 'verdict.missing':
        return [{ text: 'Falta: ' }, { text: String(values.what), lang: 'en' }, { text: '.' }]
      case 'verdict.outside':
        return `El uso anual de energía, ${number(values.energy)}, queda fuera del esquema, que empieza en ${number(values.from)}.`
      case 'verdict.within':
        return `${number(values.indicator, 4)} está dentro del límite ${number(values.limit, 4)}: sobran ${number(-Number(values.gapEmissions))} en la unidad de las emisiones.`
      case 'verdict.above':
        return `${number(values.indicator, 4)} está sobre el límite ${number(values.limit, 4)}: ${number(values.gapEmissions)} de más en la unidad de las emisiones.`
      case 'verdict.rounding-decides':
        return `Redondeado a ${values.decimals} decimales el indicador cumpliría; aquí deciden los números exactos.`
      case 'verdict.close':
        return `Las cifras no lo zanjan: la probabilidad de quedar dentro del límite es ${number(100 * Number(values.chance))} %.`
      case 'verdict.band-edge':
        return `El uso de energía está a menos del 2 % de ${number(values.edge)}, donde cambia el límite.`
      case 'verdict.rest-at-average':
        return `De ${values.row} se descuenta energía verde, y el resto lleva el factor medio, que también contiene energía verde comerciada; restFactor puede nombrar el factor sin ella.`
      case 'verdict.bunkers':
        return `${values.row} es combustible de transporte internacional y se declara aparte.`
      case 'verdict.uncertainty-missing':
        return `No se da probabilidad: de ${values.count} datos no se sabe cuánto pueden errar.`
      case 'verdict.uncertainty-assumed':
        return `Donde nada se sabe, se supone un error de ±${number(100 * Number(values.relative))} %.`
      case 'verdict.verify':
        return `El resultado se apoya en ${values.count} reglas y factores que hay que cotejar con sus documentos.`
      case 'verdict.guiding-missed':
        return `${name}: ${number(values.value)} no alcanza ${number(values.limit, 4)}.`
      case 'verdict.guiding-not-known':
        return `${name}: no se ha declarado.`
      case 'verdict.guiding-left-out':
        return `${name}: no se aplica.`
      default:
        return undefined
    }
  },
}
