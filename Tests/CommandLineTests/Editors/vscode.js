// Runs the extension for VS Code in Node, with a stand-in for the module 'vscode', against the real language server:
//   node check.js EXTENSION PROGRAM
'use strict';
const assert = require('assert'), Module = require('module');
const [extension, program] = process.argv.slice(2);

const listeners = {}, providers = {}, commands = {}, sent = [], warnings = [];
const on = (name) => (listener) => { listeners[name] = listener; return { dispose() {} }; };
const provider = (name) => (selector, given) => { providers[name] = given; return { dispose() {} }; };
class Values { constructor(...values) { this.values = values; } }
const mistakes = new Map();
const vscode = {
  Uri: { parse: (text) => ({ toString: () => text }) },
  Position: class { constructor(line, character) { Object.assign(this, { line, character }); } },
  Range: class { constructor(a, b, c, d) { this.start = { line: a, character: b }; this.end = { line: c, character: d }; } },
  Selection: class extends Values {}, Location: class { constructor(uri, range) { Object.assign(this, { uri, range }); } },
  Diagnostic: class { constructor(range, message, severity) { Object.assign(this, { range, message, severity }); } },
  DiagnosticRelatedInformation: class extends Values {}, DiagnosticSeverity: { Error: 0, Warning: 1 },
  CompletionItem: class { constructor(label, kind) { Object.assign(this, { label, kind }); } },
  MarkdownString: class { constructor(value = '') { this.value = value; } appendCodeblock(text) { this.value += text; return this; } },
  Hover: class { constructor(contents, range) { Object.assign(this, { contents, range }); } },
  SignatureHelp: class {}, SignatureInformation: class { constructor(label) { this.label = label; } },
  ParameterInformation: class extends Values {}, DocumentSymbol: class extends Values {},
  SemanticTokens: class { constructor(data) { this.data = data; } }, SemanticTokensLegend: class extends Values {},
  WorkspaceEdit: class { constructor() { this.edits = []; } replace(uri, range, text) { this.edits.push({ range, text }); } },
  CodeAction: class { constructor(title) { this.title = title; } }, CodeActionKind: { QuickFix: 'quickfix' },
  commands: { registerCommand: (name, body) => { commands[name] = body; return { dispose() {} }; } },
  window: {
    onDidCloseTerminal: on('closeTerminal'), showWarningMessage: (text) => warnings.push(text),
    createTerminal: (options) => ({ show() {}, sendText: (text) => sent.push({ options, text }) }),
  },
  workspace: {
    textDocuments: [], getConfiguration: () => ({ get: (name) => ({ program, arguments: ['--quiet'] })[name] }),
    onDidOpenTextDocument: on('open'), onDidChangeTextDocument: on('change'), onDidSaveTextDocument: on('save'),
    onDidCloseTextDocument: on('close'),
  },
  languages: {
    createDiagnosticCollection: () => ({
      set: (uri, found) => mistakes.set(uri.toString(), found), clear: () => mistakes.clear(), dispose() {},
    }),
    registerCompletionItemProvider: provider('completion'), registerHoverProvider: provider('hover'),
    registerSignatureHelpProvider: provider('signature'), registerDefinitionProvider: provider('definition'),
    registerReferenceProvider: provider('references'), registerRenameProvider: provider('rename'),
    registerDocumentSymbolProvider: provider('symbols'), registerDocumentSemanticTokensProvider: provider('tokens'),
    registerCodeActionsProvider: provider('actions'),
  },
};
const load = Module._load;
Module._load = (name, ...rest) => (name === 'vscode' ? vscode : load(name, ...rest));

const text = 'ones = load mnist digits 1 count 64\nmodel = vae for ones latents 4\ntrain model on ones epoch 5\n';
const uri = 'file:///nowhere/a.bvs';
const document = {
  languageId: 'bvs', version: 1, fileName: '/nowhere/it is.bvs', lineCount: 4, uri: { toString: () => uri },
  getText: () => text, lineAt: (line) => ({ text: text.split('\n')[line] }), save: async () => true,
};
const until = async (isSo) => {
  for (let round = 0; round < 3000 && !isSo(); round++) await new Promise((next) => setTimeout(next, 20));
  assert(isSo(), 'waited in vain');
};

(async () => {
  const subscriptions = [];
  vscode.workspace.textDocuments.push(document);
  const { activate, deactivate } = require(extension);
  activate({ subscriptions });
  await until(() => mistakes.has(uri));
  assert.match(mistakes.get(uri)[0].message, /'train' has no option 'epoch'/);
  const at = (line, character) => ({ line, character });
  const hover = await providers.hover.provideHover(document, at(2, 2));
  assert.match(hover.contents.value, /train MODEL on DATASET/);
  const items = await providers.completion.provideCompletionItems(document, at(1, 10));
  assert(items.some((item) => item.label === 'vae' && item.documentation.value.includes('latents')));
  const help = await providers.signature.provideSignatureHelp(document, at(2, 20));
  assert.match(help.signatures[0].label, /^train MODEL/);
  const definition = await providers.definition.provideDefinition(document, at(2, 8));
  assert.deepStrictEqual(definition.range.start, at(1, 0));
  assert.strictEqual((await providers.references.provideReferences(document, at(0, 1), { includeDeclaration: true })).length, 3);
  assert.strictEqual((await providers.rename.provideRenameEdits(document, at(0, 1), 'digits')).edits.length, 3);
  await assert.rejects(providers.rename.provideRenameEdits(document, at(0, 1), 'train'), /'train' is a command/);
  assert.strictEqual((await providers.symbols.provideDocumentSymbols(document)).length, 2);
  assert((await providers.tokens.provideDocumentSemanticTokens(document)).data.length > 20);
  const [action] = await providers.actions.provideCodeActions(document, { start: at(2, 20), end: at(2, 25) });
  assert.strictEqual(action.edit.edits[0].text, 'epochs');
  const change = { range: { start: at(2, 25), end: at(2, 25) }, text: 's' };
  listeners.change({ document: { ...document, version: 2 }, contentChanges: [change] });
  await until(() => mistakes.get(uri).length === 0);
  // Runs.
  vscode.window.activeTextEditor = {
    document, selection: { isEmpty: true, active: at(1, 0) },
  };
  await commands['bvs.runFile']();
  assert.match(sent[0].text, /--quiet '\/nowhere\/it is\.bvs'$/);
  commands['bvs.runSelection']();
  assert.strictEqual(sent[1].text, 'model = vae for ones latents 4');
  // A server that is killed comes back, with the documents.
  mistakes.clear();
  subscriptions[0].server.kill('SIGKILL');
  await until(() => mistakes.has(uri));
  // So does one that is restarted, whose predecessor ends meanwhile.
  mistakes.clear();
  commands['bvs.restart']();
  await until(() => mistakes.has(uri));
  await new Promise((next) => setTimeout(next, 300));
  assert((await providers.hover.provideHover(document, at(2, 2))).contents.value.includes('train'));
  assert.deepStrictEqual(warnings, []);
  deactivate();
  console.log('ok');
})().catch((error) => { console.error(error); process.exit(1); });
