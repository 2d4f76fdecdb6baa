/** The layers of docs: core ← catalogue ← parse, reconstruct; these are pure. Only collector sees all. */
const pure = '^src/(core|catalogue|parse|reconstruct)/'

/** @param {string} name @param {string} from @param {string[]} allowed */
function mayOnlyImport(name, from, allowed) {
  return {
    name,
    severity: 'error',
    comment: `src/${from} may import from ${allowed.map(layer => `src/${layer}`).join(', ')} only.`,
    from: { path: `^src/${from}/` },
    to: { path: '.', pathNot: `^src/(${allowed.join('|')})/`, dependencyTypesNot: ['core', 'npm', 'npm-dev'] },
  }
}

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    mayOnlyImport('core-imports-nothing', 'core', ['core']),
    mayOnlyImport('catalogue-layer', 'catalogue', ['core', 'catalogue']),
    mayOnlyImport('parse-layer', 'parse', ['core', 'catalogue', 'parse']),
    mayOnlyImport('reconstruct-layer', 'reconstruct', ['core', 'catalogue', 'reconstruct']),
    mayOnlyImport('telemetry-layer', 'telemetry', ['telemetry']),
    mayOnlyImport('pipeline-layer', 'pipeline', ['core', 'catalogue', 'parse', 'telemetry', 'pipeline']),
    mayOnlyImport('sources-layer', 'sources', ['core', 'catalogue', 'parse', 'telemetry', 'pipeline', 'sources']),
    mayOnlyImport('transport-layer', 'transport', ['core', 'parse', 'telemetry', 'pipeline', 'transport']),
    mayOnlyImport('store-layer', 'store', ['core', 'telemetry', 'pipeline', 'store']),
    mayOnlyImport('export-layer', 'export', ['core', 'telemetry', 'export']),
    {
      name: 'pure-layers-import-no-node-and-no-packages',
      severity: 'error',
      comment: 'A pure layer that reads a file or a clock can no longer be rebuilt from facts alone.',
      from: { path: pure },
      to: { dependencyTypes: ['core', 'npm', 'npm-dev', 'npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'only-collector-wires',
      severity: 'error',
      comment: 'src knows nothing of the programs that use it.',
      from: { path: '^src/' },
      to: { path: '^(collector|test|bench)/' },
    },
    {
      name: 'programs-do-not-import-tests',
      severity: 'error',
      from: { path: '^collector/' },
      to: { path: '^(test|bench)/' },
    },
    {
      name: 'no-dev-dependencies-at-run-time',
      severity: 'error',
      comment: 'A user who installs without development packages would miss it.',
      from: { path: '^(src|collector)/' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    { name: 'no-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'no-orphans',
      severity: 'error',
      comment: 'Nothing imports it and it imports nothing: wire it or delete it.',
      from: { orphan: true, path: '^(src|collector)/', pathNot: '\\.d\\.ts$' },
      to: {},
    },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
}
