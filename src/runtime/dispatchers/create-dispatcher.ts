import { builtins, type JsonObject } from '../../domain/index.ts'
import type { Handler } from '../pipeline/handler.ts'
import { runtimeProblems as problems } from '../problems.ts'
import { compileSchema, type Validate } from '../validate/index.ts'
import { withDefaults } from '../with-defaults.ts'
import type { DispatcherContext } from './context.ts'
import { createFireAndForget } from './fire-and-forget/fire-and-forget.ts'
import { createHttpUpstream } from './http-upstream/http-upstream.ts'
import { createMock } from './mock/mock.ts'
import { createWsUpstream } from './ws-upstream/ws-upstream.ts'

type Factory = (config: JsonObject, context: DispatcherContext) => Handler

const factories: ReadonlyMap<string, Factory> = new Map([
  ['fire-and-forget', createFireAndForget],
  ['mock', createMock],
  ['http-upstream', createHttpUpstream],
  ['ws-upstream', createWsUpstream],
])

/** True for a dispatcher that this version of the gateway runs. */
export function isDispatcher(name: string): boolean {
  return factories.has(name)
}

/** Makes the dispatchers of a configuration; `config` has its secrets resolved. */
export function createDispatchers(): (
  use: { readonly route: string; readonly name: string; readonly config: JsonObject },
  context: DispatcherContext,
) => Handler {
  const schemas = new Map<string, Validate>()
  return ({ route, name, config }, context) => {
    const schema = builtins.get(name)?.config as JsonObject
    const validate = schemas.get(name) ?? compileSchema(schema)
    schemas.set(name, validate)
    const [fault] = validate(config) ?? []
    if (fault !== undefined) {
      const reason = `${fault.pointer === '' ? 'it' : fault.pointer} ${fault.reason}`
      throw problems.BCN_DISPATCH_CONFIG({ route, dispatcher: name, reason })
    }
    try {
      return (factories.get(name) as Factory)(withDefaults(schema, config), context)
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      throw problems.BCN_DISPATCH_CONFIG({ route, dispatcher: name, reason: error.message }, { cause: error })
    }
  }
}
