export { startRegistry, type Registry } from './start-registry.ts'
export type { Auth, RegistrySwitches } from './switches.ts'
export { registryHost } from './registry-host.ts'
export { storePlugin } from './store-plugin.ts'
