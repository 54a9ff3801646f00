/** A module that cannot be confined; the message says what it has that is refused. */
export class ModuleRefusal extends Error {
  constructor(reason: string) {
    super(reason)
    this.name = 'ModuleRefusal'
  }
}
