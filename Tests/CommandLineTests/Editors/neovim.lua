-- Runs Neovim's own client against the language server:
--   nvim --headless -u NONE -S neovim.lua, with PROGRAM and SCRIPT in the environment
local function fail(text)
  io.stderr:write(text .. '\n')
  vim.cmd('cquit 1')
end
local function expect(isSo, text) if not isSo then fail(text) end end

vim.cmd('edit ' .. vim.fn.fnameescape(vim.env.SCRIPT))
local buffer = vim.api.nvim_get_current_buf()
local id = vim.lsp.start_client({ name = 'bvs', cmd = { vim.env.PROGRAM, '--lsp' }, root_dir = vim.fn.getcwd() })
vim.lsp.buf_attach_client(buffer, id)
local client = vim.lsp.get_client_by_id(id)
local document = { uri = vim.uri_from_bufnr(buffer) }
local function mistakes() return vim.diagnostic.get(buffer) end
local function line(number) return vim.api.nvim_buf_get_lines(buffer, number, number + 1, false)[1] end
local function ask(method, parameters)
  parameters.textDocument = document
  local answers = vim.lsp.buf_request_sync(buffer, 'textDocument/' .. method, parameters, 60000)
  return answers and answers[id] and answers[id].result
end

expect(vim.wait(60000, function() return #mistakes() == 1 end, 20), 'no mistake was told')
expect(mistakes()[1].lnum == 3 and mistakes()[1].col == 24, 'the mistake is elsewhere')
expect(mistakes()[1].message:find("has no option 'epoch'", 1, true), 'another mistake')
local hover = ask('hover', { position = { line = 3, character = 5 } })
expect(hover and hover.contents.value:find('train MODEL on DATASET', 1, true), 'no hover')
local found = ask('completion', { position = { line = 4, character = 8 } })
expect(found and #found.items > 3 and found.items[1].label == 'epochs', 'no completion')
vim.api.nvim_win_set_cursor(0, { 1, 0 })
vim.lsp.buf.rename('strength')
expect(vim.wait(60000, function() return line(0) == 'strength = 4' end, 20), 'not renamed where it is set')
expect(line(4) == 'print h.loss, strength', 'not renamed where it is read')
local place = { start = { line = 3, character = 24 }, ['end'] = { line = 3, character = 29 } }
local fixes = ask('codeAction', { range = place, context = { diagnostics = {} } })
vim.lsp.util.apply_workspace_edit(fixes[1].edit, client.offset_encoding)
expect(line(3) == 'h = train model on ones epochs 5', 'not mended')
expect(vim.wait(60000, function() return #mistakes() == 0 end, 20), 'the mistake is still told')
vim.cmd('qall!')
