/** Middlewares of Barbacane that this version does not have, and what each does. */
export const reservedMiddlewares: ReadonlyMap<string, string> = new Map([
  ['ai-cost-tracker', 'counts what language models cost'],
  ['ai-prompt-guard', 'checks what is asked of language models'],
  ['ai-response-guard', 'checks what language models answer'],
  ['ai-token-limit', 'limits the tokens of language models'],
  ['ldap-auth', 'asks a directory about passwords'],
  ['oauth2-auth', 'asks an authorization server about tokens'],
  ['oidc-auth', 'finds the keys of an OpenID provider'],
  ['opa-authz', 'asks Open Policy Agent'],
])
