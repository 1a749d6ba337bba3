-- Drives Neovim as its user would: waits for the findings of the draft that is open, has the comma under the cursor
-- mended by a code action, and writes down what was seen.
local function wait_for(what, condition)
  if not vim.wait(20000, condition, 20) then
    io.stderr:write("waited in vain for " .. what .. "\n")
    vim.cmd("cquit")
  end
end

local function rules()
  return vim.tbl_map(function(finding)
    return ("%d:%d %s"):format(finding.lnum + 1, finding.col + 1, finding.code)
  end, vim.diagnostic.get(0))
end

vim.ui.select = function(actions, options, choose)
  for index, action in ipairs(actions) do
    if options.format_item(action):find("改为", 1, true) then
      return choose(action, index)
    end
  end
end

wait_for("findings", function() return #rules() > 0 end)
local seen = rules()
vim.fn.search(",")
vim.lsp.buf.code_action()
wait_for("the fix", function() return vim.fn.search(",", "n") == 0 end)
wait_for("the findings of the new text", function() return #rules() == 1 end)
vim.fn.writefile(vim.list_extend(seen, rules()), "seen")
vim.cmd("wqall")
