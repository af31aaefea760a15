export { type BirthOptions, birthSources, type FoundBirth, hearBirths } from './hear-births.ts'
export { type FoundPoint, type FoundSource, pointName, printable, proposePoints, slug } from './propose-points.ts'
