export { greatCircleKm } from './great-circle.ts'
export { type Network, type NetworkInput, NetworkSchema, readNetwork } from './network.ts'
export { type Place, PlaceSchema } from './place.ts'
export { type End, shortestWay, type Way } from './shortest-way.ts'
