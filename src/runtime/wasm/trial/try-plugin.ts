import { ModuleRefusal } from '../../../sandbox/index.ts'
import { defaultHttpLimits } from '../../http/index.ts'
import type { Exchange, Handler } from '../../pipeline/index.ts'
import { openPlugin, pluginLimits, type OpenPlugin } from '../open-plugin.ts'
import { pluginDispatcher } from '../plugin-dispatcher.ts'
import { PluginFault } from '../plugin-fault.ts'
import { pluginMiddleware } from '../plugin-middleware.ts'
import { PluginPool } from '../plugin-pool.ts'
import type { RunningPlugin } from '../running-plugin.ts'
import { textsOf } from '../services/plugin-http.ts'
import { trialExchange } from './trial-exchange.ts'
import type { PassedRequest, Trial, TrialOutcome } from './trial.ts'

const { maxBodyBytes } = defaultHttpLimits

/** Sends one request through a plugin as a gateway does that was started without flags: confined, with its limits. */
export async function tryPlugin(trial: Trial): Promise<TrialOutcome> {
  try {
    return await run(trial, start(trial, openPlugin(trial.module, pluginLimits(maxBodyBytes))))
  } catch (error) {
    if (error instanceof ModuleRefusal) return { action: 'refuse', reason: error.message }
    if (error instanceof PluginFault) return { action: 'refuse', reason: error.message }
    throw error
  }
}

interface Started {
  readonly plugin: RunningPlugin
  readonly isDispatcher: boolean
}

function start({ config, secrets, services }: Trial, { open, manifest }: OpenPlugin): Started {
  const pool = PluginPool.start(open, {
    configJson: JSON.stringify(config),
    secrets,
    services,
    fresh: manifest.freshInstance,
  })
  const isDispatcher = !pool.has('on_request') || (pool.has('dispatch') && manifest.type === 'dispatcher')
  const plugin: RunningPlugin = {
    name: manifest.name ?? 'plugin',
    pool,
    bodyAccess: manifest.bodyAccess,
    log: (level, message, { reason }) =>
      services.log(level, typeof reason === 'string' ? `${message}: ${reason}` : message),
    failure: (error) => error,
  }
  return { plugin, isDispatcher }
}

function run(trial: Trial, { plugin, isDispatcher }: Started): Promise<TrialOutcome> {
  const { request, answer, context } = trial
  const captureNames = Object.keys(request.pathParameters)
  let passed: PassedRequest | undefined
  const service: Handler = (exchange) => {
    passed = passedBy(exchange, request.body)
    exchange.send(answer.status, Object.entries(answer.headers).flat(), answer.body)
  }
  return new Promise((resolve) => {
    const exchange = trialExchange(request, {
      maxBodyBytes,
      answered: (response) => {
        const left = exchange.context
        resolve(
          passed === undefined
            ? { action: 'respond', response, context: left }
            : { action: 'continue', request: passed, response, context: left },
        )
      },
      failed: ({ message }) => resolve({ action: 'fail', reason: message }),
    })
    for (const [key, value] of context) exchange.context.set(key, value)
    const handler = isDispatcher
      ? pluginDispatcher(plugin, captureNames)
      : pluginMiddleware(plugin, captureNames)(service)
    exchange.attempt(() => handler(exchange))
  })
}

/** A body that the plugin has not asked for goes on as it comes. */
function passedBy({ path, query, request, body }: Exchange, sent: Buffer | null): PassedRequest {
  return { path, query, headers: textsOf(request.headers), body: body ?? sent }
}
