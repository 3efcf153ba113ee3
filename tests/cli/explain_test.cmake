# From a run to the journey of one of its windows, by the binary alone.
include(${CMAKE_CURRENT_LIST_DIR}/expectations.cmake)

file(REMOVE_RECURSE ${SCRATCH})
file(MAKE_DIRECTORY ${SCRATCH})
expect_code(0 run ${SCENARIO} --seed 7 --out ${SCRATCH}/out)
if(EXISTS ${SCRATCH}/out/trace.pftrace)
  message(SEND_ERROR "a trace that nobody asked for")
endif()
file(READ ${SCRATCH}/out/result.json result)
string(JSON id GET "${result}" windows 0 id)
string(JSON observer GET "${result}" windows 0 observer)

# A trace stands beside the result, and is the same when made again.
expect_code(0 run ${SCENARIO} --seed 7 --trace --out ${SCRATCH}/traced)
expect_code(0 run ${SCENARIO} --seed 7 --threads 2 --trace --out ${SCRATCH}/again)
file(SIZE ${SCRATCH}/traced/trace.pftrace size)
foreach(file result.json trace.pftrace)
  execute_process(COMMAND ${CMAKE_COMMAND} -E compare_files ${SCRATCH}/traced/${file} ${SCRATCH}/again/${file}
                  RESULT_VARIABLE differ)
  if(differ OR size LESS 1000)
    message(SEND_ERROR "${file} differs, or is all but empty")
  endif()
endforeach()

# A stretch of the journal goes to stdout alone, and finds what the result names.
string(REGEX REPLACE "^7/dc/" "" number ${id})
string(JSON start GET "${result}" windows 0 start_ns)
math(EXPR second "${start} / 1000000000")
math(EXPR next "${second} + 1")
expect_code(0 run ${SCENARIO} --seed 7 --journal ${second}s..${next}s)
expect_text("${out}" " \"dc\" ${number} change_acknowledged cause=\"dc\"/")
if(EXISTS ${SCRATCH}/parallax-out OR NOT err STREQUAL "")
  message(SEND_ERROR "a journal that is printed is all there is:\n${err}")
endif()

# A folder and its file say the same; what is not asked for otherwise does not run.
expect_code(0 explain out ${id})
expect_text("${out}" "${id}: token revoked, token ")
expect_text("${out}" "the change is obeyed")
set(of_folder "${out}")
expect_code(0 explain out/result.json ${id})
if(NOT out STREQUAL of_folder)
  message(SEND_ERROR "a folder and its result differ:\n${of_folder}${out}")
endif()

# The seed again is the seed again: a value that changes nothing, by its fingerprint and stage by stage.
expect_code(0 explain out ${id} --observer ${observer} --what-if seeds=2)
expect_text("${out}" "What if seeds=2")
expect_text("${out}" "same")
if(NOT out MATCHES "window +[0-9a-z ]+ +0 s\n" OR NOT out MATCHES "windows +[0-9]+ +[0-9]+ +\\+0\n")
  message(SEND_ERROR "seeds=2 changes something:\n${out}")
endif()
expect_code(0 explain out ${id} --what-if "sites[dc].gateway.token_cache.ttl=5s")
expect_text("${out}" "- token-cache TTL")

# What cannot be, with what could.
expect_code(2 explain out 7/dc/1)
expect_text("${err}" "out:1:1: found the id \"7/dc/1\", expected that of a window that the result lists")
expect_text("${err}" "nearest: 7/dc/")
expect_code(2 explain out 8/dc/1 --what-if seeds=2)
expect_text("${err}" "with a seed that was run (7)")
expect_code(2 explain out 7/dc/1 --what-if seeds=2)
expect_text("${err}" "expected that of a window of its run")
expect_code(2 explain out ${id} --observer dc/z)
expect_text("${err}" "--observer dc/z:1:1: found no window of this change there")
expect_code(2 explain out ${id} --what-if duratoin=5m)
expect_text("${err}" [[--what-if duratoin: unknown field "duratoin" in Scenario; did you mean "duration"?]])
expect_code(2 explain out ${id} --what-if duration=5)
expect_text("${err}" "has no unit")

# A run that a limit ended is played that far again.
expect_code(4 run ${SCENARIO} --seed 7 --max-events 60000 --out ${SCRATCH}/limited)
file(READ ${SCRATCH}/limited/result.json result)
string(JSON id GET "${result}" windows 0 id)
expect_code(0 explain limited ${id} --what-if seeds=2)

# Another engine's result is no ground to stand on; one of ours that does not come again is our mistake.
string(JSON fingerprint GET "${result}" runs 0 fingerprint)
string(REPLACE "${fingerprint}" "00000000000000000000000000000000" forged "${result}")
file(WRITE ${SCRATCH}/forged.json "${forged}")
expect_code(3 explain forged.json ${id} --what-if seeds=2)
expect_text("${err}" "engine fault: seed 7 again has the fingerprint ${fingerprint}")
expect_text("${err}" "parallax explain forged.json ${id} --what-if seeds=2")
string(JSON version GET "${result}" version)
string(REPLACE "\"version\": \"${version}\"" "\"version\": \"0.0.0\"" foreign "${forged}")
file(WRITE ${SCRATCH}/foreign.json "${foreign}")
expect_code(2 explain foreign.json ${id} --what-if seeds=2)
expect_text("${err}" "it is of version \"0.0.0\", expected ${version}")

# Before anything runs: 60 s of age, 30 s of sweep and 1 ms under way.
expect_code(0 bounds ${SCENARIO} --dependencies)
expect_text("${out}" "1 min 30 s")
expect_text("${out}" "token-cache TTL")
expect_text("${out}" "What there is only one of")
expect_code(0 bounds ${SCENARIO} --set "sites[dc].gateway.token_cache.ttl=10s")
expect_text("${out}" "40 s")
expect_code(2 bounds ${SCENARIO} --set nonsense=1)

file(REMOVE_RECURSE ${SCRATCH})
