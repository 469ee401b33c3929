wrk.method = "POST"
wrk.body = '{"model":"gpt-4","prompt":"' .. string.rep("x", 470) .. '"}'
wrk.headers["content-type"] = "application/json"
