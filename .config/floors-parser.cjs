// How dependency-cruiser reads TypeScript here: of each file it gets the imports alone. What is imported as a type arrives
// as `require`, so that a rule can tell the two apart (dependency type `require`); nothing else in the house is CommonJS.
// (TypeScript 7 has no JavaScript API, and the cruiser's own swc path cannot read .tsx.)
const keepImports = ({ types: t }) => ({
  manipulateOptions(options, parser) {
    parser.plugins.push('typescript')
    if (options.filename?.endsWith('x')) parser.plugins.push('jsx')
  },
  visitor: {
    Program(program) {
      const imports = []
      const value = (source) => {
        imports.push(t.importDeclaration([], t.stringLiteral(source)))
      }
      const type = (source) => {
        imports.push(t.expressionStatement(t.callExpression(t.identifier('require'), [t.stringLiteral(source)])))
      }
      const note = (node, kind) => {
        if (node.source) (kind === 'type' ? type : value)(node.source.value)
      }
      program.traverse({
        ImportDeclaration: ({ node }) => note(node, node.importKind),
        ExportAllDeclaration: ({ node }) => note(node, node.exportKind),
        ExportNamedDeclaration: ({ node }) => note(node, node.exportKind),
        TSImportType: ({ node }) => type((node.argument.literal ?? node.argument).value),
        CallExpression: ({ node }) => {
          const [first] = node.arguments
          if (node.callee.type === 'Import' && first?.type === 'StringLiteral') value(first.value)
        },
      })
      program.node.body = imports
      program.node.directives = []
      program.stop()
    },
  },
})

module.exports = {
  babelrc: false,
  configFile: false,
  sourceType: 'unambiguous',
  plugins: [keepImports],
}
