-- For the benches: a method, a body, one header with a number that never comes twice, and figures as JSON.
math.randomseed(os.time())
local counter = 0
local method, body = os.getenv("METHOD") or "GET", os.getenv("BODY") or ""
local numbered, run = os.getenv("NUMBERED") or "", os.getenv("RUN") or ""

if method ~= "GET" then
  function request()
    counter = counter + 1
    local mark = run .. "-" .. counter
    local headers = wrk.headers
    local name, value = numbered:match("^([^:]+): (.*)$")
    if name then headers[name] = value:gsub("%%d", mark) end
    local telephone = string.format("1990%07d", math.random(0, 999999))
    return wrk.format(method, nil, headers, (body:gsub("%%d", mark):gsub("%%p", telephone)))
  end
end

-- A file of addresses, one a line: asked for in turn.
local paths = {}
if os.getenv("PATHS") then
  for line in io.lines(os.getenv("PATHS")) do paths[#paths + 1] = line end
  function request()
    counter = counter + 1
    return wrk.format(nil, paths[(counter - 1) % #paths + 1])
  end
end

-- Threads share nothing with `done`: refusals are counted by wrk itself.
function done(summary, latency, _)
  local e = summary.errors
  io.write(string.format(
    'FIGURES {"requests": %d, "seconds": %f, "errors": %d, "p50": %f, "p95": %f, "p99": %f}\n',
    summary.requests, summary.duration / 1e6, e.connect + e.read + e.write + e.status + e.timeout,
    latency:percentile(50) / 1e3, latency:percentile(95) / 1e3, latency:percentile(99) / 1e3))
end
