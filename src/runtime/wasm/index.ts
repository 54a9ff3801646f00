export { loadPlugins, type Plugins } from './load-plugins.ts'
export { createPluginCache } from './services/plugin-cache.ts'
export { createPluginHttp } from './services/plugin-http.ts'
