-- One flower, as a client would send it. Anything but 200 is counted by wrk.
wrk.method = "POST"
wrk.body = '{"data":[5.9,3.2,4.8,1.8]}'
wrk.headers["Content-Type"] = "application/json"
