import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Files of a PyPSA folder by name. */
export type Files = Readonly<Record<string, string>>

/** Writes a folder of its own; whoever asks for it may leave it to the system's temporary files. */
export function writeFolder(files: Files): string {
  const folder = mkdtempSync(join(tmpdir(), 'mangrove-pypsa-'))
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content)
  return folder
}

/** Snapshots 0, 1, … with weight 1. */
export const snapshots = (count: number): string =>
  `,snapshot,objective,stores,generators\n${Array.from({ length: count }, (_, t) => `${t},${t},1,1,1\n`).join('')}`

/** One bus with a load, and generators as CSV rows. */
export const oneBus = (load: readonly number[], generators: string): Files => ({
  'buses.csv': 'name\nbus\n',
  'snapshots.csv': snapshots(load.length),
  'loads.csv': 'name,bus\nload,bus\n',
  'loads-p_set.csv': `,load\n${load.map((power, t) => `${t},${power}\n`).join('')}`,
  'generators.csv': generators,
})

/**
 * The AC-DC meshed network of PyPSA's examples, columns without effect left out.
 * Source: PyPSA Contributors, `examples/networks/ac-dc-meshed` of PyPSA 1.3.0, CC-BY-4.0.
 */
export const acDcMeshed: Files = {
  'buses.csv': `name,v_nom,carrier
London,380.0,AC
Norwich,380.0,AC
Norwich DC,200.0,DC
Manchester,380.0,AC
Bremen,380.0,AC
Bremen DC,200.0,DC
Frankfurt,380.0,AC
Norway,380.0,AC
Norway DC,200.0,DC
`,
  'carriers.csv': `name,co2_emissions
gas,0.24
wind,0.0
battery,0.0
load,0.0
AC,0.0
DC,0.0
`,
  'snapshots.csv': `,snapshot,objective,stores,generators
0,2015-01-01 00:00:00,1.0,1.0,1.0
1,2015-01-01 01:00:00,1.0,1.0,1.0
2,2015-01-01 02:00:00,1.0,1.0,1.0
3,2015-01-01 03:00:00,1.0,1.0,1.0
4,2015-01-01 04:00:00,1.0,1.0,1.0
5,2015-01-01 05:00:00,1.0,1.0,1.0
6,2015-01-01 06:00:00,1.0,1.0,1.0
7,2015-01-01 07:00:00,1.0,1.0,1.0
8,2015-01-01 08:00:00,1.0,1.0,1.0
9,2015-01-01 09:00:00,1.0,1.0,1.0
`,
  'generators.csv': `name,bus,p_nom,p_nom_extendable,p_nom_min,carrier,marginal_cost,capital_cost,efficiency
Manchester Wind,Manchester,80.0,True,100.0,wind,0.11,2793.6516029328,1.0
Manchester Gas,Manchester,50000.0,True,0.0,gas,4.5323676307,196.6151679691,0.3500264336
Norway Wind,Norway,100.0,True,100.0,wind,0.09,2184.3747960912,1.0
Norway Gas,Norway,20000.0,True,0.0,gas,5.8928445406,158.2512497168,0.3568363832
Frankfurt Wind,Frankfurt,110.0,True,100.0,wind,0.1,2129.4561224763,1.0
Frankfurt Gas,Frankfurt,80000.0,True,0.0,gas,4.0863219899,102.6769530076,0.3516658529
`,
  'generators-p_max_pu.csv': `,Manchester Wind,Frankfurt Wind,Norway Wind
0,0.930019875,0.5590784039,0.9745832033
1,0.4857475804,0.7529103711,0.4812903778
2,0.2336917351,0.1234650887,0.4072258018
3,0.2576042221,0.9666766524,0.5999649628
4,0.6269055694,0.8590078044,0.524468219
5,0.6035984088,0.5261537924,0.0096927054
6,0.6789075462,0.077893008,0.2204533621
7,0.3613026112,0.0590234716,0.8239185004
8,0.6216040549,0.2485544952,0.5562297265
9,0.5215183715,0.1080601728,0.4394160378
`,
  'loads.csv': `name,bus
London,London
Frankfurt,Frankfurt
Norway,Norway
Norwich,Norwich
Bremen,Bremen
Manchester,Manchester
`,
  'loads-p_set.csv': `,London,Norwich,Frankfurt,Bremen,Norway,Manchester
0,35.7962441027,415.4625642653,398.0478469638,640.0863775411,820.035835936,857.5514402011
1,976.8245614698,262.6061464526,432.4361062425,703.554333706,854.8340468618,750.5996237166
2,250.5873120464,418.4763531902,379.8039282662,440.8361303183,42.550744351,156.5648760141
3,130.7531445827,552.9595393098,868.3617642835,612.5763056818,647.5482327851,527.8708221189
4,151.1001686,218.159858091,548.7707546221,803.4367808051,884.0738733306,83.8977589634
5,931.857051942,791.9762655836,828.6652426012,605.4006873582,509.0624485516,676.6233193474
6,289.8482871447,531.8706808219,449.2907519075,641.0905902397,595.6079648147,731.1371004827
7,864.3433217147,23.5134667186,699.1637663734,408.0085411725,291.6424496984,553.3448891847
8,689.5772637703,970.0590684572,915.8667802518,912.2477761646,2.1534925491,298.338082262
9,627.8789859434,0.9248336907,414.8876464034,898.0530916423,760.7401765038,768.2905859888
`,
  'lines.csv': `name,bus0,bus1,x,r,s_nom,s_nom_extendable,capital_cost,carrier
0,London,Manchester,0.7968782824,0.0,40000.0,True,0.1367157553,AC
1,Manchester,Norwich,0.3915599178,0.0,40000.0,True,0.1334916779,AC
2,Bremen DC,Norwich DC,0.0,0.2126041927,40000.0,True,0.0086734246,AC
3,Norwich DC,Norway DC,0.0,0.4861637504,40000.0,True,0.1291260515,AC
4,Norway DC,Bremen DC,0.0,0.4287266497,40000.0,True,0.0624298729,AC
5,Norwich,London,0.2388003463,0.0,40000.0,True,0.0218524519,AC
6,Bremen,Frankfurt,0.4,0.0,40000.0,True,0.2,AC
`,
  'links.csv': `name,bus0,bus1,carrier,p_nom,p_nom_extendable,p_min_pu,p_max_pu,capital_cost
Norwich Converter,Norwich,Norwich DC,DC,1000.0,True,-0.9,0.9,0.21
Norway Converter,Norway,Norway DC,DC,1000.0,True,-0.9,0.9,0.2
Bremen Converter,Bremen,Bremen DC,DC,1000.0,True,-0.9,0.9,0.19
DC link,London,Bremen,DC,1000.0,True,-0.9,0.9,0.8765342
`,
  'global_constraints.csv': `name,type,carrier_attribute,sense,constant
co2_limit,primary_energy,co2_emissions,<=,1000.0
`,
}

