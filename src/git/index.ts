export { createRepository, findWorkTree } from './create-repository.ts'
