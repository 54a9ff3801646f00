export { healthOf, reservedPaths } from './reserved-paths.ts'
