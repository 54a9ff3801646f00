export { namesOf, resolveName, type ResolvedName, type Scope } from './resolve-name.ts'
