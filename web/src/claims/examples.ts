/** Published claims to begin with, in the languages that the desk reads. */
export const exampleClaims = [
  {
    id: 'kela',
    text: 'A solar station of 1 million kW gives 2 billion kWh a year, the same as 600,000 tonnes of standard coal, and avoids more than 1.6 million tonnes of carbon dioxide a year.',
    region: 'CN-SC',
    year: '2023',
  },
  {
    id: 'park',
    text: '光伏装机容量5.8兆瓦，年发电量620万千瓦时，每年可节约标准煤2480吨，减少二氧化碳排放6180吨。',
    region: 'CN-JS',
    year: '',
  },
  {
    id: 'lucknow',
    text: 'A solar plant of 1.11 MWp gives 1,529,000 kWh per annum and avoids 1,440 tonnes of CO2 a year, as much as 33,855 trees.',
    region: 'IN',
    year: '2019',
  },
] as const
