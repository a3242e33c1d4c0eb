-- Plays the requests of a plan: its templates in turn, each with its next subject and a number that never was before.
-- A plan has a line for each template, `T<tab>accept<tab>path`, and after it one for each of its subjects, `S<tab>name`.
-- Arguments: the file of the plan, and the number to count on from.

local templates, serial = {}, 0

local function split(text)
  local parts, holes, at = {}, {}, 1
  while true do
    local first, last = text:find("SUBJECT", at, true)
    local other, other_last = text:find("SERIAL", at, true)
    if other and (not first or other < first) then first, last = other, other_last end
    if not first then break end
    parts[#parts + 1] = text:sub(at, first - 1)
    parts[#parts + 1] = ""
    holes[#parts] = text:sub(first, last)
    at = last + 1
  end
  parts[#parts + 1] = text:sub(at)
  return parts, holes
end

function init(arguments)
  serial = tonumber(arguments[2])
  for line in io.lines(arguments[1]) do
    local kind, rest = line:sub(1, 1), line:sub(3)
    if kind == "T" then
      local accept, path = rest:match("^(.-)\t(.*)$")
      local parts, holes = split(wrk.format("GET", path, { ["Accept"] = accept }))
      templates[#templates + 1] = { parts = parts, holes = holes, subjects = {} }
    else
      table.insert(templates[#templates].subjects, rest)
    end
  end
end

function request()
  serial = serial + 1
  local template = templates[serial % #templates + 1]
  if #template.parts == 1 then return template.parts[1] end
  local subjects = template.subjects
  local subject = subjects[math.floor(serial / #templates) % #subjects + 1]
  for at, name in pairs(template.holes) do
    template.parts[at] = name == "SERIAL" and serial or subject
  end
  return table.concat(template.parts)
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '\n{"requests":%d,"microseconds":%d,"bytes":%d,"p50":%d,"p99":%d,"refused":%d,"broken":%d}\n',
    summary.requests, summary.duration, summary.bytes, latency:percentile(50), latency:percentile(99),
    errors.status, errors.connect + errors.read + errors.write + errors.timeout))
end
