// bvae-script in VS Code: a client of `bvae-script --lsp`, and two commands that run scripts in a terminal.
// It needs nothing but VS Code and Node's own modules.
'use strict';

const vscode = require('vscode');
const path = require('path');
const { spawn } = require('child_process');

/** How often a server that ends by itself is started again. */
const MOST_RESTARTS = 3;

let client;
let terminal;

exports.activate = function (context) {
  client = new Client();
  context.subscriptions.push(
    client,
    vscode.commands.registerCommand('bvs.restart', () => client.restart()),
    vscode.commands.registerCommand('bvs.runFile', runFile),
    vscode.commands.registerCommand('bvs.runSelection', runSelection),
    vscode.window.onDidCloseTerminal((closed) => { if (closed === terminal) terminal = undefined; }));
  client.start();
};

exports.deactivate = () => client && client.stop();

function settings() {
  const all = vscode.workspace.getConfiguration('bvs');
  return { program: all.get('program') || 'bvae-script', options: all.get('arguments') || [] };
}

// MARK: Running

/** A word as the shells of Unix take it. */
const quoted = (word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replace(/'/g, `'\\''`)}'`);

async function runFile() {
  const editor = vscode.window.activeTextEditor;
  if (!editor || !await editor.document.save()) return;
  const file = editor.document.fileName, { program, options } = settings();
  const shell = vscode.window.createTerminal({ name: path.basename(file), cwd: path.dirname(file) });
  shell.show(true);
  shell.sendText([program, ...options, file].map(quoted).join(' '));
}

/** Sends the selection, or the line, to a session that goes on from one to the next. */
function runSelection() {
  const editor = vscode.window.activeTextEditor;
  if (!editor) return;
  const { document, selection } = editor;
  const text = selection.isEmpty ? document.lineAt(selection.active.line).text : document.getText(selection);
  if (!terminal) {
    const { program, options } = settings();
    terminal = vscode.window.createTerminal({
      name: 'bvae-script', shellPath: program, shellArgs: options, cwd: path.dirname(document.fileName),
    });
  }
  terminal.show(true);
  terminal.sendText(text.replace(/\s+$/, ''));
  if (selection.isEmpty && selection.active.line + 1 < document.lineCount) {
    const next = new vscode.Position(selection.active.line + 1, 0);
    editor.selection = new vscode.Selection(next, next);
  }
}

// MARK: The language server

class Client {
  constructor() {
    this.mistakes = vscode.languages.createDiagnosticCollection('bvae-script');
    this.subscriptions = [this.mistakes];
    this.restarts = 0;
    this.waiting = new Map();
    this.lastId = 0;
  }

  async start() {
    const { program } = settings();
    this.buffer = Buffer.alloc(0);
    this.isReady = false;
    const server = this.server = spawn(program, ['--lsp'], { stdio: ['pipe', 'pipe', 'ignore'] });
    server.on('error', (error) => {
      this.server = undefined;
      vscode.window.showWarningMessage(
        `bvae-script: '${program}' cannot be started (${error.code || error.message}). `
        + 'Put it into PATH, or its path into the setting "bvs.program".');
    });
    server.on('exit', () => this.ended(server));
    server.stdin.on('error', () => {});
    server.stdout.on('data', (bytes) => { if (this.server === server) this.take(bytes); });
    const answer = await this.ask('initialize', { processId: process.pid, rootUri: null, capabilities: {} });
    if (!answer || this.server !== server) return;
    this.tell('initialized', {});
    this.isReady = true;
    if (!this.isRegistered) this.register(answer.capabilities);
    for (const document of vscode.workspace.textDocuments) this.opened(document);
  }

  stop() {
    const server = this.server;
    this.server = undefined;
    this.answerNone();
    if (!server) return;
    this.write(server, { jsonrpc: '2.0', id: ++this.lastId, method: 'shutdown' });
    this.write(server, { jsonrpc: '2.0', method: 'exit' });
    server.stdin.end();
  }

  restart() {
    this.stop();
    this.restarts = 0;
    this.mistakes.clear();
    return this.start();
  }

  /** Nothing will be answered any more. */
  answerNone() {
    for (const answer of this.waiting.values()) answer(null);
    this.waiting.clear();
  }

  ended(server) {
    if (this.server !== server) return;
    this.server = undefined;
    this.answerNone();
    if (this.isReady && this.restarts++ < MOST_RESTARTS) return this.start();
    if (this.isReady) vscode.window.showWarningMessage('bvae-script: the language server has ended; restart it by its command.');
  }

  dispose() {
    this.stop();
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  // MARK: Messages

  write(server, message) {
    const body = Buffer.from(JSON.stringify(message));
    server.stdin.write(`Content-Length: ${body.length}\r\n\r\n`);
    server.stdin.write(body);
  }

  tell(method, params) { if (this.server) this.write(this.server, { jsonrpc: '2.0', method, params }); }

  /** The result of a request; null where there is none. */
  ask(method, params) {
    if (!this.server) return Promise.resolve(null);
    const id = ++this.lastId;
    return new Promise((answer) => {
      this.waiting.set(id, answer);
      this.write(this.server, { jsonrpc: '2.0', id, method, params });
    });
  }

  take(bytes) {
    this.buffer = Buffer.concat([this.buffer, bytes]);
    for (;;) {
      const end = this.buffer.indexOf('\r\n\r\n');
      if (end < 0) return;
      const length = Number(/content-length: *(\d+)/i.exec(this.buffer.toString('latin1', 0, end))[1]);
      if (this.buffer.length < end + 4 + length) return;
      const message = JSON.parse(this.buffer.toString('utf8', end + 4, end + 4 + length));
      this.buffer = this.buffer.subarray(end + 4 + length);
      this.read(message);
    }
  }

  read(message) {
    if (message.method === 'textDocument/publishDiagnostics') return this.showMistakes(message.params);
    const answer = this.waiting.get(message.id);
    if (!answer) return;
    this.waiting.delete(message.id);
    answer(message.error ? { failure: message.error.message } : message.result);
  }

  showMistakes({ uri, diagnostics }) {
    this.mistakes.set(vscode.Uri.parse(uri), diagnostics.map((mistake) => {
      const found = new vscode.Diagnostic(
        range(mistake.range), mistake.message,
        mistake.severity === 1 ? vscode.DiagnosticSeverity.Error : vscode.DiagnosticSeverity.Warning);
      found.source = mistake.source;
      found.relatedInformation = (mistake.relatedInformation || []).map(
        (step) => new vscode.DiagnosticRelatedInformation(location(step.location), step.message));
      return found;
    }));
  }

  // MARK: Documents

  opened(document) {
    if (document.languageId !== 'bvs' || !this.isReady) return;
    this.tell('textDocument/didOpen', {
      textDocument: { ...named(document), languageId: 'bvs', version: document.version, text: document.getText() },
    });
  }

  changed({ document, contentChanges }) {
    if (document.languageId !== 'bvs' || !this.isReady || contentChanges.length === 0) return;
    this.tell('textDocument/didChange', {
      textDocument: { ...named(document), version: document.version },
      contentChanges: contentChanges.map((change) => ({ range: change.range, text: change.text })),
    });
  }

  noted(method, document) {
    if (document.languageId === 'bvs' && this.isReady) this.tell(method, { textDocument: named(document) });
  }

  // MARK: What VS Code asks for

  register(capabilities) {
    this.isRegistered = true;
    const languages = vscode.languages, selector = { language: 'bvs' };
    const at = (document, position) => ({ textDocument: named(document), position });
    const legend = capabilities.semanticTokensProvider.legend;
    this.subscriptions.push(
      vscode.workspace.onDidOpenTextDocument((document) => this.opened(document)),
      vscode.workspace.onDidChangeTextDocument((event) => this.changed(event)),
      vscode.workspace.onDidSaveTextDocument((document) => this.noted('textDocument/didSave', document)),
      vscode.workspace.onDidCloseTextDocument((document) => this.noted('textDocument/didClose', document)),
      languages.registerCompletionItemProvider(selector, {
        provideCompletionItems: async (document, position) => {
          const found = await this.ask('textDocument/completion', at(document, position));
          return found && found.items && found.items.map(completion);
        },
      }, ...capabilities.completionProvider.triggerCharacters),
      languages.registerHoverProvider(selector, {
        provideHover: async (document, position) => {
          const found = await this.ask('textDocument/hover', at(document, position));
          return found && found.contents && new vscode.Hover(new vscode.MarkdownString(found.contents.value), range(found.range));
        },
      }),
      languages.registerSignatureHelpProvider(selector, {
        provideSignatureHelp: async (document, position) => {
          const found = await this.ask('textDocument/signatureHelp', at(document, position));
          return found && found.signatures && signatureHelp(found);
        },
      }, ...capabilities.signatureHelpProvider.triggerCharacters),
      languages.registerDefinitionProvider(selector, {
        provideDefinition: async (document, position) => {
          const found = await this.ask('textDocument/definition', at(document, position));
          return found && found.uri && location(found);
        },
      }),
      languages.registerReferenceProvider(selector, {
        provideReferences: async (document, position, context) => {
          const found = await this.ask('textDocument/references', { ...at(document, position), context });
          return Array.isArray(found) ? found.map(location) : [];
        },
      }),
      languages.registerRenameProvider(selector, {
        prepareRename: async (document, position) => {
          const found = await this.ask('textDocument/prepareRename', at(document, position));
          if (!found || !found.range) throw new Error('Here is no name that can be changed.');
          return { range: range(found.range), placeholder: found.placeholder };
        },
        provideRenameEdits: async (document, position, newName) => {
          const found = await this.ask('textDocument/rename', { ...at(document, position), newName });
          if (!found || found.failure) throw new Error(found ? found.failure : 'The language server does not run.');
          return workspaceEdit(found);
        },
      }),
      languages.registerDocumentSymbolProvider(selector, {
        provideDocumentSymbols: async (document) => {
          const found = await this.ask('textDocument/documentSymbol', { textDocument: named(document) });
          // The protocol counts kinds from 1, VS Code from 0.
          return Array.isArray(found) ? found.map((symbol) => new vscode.DocumentSymbol(
            symbol.name, '', symbol.kind - 1, range(symbol.range), range(symbol.selectionRange))) : [];
        },
      }),
      languages.registerDocumentSemanticTokensProvider(selector, {
        provideDocumentSemanticTokens: async (document) => {
          const found = await this.ask('textDocument/semanticTokens/full', { textDocument: named(document) });
          return found && found.data && new vscode.SemanticTokens(new Uint32Array(found.data));
        },
      }, new vscode.SemanticTokensLegend(legend.tokenTypes, legend.tokenModifiers)),
      languages.registerCodeActionsProvider(selector, {
        provideCodeActions: async (document, where) => {
          const found = await this.ask('textDocument/codeAction', {
            textDocument: named(document), range: where, context: { diagnostics: [] },
          });
          return Array.isArray(found) ? found.map(quickFix) : [];
        },
      }, { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix] }));
  }
}

// MARK: From the protocol's values to VS Code's

const named = (document) => ({ uri: document.uri.toString() });
const range = ({ start, end }) => new vscode.Range(start.line, start.character, end.line, end.character);
const location = (place) => new vscode.Location(vscode.Uri.parse(place.uri), range(place.range));

function completion(item) {
  const made = new vscode.CompletionItem(item.label, item.kind - 1);
  made.detail = item.detail;
  made.sortText = item.sortText;
  made.insertText = item.textEdit.newText;
  made.range = range(item.textEdit.range);
  if (item.documentation) made.documentation = new vscode.MarkdownString().appendCodeblock(item.documentation.value, 'text');
  return made;
}

function signatureHelp(found) {
  const help = new vscode.SignatureHelp();
  help.signatures = found.signatures.map((signature) => {
    const made = new vscode.SignatureInformation(signature.label, signature.documentation);
    made.parameters = signature.parameters.map(
      (part) => new vscode.ParameterInformation(part.label, part.documentation));
    return made;
  });
  help.activeSignature = found.activeSignature;
  help.activeParameter = found.activeParameter;
  return help;
}

function workspaceEdit({ changes }) {
  const edit = new vscode.WorkspaceEdit();
  for (const [uri, edits] of Object.entries(changes)) {
    for (const change of edits) edit.replace(vscode.Uri.parse(uri), range(change.range), change.newText);
  }
  return edit;
}

function quickFix(action) {
  const made = new vscode.CodeAction(action.title, vscode.CodeActionKind.QuickFix);
  made.edit = workspaceEdit(action.edit);
  made.isPreferred = action.isPreferred;
  return made;
}
