import type { Rule } from '../rule.ts'
import { adminPathOpen } from './admin-path-open.ts'
import { authCredentialsInUrl } from './auth-credentials-in-url.ts'
import { bodyOpen } from './body-open.ts'
import { bodyWithoutMeaning } from './body-without-meaning.ts'
import { celExpression } from './cel-expression.ts'
import { discriminatorMapping } from './discriminator-mapping.ts'
import { dispatchMissing } from './dispatch-missing.ts'
import { dispatcherReservedName } from './dispatcher-reserved-name.ts'
import { errorResponsesDescribed } from './error-responses-described.ts'
import { exampleValid } from './example-valid.ts'
import { extensionMalformed } from './extension-malformed.ts'
import { extensionUnknown } from './extension-unknown.ts'
import { fieldName } from './field-name.ts'
import { greedyParameterLast } from './greedy-parameter-last.ts'
import { httpsServer } from './https-server.ts'
import { idGuessable } from './id-guessable.ts'
import { licenseIdentifier } from './license-identifier.ts'
import { linkOperation } from './link-operation.ts'
import { mcpDescription } from './mcp-description.ts'
import { mcpOperationId } from './mcp-operation-id.ts'
import { mediaType } from './media-type.ts'
import { middlewareReservedName } from './middleware-reserved-name.ts'
import { oauthFlowDeprecated } from './oauth-flow-deprecated.ts'
import { operationDuplicate } from './operation-duplicate.ts'
import { operationIdUnique } from './operation-id-unique.ts'
import { operationMethod } from './operation-method.ts'
import { pageSizeUnbounded } from './page-size-unbounded.ts'
import { parameterDuplicate } from './parameter-duplicate.ts'
import { pathAmbiguous } from './path-ambiguous.ts'
import { pathParameterDeclared } from './path-parameter-declared.ts'
import { pathTemplate } from './path-template.ts'
import { pathTrailingSlash } from './path-trailing-slash.ts'
import { patternBacktracking } from './pattern-backtracking.ts'
import { pluginConfig } from './plugin-config.ts'
import { pluginUnknown } from './plugin-unknown.ts'
import { querystringAlone } from './querystring-alone.ts'
import { rateLimitMissing } from './rate-limit-missing.ts'
import { refusalsDescribed } from './refusals-described.ts'
import { reservedPath } from './reserved-path.ts'
import { routeUnreachable } from './route-unreachable.ts'
import { runtimeExpression } from './runtime-expression.ts'
import { schemaCompiles } from './schema-compiles.ts'
import { schemaDepth } from './schema-depth.ts'
import { schemaDialect } from './schema-dialect.ts'
import { schemaIdentifier } from './schema-identifier.ts'
import { schemaKeyword } from './schema-keyword.ts'
import { schemaKeywordUnknown } from './schema-keyword-unknown.ts'
import { schemaProperties } from './schema-properties.ts'
import { schemaUnbounded } from './schema-unbounded.ts'
import { secretLiteral } from './secret-literal.ts'
import { secretReference } from './secret-reference.ts'
import { securityDeclared } from './security-declared.ts'
import { securityEnforced } from './security-enforced.ts'
import { securitySchemeDefined } from './security-scheme-defined.ts'
import { securityStated } from './security-stated.ts'
import { serverUrl } from './server-url.ts'
import { serverVariable } from './server-variable.ts'
import { sunsetDate } from './sunset-date.ts'
import { tagNames } from './tag-names.ts'
import { upstreamPlaintext } from './upstream-plaintext.ts'
import { urlFromClient } from './url-from-client.ts'

/** The rules that the walk asks, by id. */
export const visitingRules: readonly Rule[] = [
  adminPathOpen,
  authCredentialsInUrl,
  bodyOpen,
  bodyWithoutMeaning,
  celExpression,
  discriminatorMapping,
  dispatchMissing,
  dispatcherReservedName,
  errorResponsesDescribed,
  exampleValid,
  extensionMalformed,
  extensionUnknown,
  fieldName,
  greedyParameterLast,
  httpsServer,
  idGuessable,
  licenseIdentifier,
  linkOperation,
  mcpDescription,
  mcpOperationId,
  mediaType,
  middlewareReservedName,
  oauthFlowDeprecated,
  operationDuplicate,
  operationIdUnique,
  operationMethod,
  pageSizeUnbounded,
  parameterDuplicate,
  pathAmbiguous,
  pathParameterDeclared,
  pathTemplate,
  pathTrailingSlash,
  patternBacktracking,
  pluginConfig,
  pluginUnknown,
  querystringAlone,
  rateLimitMissing,
  refusalsDescribed,
  reservedPath,
  routeUnreachable,
  runtimeExpression,
  schemaCompiles,
  schemaDepth,
  schemaDialect,
  schemaIdentifier,
  schemaKeyword,
  schemaKeywordUnknown,
  schemaProperties,
  schemaUnbounded,
  secretLiteral,
  secretReference,
  securityDeclared,
  securityEnforced,
  securitySchemeDefined,
  securityStated,
  serverUrl,
  serverVariable,
  sunsetDate,
  tagNames,
  upstreamPlaintext,
  urlFromClient,
]
