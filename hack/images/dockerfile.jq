# The image configuration that the last stage of a Dockerfile describes: jq -nR --arg version … -f dockerfile.jq Dockerfile
# One instruction a line, each of a kind that is known here; anything else is an error, not a difference between two images.
def pair: capture("^(?<name>[^= ]+)=(?<value>[^ ]*)$") // error("expected NAME=value, found: \(.)");

reduce (inputs | capture("^(?<verb>[A-Z]+) (?<rest>.*)$")) as $line (null;
    ($line.rest | gsub("\\$\\{VERSION\\}"; $version)) as $rest |
    if $line.verb == "FROM" then {}
    elif . == null then .   # the arguments before the first stage
    elif ($line.verb | IN("ARG", "COPY")) then .
    elif $line.verb == "RUN" then . + {Ran: true}
    elif $line.verb == "USER" then . + {User: $rest}
    elif $line.verb == "WORKDIR" then . + {WorkingDir: $rest}
    elif $line.verb == "EXPOSE" then .ExposedPorts[$rest] = {}
    elif $line.verb == "ENTRYPOINT" then . + {Entrypoint: ($rest | fromjson)}
    elif $line.verb == "ENV" then ($rest | pair) as $p | .Env += ["\($p.name)=\($p.value)"]
    elif $line.verb == "LABEL" then ($rest | pair) as $p | .Labels[$p.name] = $p.value
    else error("the daemon-less build does not know \($line.verb)") end)
| if .Ran then error("the last stage runs a program, which the daemon-less build cannot") else . end