/** A chain of power, hydrogen and heat that uses most of what storages and links can be; made up. */
export const hydrogenChain: Files = {
  'buses.csv': `name,carrier
el,AC
h2,hydrogen
heat,heat
`,
  'carriers.csv': `name,co2_emissions
gas,0.2
sun,0.0
hydro,0.0
`,
  'snapshots.csv': `,snapshot,objective,stores,generators
0,2030-01-01 00:00:00,3.0,2.0,2.5
1,2030-01-01 02:00:00,3.0,2.0,2.5
2,2030-01-01 04:00:00,3.0,2.0,2.5
3,2030-01-01 06:00:00,3.0,2.0,2.5
4,2030-01-01 08:00:00,3.0,2.0,2.5
5,2030-01-01 10:00:00,3.0,2.0,2.5
`,
  'generators.csv': `name,bus,carrier,p_nom,p_nom_extendable,p_nom_min,p_nom_max,capital_cost,marginal_cost,efficiency,e_sum_max
pv,el,sun,10.0,True,0.0,inf,200.0,0.0,1.0,inf
gas,el,gas,100.0,False,0.0,inf,0.0,90.0,0.5,1000.0
shed,el,,1000.0,False,0.0,inf,0.0,1000.0,1.0,inf
boiler,heat,gas,1000.0,False,0.0,inf,0.0,120.0,0.9,inf
`,
  'generators-p_max_pu.csv': `,pv
0,0.0
1,0.3
2,0.9
3,1.0
4,0.5
5,0.0
`,
  'loads.csv': `name,bus
town,el
homes,heat
`,
  'loads-p_set.csv': `,town,homes
0,80,30
1,90,25
2,100,10
3,110,5
4,120,10
5,130,35
`,
  'storage_units.csv': `name,bus,carrier,p_nom,p_nom_extendable,max_hours,p_min_pu,efficiency_store,efficiency_dispatch,standing_loss,state_of_charge_initial,cyclic_state_of_charge,capital_cost,marginal_cost,spill_cost
lake,el,hydro,40.0,False,6.0,0.0,1.0,0.9,0.01,100.0,False,0.0,1.0,0.1
battery,el,,0.0,True,4.0,-1.0,0.95,0.95,0.002,0.0,True,100.0,0.0,0.0
`,
  'storage_units-inflow.csv': `,lake
0,5
1,10
2,30
3,60
4,20
5,0
`,
  'stores.csv': `name,bus,carrier,e_nom,e_nom_extendable,e_nom_min,e_initial,e_cyclic,e_min_pu,capital_cost,marginal_cost,standing_loss
tank,h2,,0.0,True,5.0,0.0,True,0.0,1.0,0.0,0.001
depot,el,gas,200.0,False,0.0,200.0,False,0.1,0.0,30.0,0.0
`,
  'links.csv': `name,bus0,bus1,bus2,efficiency,efficiency2,p_nom_extendable,p_nom_mod,capital_cost,marginal_cost,ramp_limit_up
electrolyser,el,h2,heat,0.6,0.2,True,25.0,50.0,0.5,
fuel cell,h2,el,heat,0.5,0.3,True,0.0,60.0,0.0,0.5
`,
  'links-efficiency.csv': `,electrolyser
0,0.5
1,0.55
2,0.65
3,0.7
4,0.6
5,0.6
`,
  'global_constraints.csv': `name,type,carrier_attribute,sense,constant
co2,primary_energy,co2_emissions,<=,330.0
fuel,operational_limit,gas,<=,1300.0
`,
}

/** Two investment periods with a store that begins anew in each; PyPSA `test/test_lopf_multiinvest.py`. */
export const twoPeriods = (limit: string): Files => ({
  'buses.csv': 'name\nbus\n',
  'carriers.csv': 'name,co2_emissions\ngas,0.2\n',
  'snapshots.csv': `,period,timestep,objective,stores,generators
0,2030,0,1,1,1
1,2030,1,1,1,1
2,2040,0,1,1,1
3,2040,1,1,1,1
`,
  'investment_periods.csv': 'period,objective,years\n2030,2.0,2\n2040,2.0,2\n',
  'generators.csv': 'name,bus,p_nom,marginal_cost\ngenerator,bus,2.0,10.0\n',
  'loads.csv': 'name,bus,p_set\nload,bus,1.0\n',
  'stores.csv': `name,bus,carrier,e_nom,e_initial,e_initial_per_period,marginal_cost
store,bus,gas,10.0,10.0,True,1.0
`,
  'global_constraints.csv': limit,
})
